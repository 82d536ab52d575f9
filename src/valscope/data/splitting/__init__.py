"""Which items train, choose the epoch and are only scored; groups stay on one side."""
