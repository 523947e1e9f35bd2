"""What times this program under load, as it grows, and as it starts."""
