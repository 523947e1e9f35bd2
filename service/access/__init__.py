"""Who may ask, what they may send, and what is theirs to change."""
