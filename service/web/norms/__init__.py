"""What profiles ask of resources and of the platform, and what came of it."""
