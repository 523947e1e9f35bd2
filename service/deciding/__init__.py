"""What curators, learners and other programs say, and how it is kept."""
