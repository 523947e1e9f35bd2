"""What every protocol writes with: options, files, and pages that need no network."""
