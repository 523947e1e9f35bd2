"""What is published: a catalogue's index, what it says of itself, and how it is opened."""
