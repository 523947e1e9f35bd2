"""How well the next resource of a learner is told."""
