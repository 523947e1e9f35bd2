"""Every version made here, which of them serves, and the gate before it."""
