"""Learning Equality: channels of Kolibri, and the files of the competition."""
