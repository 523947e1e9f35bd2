"""The backends of an encoder side by side: how fast, how near to torch, and what that loses."""
