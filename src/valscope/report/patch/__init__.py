"""A suggested patch of the user's own code: the literal on the line that was read, edited as the remedy says."""

from valscope.report.patch.suggest import suggest_patch

__all__ = ["suggest_patch"]
