"""What a text or a resource teaches: suggestions as a page, decisions back."""
