"""The room of administrators: sources, jobs, the trail of what was done, keys."""
