"""What is asked of a running service, whether by a program or on a page."""
