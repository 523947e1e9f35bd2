"""Frameworks, outcomes and resources, to be walked and searched by whoever learns or teaches."""
