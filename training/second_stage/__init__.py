"""How the ranker and the confidence are fitted, on lists that the encoder did not learn from."""
