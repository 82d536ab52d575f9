"""Which pipeline gives which accuracy, and where the points are lost."""

from __future__ import annotations

from valscope.reconciling.whole import reconcile

__all__ = ["reconcile"]
