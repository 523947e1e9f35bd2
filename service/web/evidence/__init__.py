"""The public report: what platforms hold, and what becomes of it."""
