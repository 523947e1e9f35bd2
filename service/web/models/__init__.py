"""The room of data scientists: how good the model is, for whom, and which one serves."""
