"""What a model reaches on a dataset's questions, and whether it may take another's place."""
