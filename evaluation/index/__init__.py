"""How well, how fast and in how much memory many vectors are searched."""
