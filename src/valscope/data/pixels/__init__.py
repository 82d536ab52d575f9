"""From the bytes of an image file to the tensor of a network: the two halves of a `Preparation`."""
