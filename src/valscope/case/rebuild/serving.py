"""A saved model with the two ways in which the user's code uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from valscope.nouns.fact import NotMeasured
from valscope.nouns.training import Serving

if TYPE_CHECKING:
    from valscope.case.case import Case


def rebuilt_serving(case: Case) -> Serving | NotMeasured:
    """The use of a saved model on labelled images; NotMeasured says what is missing."""
    return NotMeasured("not rebuilt yet", "a later version")
