"""What every request passes through, and what every error becomes."""
