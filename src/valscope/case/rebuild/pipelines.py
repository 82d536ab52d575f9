"""The two ways in which a script uses its network, as pipelines: with its training images and when it predicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.nouns.fact import NotMeasured, Source
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import ScriptFacts


@dataclass(frozen=True, slots=True)
class Ways:
    """How images are prepared and outputs decided.

    trained   in training and validation.
    served    in prediction, None where no code shows it.
    classes   class names in the order of the outputs as the code has them for prediction, () when unknown.
    assumed, said   as in `valscope.nouns.training.Training`.
    """

    trained: Pipeline
    served: Pipeline | None = None
    classes: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    said: tuple[tuple[str, Source], ...] = ()


def pipelines_from_script(
    scripts: Sequence[ScriptFacts],
    size: tuple[int, int] | None = None,
    channels: int | None = None,
    classes: Sequence[str] = (),
) -> Ways | NotMeasured:
    """The pipelines that code shows, without a model.

    size, channels   of the network's input where they are known from elsewhere (a saved model, the data).
    classes          names in the order that training numbers them (sorted folders), () when unknown.
    """
    return NotMeasured("not rebuilt yet", "a later version")
