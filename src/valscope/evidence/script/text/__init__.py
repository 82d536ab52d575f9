"""Code as people paste it, to one syntax tree."""
