"""The training and the use that a user reports, as values that can be run again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import NotMeasured, Source
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.recipe import Recipe
from valscope.nouns.result import Share


@dataclass(frozen=True, slots=True)
class Reported:
    """A number that the user saw.

    measure   "accuracy";  part  what it was measured on.
    value     as printed, 0..1;  n  items it was measured on, None when unknown;
    share     with its exact 95 % interval where n is known.
    curve     the value of every epoch, 0..1, this one last; () where only one number is known.
    """

    part: Literal["train", "val", "test", "predict"]
    value: float
    source: Source
    n: int | None = None
    share: Share | None = None
    measure: str = "accuracy"
    curve: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Training:
    """The user's own training, ready to be repeated.

    recipe     everything that decides it, as far as it is known.
    data       path of the images, table or arrays that it is tried on.
    engine     "keras", or "toy" for recipes of the NumPy network.
    origin     what it was rebuilt from: an exact recipe, a saved model, or code.
    assumed    what had to be assumed, one sentence each; empty for an exact recipe.
    reported   the numbers that a repetition must reproduce.
    said       where each setting stands: the field's name in the recipe ("optimiser.rate") and its line.
    stand_ins  settings whose value is not the user's own, as `said` names them, and why: nothing is known of theirs.
    """

    recipe: Recipe
    data: str
    engine: str = "keras"
    origin: Literal["recipe", "saved", "script"] = "recipe"
    assumed: tuple[str, ...] = ()
    reported: tuple[Reported, ...] = ()
    said: tuple[tuple[str, Source], ...] = ()
    stand_ins: tuple[tuple[str, NotMeasured], ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """A saved model and the two ways in which the user's code uses it.

    model     path of the saved model.
    data      path of labelled images.
    trained   the pipeline of training and validation.
    served    the pipeline of prediction, None where no code shows it; of validation where `use` says so.
    classes   names by number, to which the orders of both refer; () when unknown.
    """

    model: str
    data: str
    trained: Pipeline
    served: Pipeline | None = None
    classes: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    reported: tuple[Reported, ...] = ()
    said: tuple[tuple[str, Source], ...] = ()
    use: Literal["predict", "val"] = "predict"


def last(reported: Sequence[Reported], part: str) -> Reported | None:
    """The last accuracy that was reported of a part."""
    return next((r for r in reversed(reported) if r.part == part and r.measure == "accuracy"), None)
