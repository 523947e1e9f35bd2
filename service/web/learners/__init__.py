"""Learners and their teachers: next steps with reasons, goals, what is known."""
