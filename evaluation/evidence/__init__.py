"""A public report of what platforms hold and what becomes of it, which anybody can recompute."""
