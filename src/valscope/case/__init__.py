"""Everything that is known about one training, each fact computed when it is asked for.

What was given is told apart by its content and read by `valscope.evidence`; a fact that is not known is empty,
or `NotMeasured` with what would settle it. Nothing here judges.
"""

from __future__ import annotations

from valscope.case.case import Case, open_case

__all__ = ["Case", "open_case"]
