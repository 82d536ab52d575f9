"""The ways that scripts describe. They are read, not run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from valscope.case import open_case
from valscope.case.rebuild import Ways, pipelines_from_script
from valscope.errors import UsageError
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation

if TYPE_CHECKING:
    from valscope.paths.ways import Given, Role, Way


def of_script(path: Path, role: Role, other: Given) -> Way:
    """The way of training images, or of those at prediction, in a script.

    other  the opposite side: another script completes what this one leaves open, a preparation tells the size.
    Raises UsageError where the code does not show it.
    """
    from valscope.paths.ways import Way, prepared

    beside = [other] if isinstance(other, str | os.PathLike) and Path(other).is_file() else []
    files = [str(path)] if role == "train" else [*map(str, beside), str(path)]
    known = _preparation(other)
    size = (known.height, known.width) if known is not None else None
    scripts = open_case(tuple(dict.fromkeys(files))).scripts
    ways = pipelines_from_script(scripts, size, known.channels if known is not None else None)
    if not isinstance(ways, Ways):
        raise UsageError(f"{path} shows no way of images to a network: {ways.reason}; {ways.would_settle}.")
    pipeline = _of_role(ways, role)
    if pipeline is None or pipeline.preparation is None:
        use = "predicts" if role == "serve" else "trains"
        raise UsageError(
            f"{path} does not show how an image is prepared where it {use}; give a function instead."
        )
    made = prepared(pipeline.preparation, str(path))
    said = tuple((field, source) for field, source in ways.said if _belongs(field, role))
    return Way(made.name, made.ask, made.preparation, said, ways.assumed)


def _of_role(ways: Ways, role: Role) -> Pipeline | None:
    return ways.trained if role == "train" else ways.served


def _belongs(field: str, role: Role) -> bool:
    used = "served" in field or "predict" in field
    return used if role == "serve" else not used


def _preparation(other: Given) -> Preparation | None:
    if isinstance(other, Preparation):
        return other
    if isinstance(other, Pipeline):
        return other.preparation
    if isinstance(other, str | os.PathLike) and (Path(other) / "run.json").is_file():
        from valscope.run import Run

        return Run(other).recipe.preparation
    return None
