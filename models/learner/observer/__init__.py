"""What a learner knows and how they learn, told from their answers without any fitting."""
