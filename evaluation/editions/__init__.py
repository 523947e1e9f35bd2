"""How well it is told what became of outcomes, on editions that were made up."""
