"""The training of a case, from whatever tells most about it: a recipe, a saved model, code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from valscope.case.rebuild.coded import from_code
from valscope.case.rebuild.exact import exact
from valscope.case.rebuild.notes import Unknown
from valscope.case.rebuild.saved import from_saved
from valscope.errors import ValscopeError
from valscope.nouns.fact import NotMeasured
from valscope.nouns.training import Training

if TYPE_CHECKING:
    from valscope.case.case import Case


def rebuilt_training(case: Case) -> Training | NotMeasured:
    """The user's training, ready to be repeated; NotMeasured says which one thing is missing."""
    try:
        return exact(case) or _saved_or_coded(case)
    except Unknown as unknown:
        return unknown.fact
    except ValscopeError as error:
        return NotMeasured(str(error).rstrip("."), "a file that can be read")


def _saved_or_coded(case: Case) -> Training:
    """A saved model tells its network exactly; where it cannot be started as it was, code may."""
    try:
        found = from_saved(case)
    except Unknown as unknown:
        if not case.scripts:
            raise
        try:
            return from_code(case)
        except Unknown:
            raise unknown from None
    return found or from_code(case)
