"""How results and findings show themselves: terminal, one HTML file, notebook. Sees nouns only.

Nothing here is imported until something is to be shown; Jinja2 and rich are imported by the functions that
need them.
"""
