"""How well it is told that nothing fits."""
