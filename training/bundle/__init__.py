"""All that is learned of a dataset, sealed as one bundle with its card."""
