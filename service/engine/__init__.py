"""The index, the model and what is known of learners, kept at hand while the service runs."""
