"""Long work on several processes or machines: what is done there, and how it comes back."""
