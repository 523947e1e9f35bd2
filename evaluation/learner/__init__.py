"""How well learners' answers are foretold."""
