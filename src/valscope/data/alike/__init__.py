"""Pictures that are the same picture: duplicates, turns, and whether flips keep labels."""
