"""The settings of a pipeline that can differ, one axis each: its value, the edit that sets it, its words."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any

from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.reconciliation import Axis, Step
from valscope.paths.words import GEOMETRY, KERNELS, WORDS
from valscope.paths.words import SCALES as SCALES

# Fields of a preparation behind an axis. The order is that of the way from file to class.
_FIELDS: dict[Axis, tuple[str, ...]] = {
    "EXIF": ("exif",),
    "alpha": ("alpha",),
    "colour": ("colour",),
    "geometry": ("geometry",),
    "resize": ("kernel", "antialias"),
    "axes": ("axes",),
    "channel order": ("order",),
    "scale": ("scale",),
}
_OF_PIPELINE: dict[Axis, str] = {
    "checkpoint": "checkpoint",
    "mode": "mode",
    "decision": "decision",
    "class order": "order",
    "alignment": "aligned",
}
NAMED = 10  # classes of an order that are named
AXES: tuple[Axis, ...] = (*_FIELDS, *_OF_PIPELINE)
INPUT: tuple[Axis, ...] = (*_FIELDS, "checkpoint", "mode")
FREE: tuple[Axis, ...] = ("decision", "class order", "alignment")

_WORDS: dict[Axis, dict[Any, str]] = {
    "scale": SCALES,
    "EXIF": WORDS["EXIF orientation"],
    "alpha": WORDS["alpha"],
    "colour": WORDS["colour"],
    "geometry": GEOMETRY,
    "axes": WORDS["axes"],
    "channel order": WORDS["channel order"],
    "mode": {"moving": "inference mode", "batch": "batch statistics (training=True)", "dropout": "dropout left on"},
    "alignment": {True: "labels in the order of the predictions", False: "labels in another order (shuffled feed)"},
}  # fmt: skip


def value_of(axis: Axis, pipeline: Pipeline) -> Any:
    """The setting of an axis: a plain value, or a tuple of two for "resize"."""
    if axis not in _FIELDS:
        return getattr(pipeline, _OF_PIPELINE[axis])
    values = tuple(getattr(pipeline.preparation, field) for field in _FIELDS[axis])
    return values if len(values) > 1 else values[0]


def with_value(axis: Axis, value: Any, pipeline: Pipeline) -> Pipeline:
    """The same pipeline with another setting of one axis."""
    if axis not in _FIELDS:
        return pipeline.but(**{_OF_PIPELINE[axis]: value})
    fields = _FIELDS[axis]
    given = value if len(fields) > 1 else (value,)
    assert pipeline.preparation is not None
    return pipeline.but(preparation=pipeline.preparation.but(**dict(zip(fields, given, strict=True))))


def input_key(pipeline: Pipeline) -> Hashable:
    """What decides the outputs; pipelines with the same key differ only in what is done with them."""
    p = pipeline.preparation
    assert p is not None
    return (p.pixels_key(), p.scale, p.order if p.channels == 3 else "", pipeline.mode, pipeline.checkpoint)


def differing(first: Pipeline, second: Pipeline) -> tuple[Axis, ...]:
    """Axes in which two pipelines differ, in the order of the way from file to class."""
    return tuple(axis for axis in AXES if value_of(axis, first) != value_of(axis, second))


def steps(first: Pipeline, second: Pipeline, classes: Sequence[str] = ()) -> tuple[Step, ...]:
    """The differences in words; classes by their names where these are given."""
    return tuple(
        Step(axis, words(axis, value_of(axis, first), classes), words(axis, value_of(axis, second), classes))
        for axis in differing(first, second)
    )


def described(pipeline: Pipeline, classes: Sequence[str] = ()) -> tuple[tuple[Axis, str], ...]:
    """Every setting in words; of the weights and of what nobody would ask about only where it is not the usual one."""
    silent = {"checkpoint": "", "alignment": True, "axes": "kept"}
    shown = (
        (axis, value_of(axis, pipeline)) for axis in AXES if axis != "channel order" or _coloured(pipeline)
    )
    return tuple(
        (axis, words(axis, value, classes))
        for axis, value in shown
        if axis not in silent or value != silent[axis]
    )


def _coloured(pipeline: Pipeline) -> bool:
    return pipeline.preparation is not None and pipeline.preparation.channels == 3


def words(axis: Axis, value: Any, classes: Sequence[str] = ()) -> str:
    """A setting in plain words."""
    if axis == "resize":
        return KERNELS[value]
    if axis == "decision":
        return decision_words(value)
    if axis == "class order":
        return _order_words(value, classes)
    if axis == "checkpoint":
        return f"weights of {Path(value).name}" if value else "the weights given"
    return _WORDS[axis][value]


def _order_words(order: tuple[int, ...] | None, classes: Sequence[str]) -> str:
    if order is None:
        return "outputs in the order of the classes"
    if order == tuple(reversed(range(len(order)))):
        return "classes exchanged" if len(order) == 2 else "outputs in the reverse order of the classes"
    shown = [_class_words(number, classes) for number in order[:NAMED]]
    return f"outputs stand for {', '.join(shown)}{', ...' if len(order) > NAMED else ''}"


def _class_words(number: int, classes: Sequence[str]) -> str:
    if number < 0:
        return "no class"
    return repr(classes[number]) if number < len(classes) else f"class {number}"


def decision_words(decision: Decision) -> str:
    """A decision as code says it."""
    column = "" if decision.column is None else f" of output {decision.column}"
    text = {
        "argmax": "argmax", "argmin": "argmin", "threshold": f"score{column} >= {decision.value:g}",
        "equals": f"score{column} == {decision.value:g}", "truncated": f"int(score{column})",
    }[decision.rule]  # fmt: skip
    return f"{text}, classes exchanged" if decision.inverted else text
