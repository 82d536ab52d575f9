"""What numbers, recipes and their settings are called in words, for findings and for pages. Sees nouns only.

plain     numbers, shares, durations and names
recipe    a recipe, term by term
setting   what each setting and each of its values is called
change    what a remedy changes
history   rows of a training history
"""
