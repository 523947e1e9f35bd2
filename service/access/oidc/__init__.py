"""People who are known to a provider of identities, by OpenID Connect; loaded where one is set."""
