"""One framework's candidates to scores and confidences: the same in training and in serving."""
