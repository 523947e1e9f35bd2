"""Numbers that every protocol shares: measures, their intervals, and gaps between groups."""
