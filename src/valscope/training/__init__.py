"""The training loop: feeding, checkpoints, the rate, the choice of a recipe. Engine-neutral."""
