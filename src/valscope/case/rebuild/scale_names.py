"""The names that a preparation has for what code does to pixel values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from valscope.evidence.script.way.families import FAMILY_OF_MODULE
from valscope.nouns.preparation import Scale
from valscope.nouns.script import ScaleName, Step

NAMED: tuple[Scale, ...] = get_args(Scale)
MODES = {"caffe": "caffe", "tf": "symmetric", "torch": "imagenet"}
# Several steps that together make one named scale, or two after one another.
BY_255 = (
    "255",
    "255.",
    "255.0",
    "1/255",
    "1./255",
    "1.0/255",
    "1/255.",
    "1./255.",
    "1 / 255",
    "1. / 255",
    "1.0 / 255",
)


def named(scale: ScaleName, steps: Sequence[Step]) -> Scale | None:
    """The scale's name in a preparation, also of bytes that are divided by 255 and then scaled once more; None
    where it has none."""
    if scale == "samplewise":
        return "image_std"
    if scale == "other":
        return _twice(steps)
    return next((name for name in NAMED if name == scale), None)


def _twice(steps: Sequence[Step]) -> Scale | None:
    """A division by 255 beside one other scaling, in either order: generators preprocess before they rescale, but
    what they differ by is small beside the fault."""
    each = [_one(step) for step in steps if step.kind == "scale"]
    if len(each) != 2 or "unit" not in each:
        return None
    other = each[1] if each[0] == "unit" else each[0]
    return next((name for name in NAMED if name == f"unit_{other}"), None)


def _one(step: Step) -> str:
    value = step.value.strip("() ")
    if value in BY_255:
        return "unit"
    return MODES[value] if value in MODES else str(FAMILY_OF_MODULE.get(value, ""))
