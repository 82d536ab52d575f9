"""The answer in one sentence, and the lines of code behind its stages."""

from __future__ import annotations

from dataclasses import replace

from valscope.nouns.fact import Source
from valscope.nouns.path_difference import Gap, PathDifference, PathStage, Stage
from valscope.paths.ways import Way
from valscope.paths.words import FIELDS


def sentence(found: PathDifference) -> str:
    """What was found, with its numbers."""
    files = "1 file" if found.n == 1 else f"{found.n} files"
    if found.equal:
        most = found.gap.most if found.gap is not None else 0.0
        rounding = "" if most == 0.0 else ", which is rounding"
        return f"Both ways give the network the same: max |diff| = {most:.3g} on {files}{rounding}."
    first = found.stages[0]
    names = (
        (found.first.name, found.second.name)
        if found.first.name != found.second.name
        else ("the first", "the second")
    )
    if first.stage == "unknown":
        head = f"The two ways differ, and no known edit leads from {names[0]} to {names[1]}"
    else:
        head = (
            f"The two ways part at {first.stage}: {names[0]} has {first.first}, {names[1]} has {first.second}"
        )
    more = [stage.stage for stage in found.stages[1:]]
    then = f"; then at {' and '.join(filter(None, (', '.join(more[:-1]), more[-1])))}" if more else ""
    return f"{head}{then}; {_numbers(found.gap)} ({files})."


def _numbers(gap: Gap | None) -> str:
    if gap is None:
        return "the shapes differ"
    return f"max |diff| = {gap.most:.3g} at {gap.file}, mean {gap.mean:.3g}, {gap.share:.0%} of all values"


def with_lines(stages: tuple[PathStage, ...], ways: tuple[Way, Way]) -> tuple[PathStage, ...]:
    """The stages with the line that sets them: that of the second way, which is to be mended, before the first's."""
    return tuple(replace(stage, line=_line(stage.stage, ways)) for stage in stages)


def _line(stage: Stage, ways: tuple[Way, Way]) -> Source | None:
    fields = tuple(
        f"preparation.{field}" for field in FIELDS.get(stage, ())
    )  # ".order" alone is also that of classes
    exact = [source for way in reversed(ways) for said, source in way.said if said.endswith(fields)]
    reading = [source for way in reversed(ways) for said, source in way.said if said.endswith("preparation")]
    return next(iter([*exact, *(reading if fields else [])]), None)
