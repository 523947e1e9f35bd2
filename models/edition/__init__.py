"""What became of a framework's outcomes in another edition of it, and what is carried over."""
