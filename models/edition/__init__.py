"""What became of a framework's outcomes in another edition of it. Knows no catalogue."""
