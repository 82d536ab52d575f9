"""Items by number, decoded once: the reader and its cache."""
