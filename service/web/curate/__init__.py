"""The curators' room: a queue of resources to decide on, one key a decision."""
