"""What workers are worth."""
