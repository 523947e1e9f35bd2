"""Released sets of models: what is in one, which one a name means, which one serves."""
