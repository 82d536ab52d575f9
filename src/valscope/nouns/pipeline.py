"""How a trained network is used: from the bytes of a file to a class. A fault of use is a pure edit of this value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from valscope.nouns.preparation import Preparation

Mode = Literal["moving", "batch", "dropout"]
Rule = Literal["argmax", "argmin", "threshold", "equals", "truncated"]


@dataclass(frozen=True, slots=True)
class Decision:
    """How outputs become a class number.

    rule      "argmax" over the outputs; for one score: "threshold" (score >= value is class 1), "equals" (only a
              score that is exactly `value` is class 1), "truncated" (the fraction is cut off: int(score)).
    value     what a score is compared with.
    column    the output that is compared where there are several, None for the only one and for argmax.
    inverted  class 0 and class 1 change places.
    """

    rule: Rule = "argmax"
    value: float = 0.5
    column: int | None = None
    inverted: bool = False


@dataclass(frozen=True, slots=True)
class Pipeline:
    """One way of using a trained network.

    preparation  file bytes to the network's input.
    mode         "moving" uses BatchNorm's stored statistics (inference), "batch" those of each batch,
                 "dropout" leaves dropout and other noise on.
    decision     outputs to a class number.
    order        class number that each output stands for, None for 0, 1, 2, ...
    aligned      False where predictions and labels come from two passes in different orders.
    checkpoint   file of the weights, "" for the model as given.
    """

    preparation: Preparation | None
    mode: Mode = "moving"
    decision: Decision = Decision()
    order: tuple[int, ...] | None = None
    aligned: bool = True
    checkpoint: str = ""

    def but(self, **changes: Any) -> Pipeline:
        """The same pipeline with some fields changed."""
        return replace(self, **changes)
