"""The line of code behind a step, and what to write instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from valscope.nouns.fact import Source
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Axis, Fall, Waterfall
from valscope.nouns.served import ServedModel
from valscope.reconciling.code import code_for
from valscope.reconciling.edits import edited

# Ends of the names under which lines are noted, the most telling first. "preparation" is the line that reads a file.
NAMES: dict[Axis, tuple[str, ...]] = {
    "scale": ("scale",), "channel order": ("preparation",), "colour": ("preparation",), "EXIF": ("preparation",),
    "alpha": ("preparation",), "resize": ("resize", "preparation"), "geometry": ("resize",), "axes": ("resize",),
    "mode": ("mode",), "checkpoint": ("checkpoint",), "decision": ("decision",), "class order": ("order",),
    "alignment": ("aligned",),
}  # fmt: skip


def with_lines(
    found: Waterfall, reference: Pipeline, said: Sequence[tuple[str, Source]], model: ServedModel,
    classes: Sequence[str],
) -> Waterfall:  # fmt: skip
    """The waterfall with the code line of each step and the line that mends it: the user's own, edited, where it can be."""
    return replace(found, falls=tuple(_with_line(f, reference, said, model, classes) for f in found.falls))


def _with_line(
    fall: Fall, reference: Pipeline, said: Sequence[tuple[str, Source]], model: ServedModel, classes: Sequence[str]
) -> Fall:  # fmt: skip
    axis = fall.step.axis
    used, trained = _line(axis, said, served=True), _line(axis, said, served=False)
    change = edited(axis, used.quote, reference, classes) if used is not None else ""
    change = change or code_for(axis, reference, model, classes)
    return replace(fall, line=used, trained_line=trained, change=change)


def _line(axis: Axis, said: Sequence[tuple[str, Source]], served: bool) -> Source | None:
    """The line of use or of training that sets an axis."""
    side = [(field, source) for field, source in said if field.startswith("served") == served]
    return next((s for name in NAMES[axis] for field, s in side if field.split(".")[-1] == name), None)
