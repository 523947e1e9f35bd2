"""What computes an encoder's vectors: torch, or the same model converted for a faster engine."""
