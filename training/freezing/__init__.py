"""What was decided in a catalogue → an immutable dataset to learn from."""
