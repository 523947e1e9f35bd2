"""What is kept of a workspace in another place, and the way back."""
