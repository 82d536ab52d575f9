"""Illnesses to look at: the world that each rule brings, and five whole cases, diagnosed like a user's own files.

`cases/` holds one module a case with `sick()` and `healthy()`; being there is enough, as with rules.
"""
