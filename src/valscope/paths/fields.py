"""Two preparations: the stages that change something on these files, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.nouns.path_difference import PathStage
from valscope.nouns.preparation import Preparation
from valscope.paths.tensors import Floats, gap, tolerance
from valscope.paths.ways import prepared
from valscope.paths.words import differing, in_words, taken_over


@dataclass(frozen=True, slots=True)
class Replayed:
    """The stages that matter, and the settings that differ without any effect on these files."""

    stages: tuple[PathStage, ...]
    idle: tuple[str, ...]


def tensors_of(preparation: Preparation, files: Sequence[str]) -> list[Floats]:
    """What a preparation gives for each file."""
    way = prepared(preparation)
    return [way(file).values for file in files]


def replay(first: Preparation, second: Preparation, files: Sequence[str]) -> Replayed:
    """Change the first preparation into the second stage by stage, in the order of the way, and see which changes
    the tensors."""
    now, tensors = first, tensors_of(first, files)
    stages: list[PathStage] = []
    idle: list[str] = []
    for stage in differing(first, second):
        then = taken_over(stage, now, second)
        after = tensors_of(then, files)
        within = min(tolerance(tensors), tolerance(after))
        apart = gap(tensors, after, files, within)
        words = in_words(stage, now), in_words(stage, then)
        if apart is None or apart.most > within:
            stages.append(PathStage(stage, *words, apart))
        else:
            idle.append(f"{stage} differs ({words[0]}; {words[1]}) without any effect on these files.")
        now, tensors = then, after
    return Replayed(tuple(stages), tuple(idle))
