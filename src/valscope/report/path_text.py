"""Two ways to a network's input, compared, as plain lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from valscope.nouns.path_difference import PathDifference, PathSide, PathStage
from valscope.words.plain import clean, number

WIDTH = 100
MOST_QUOTE = 88


def path_lines(found: PathDifference, width: int = WIDTH) -> list[str]:
    """The verdict, the stages in the order of the way with what each changes, both sides, and what was not tested."""
    lines = [*_wrapped(f"{found.verdict}  {clean(found.sentence)}", width, "  "), ""]
    for stage in found.stages:
        lines += _stage(stage, width)
    if found.stages:
        lines.append("")
    if found.stages and not found.explained:
        lines += [*_wrapped(unexplained(found), width, ""), ""]
    lines += [
        line for side in (found.first, found.second) for line in _wrapped(side_words(side), width, "  ")
    ]
    said = [*found.notes, *found.untested]
    return [
        *lines,
        *([""] if said else []),
        *(line for s in said for line in _wrapped(clean(s), width, "  ")),
    ]


def side_words(side: PathSide) -> str:
    """One way in a sentence."""
    shape = " x ".join(map(str, side.shape))
    text = f"{clean(side.name)}: {shape} {side.dtype}, {number(side.low)} to {number(side.high)}"
    return text + (f"; {settings(side)}" if side.preparation is not None else "")


def settings(side: PathSide) -> str:
    """The preparation of a side in a few words."""
    p = side.preparation
    if p is None:
        return "no known preparation"
    kernel = f"{p.kernel} {'with' if p.antialias else 'without'} antialias"
    colours = "grey" if p.channels == 1 else p.order.upper()
    exif = "EXIF applied" if p.exif else "EXIF ignored"
    text = f"{colours}, {kernel}, {p.geometry}, scale {p.scale}, {exif}"
    return f"recognised as {text}" if side.recognised else text


def unexplained(found: PathDifference) -> str:
    """What the stages leave."""
    if found.left is None:
        return "The stages do not account for all of the difference."
    return (
        f"The stages do not account for all of it: up to {number(found.left.most)} is left "
        f"(mean {number(found.left.mean)})."
    )


def _stage(stage: PathStage, width: int) -> Iterator[str]:
    gap = stage.gap
    apart = "the shape" if gap is None else f"max |diff| {number(gap.most)}, mean {number(gap.mean)}"
    yield f"  {stage.stage:<18}{apart}"
    yield from textwrap.wrap(
        f"{clean(stage.first)}  ->  {clean(stage.second)}",
        width,
        initial_indent=" " * 6,
        subsequent_indent=" " * 8,
    )
    if stage.line is not None:
        where = stage.line.file if stage.line.line is None else f"{stage.line.file}:{stage.line.line}"
        yield clean(f"      code  {where}  {' '.join(stage.line.quote.split())[:MOST_QUOTE]}".rstrip())


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
