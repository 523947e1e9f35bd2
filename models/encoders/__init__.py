"""Names to encoders: what ships, folders, and what was learned on top; vectors are kept."""
