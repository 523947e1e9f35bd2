"""What is read of a labelled dataset, and the parting of one into seen and unseen subjects."""
