"""What another policy would have been worth, from the log."""
