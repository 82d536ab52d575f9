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
        return exact(case) or from_saved(case) or from_code(case)
    except Unknown as unknown:
        return unknown.fact
    except ValscopeError as error:
        return NotMeasured(str(error).rstrip("."), "a file that can be read")
