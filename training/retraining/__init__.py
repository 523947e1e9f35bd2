"""From decisions to a registered version, step by step, resumable at each."""
