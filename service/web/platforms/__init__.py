"""The register: the platforms that share this gateway."""
