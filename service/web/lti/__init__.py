"""Pages inside other people's learning platforms: launches, and what each may see."""
