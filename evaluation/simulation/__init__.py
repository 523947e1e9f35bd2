"""Invented learners, and what they learn under each policy."""
