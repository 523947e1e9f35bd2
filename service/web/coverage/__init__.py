"""Where resources are missing: a framework by languages or kinds."""
