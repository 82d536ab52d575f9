"""The way of images from file to network."""
