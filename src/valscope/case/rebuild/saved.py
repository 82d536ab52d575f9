"""The training of a saved model, its layers started afresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from valscope.nouns.training import Training

if TYPE_CHECKING:
    from valscope.case.case import Case


def from_saved(case: Case) -> Training | None:
    """The training of the first saved model with an architecture; None without one."""
    return None
