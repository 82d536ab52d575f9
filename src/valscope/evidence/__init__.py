"""Readers of what a user has: they turn bytes into facts with their place, and never judge."""
