"""What each expression stands for: a graph of values that leads back to where each thing came from."""
