"""What learners did → a learner model."""
