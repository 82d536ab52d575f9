"""Facts, each with its line, from the graph of values."""
