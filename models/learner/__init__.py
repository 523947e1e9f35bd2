"""Models of learners: what they can do now, and what would help them next."""
