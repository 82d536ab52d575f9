"""What the code is for: it trains, it uses a trained network, or it shows only one of two ways that a rule compares."""

from __future__ import annotations

from collections.abc import Sequence

from valscope.nouns.saved import SavedModel
from valscope.nouns.script import InputPath, ScriptFacts


def training_code(scripts: Sequence[ScriptFacts]) -> tuple[ScriptFacts, ...]:
    """Code that trains or prepares it; a script that only loads a model and predicts says nothing of its training."""
    return tuple(s for s in scripts if _trains(s))


def _trains(script: ScriptFacts) -> bool:
    fed = any(feed.use == "train" for feed in script.feeds) or script.paths_for("train")
    return bool(script.fits or script.compiles or script.sequences or script.splits or script.torch or fed)


def prediction_code(scripts: Sequence[ScriptFacts]) -> tuple[ScriptFacts, ...]:
    """Code that asks a network for its answers."""
    return tuple(s for s in scripts if s.predictions or s.decisions or s.paths_for("predict"))


def ways(scripts: Sequence[ScriptFacts]) -> tuple[InputPath, ...]:
    """The ways of images into a network."""
    return tuple(path for s in scripts for path in s.paths)


def compared_ways(scripts: Sequence[ScriptFacts]) -> tuple[InputPath, ...]:
    """Those of training and of another use, where code shows both; empty where there is nothing to compare."""
    both = [s for s in scripts if s.paths_for("train") and any(p.use != "train" for p in s.paths)]
    return ways(both)


def whole_ways(scripts: Sequence[ScriptFacts], saved: Sequence[SavedModel]) -> tuple[InputPath, ...]:
    """Those of which it is known whether the network scales once more: it stands in the code or was given."""
    return tuple(path for path in ways(scripts) if path.inside != "unknown" or saved)
