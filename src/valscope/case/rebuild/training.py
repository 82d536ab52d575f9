"""The training of a case, from whatever tells most about it: a recipe, a saved model, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from valscope.nouns.fact import NotMeasured
from valscope.nouns.training import Training

if TYPE_CHECKING:
    from valscope.case.case import Case


def rebuilt_training(case: Case) -> Training | NotMeasured:
    """The user's training, ready to be repeated; NotMeasured says which one thing is missing."""
    return NotMeasured("not rebuilt yet", "a later version")
