"""We as a tool of learning platforms (LTI 1.3): who may launch us, and what we answer."""
