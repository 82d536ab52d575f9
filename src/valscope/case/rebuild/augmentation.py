"""Random changes of training images, in the units of a recipe."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from valscope.case.rebuild.notes import Notes
from valscope.case.rebuild.written import arguments
from valscope.nouns.network import Layer
from valscope.nouns.recipe import Augmentation
from valscope.nouns.script import Step

TURN = 360  # degrees: ImageDataGenerator turns by up to so many, a recipe by a fraction of a full turn


def from_steps(steps: Sequence[Step], side: int, notes: Notes) -> Augmentation:
    """Of a generator's arguments or a mapped function; `side` is the width of the images in pixels."""
    found, left = Augmentation(), []
    for step in steps:
        after = _step(found, step, side)
        if after is None:
            left.append(step.name.rpartition(".")[2])
        else:
            found = after
            notes.at("augmentation", step.source)
    if left:
        notes.assume(
            f"These random changes of training images are left out: {', '.join(dict.fromkeys(left))}."
        )
    return found


def from_layers(layers: Sequence[Layer], notes: Notes) -> Augmentation:
    """Of random layers at the beginning of a network."""
    found, left = Augmentation(), []
    for layer in layers:
        given, named = arguments(layer)
        after = _layer(found, layer.kind, given, named)
        if after is None:
            left.append(layer.kind)
        else:
            found = after
            notes.at("augmentation", layer.source)
    if left:
        notes.assume(
            f"These random changes of training images are left out: {', '.join(dict.fromkeys(left))}."
        )
    return found


def _step(found: Augmentation, step: Step, side: int) -> Augmentation | None:
    name, value = step.name.rpartition(".")[2], _value(step.value)
    size = _reach(value)
    if name in ("horizontal_flip", "fliplr", "random_flip_left_right", "flip_left_right"):
        return replace(found, flip_horizontal=True)
    if name in ("vertical_flip", "flipud", "random_flip_up_down", "flip_up_down"):
        return replace(found, flip_vertical=True)
    if name.startswith("Random"):
        kind, given, named = _call(step.value, name)
        return _layer(found, kind, given, named)
    if size is None:
        return None
    if name == "rotation_range":
        return replace(found, rotate=_round(min(size, 180.0) / TURN))
    if name in ("width_shift_range", "height_shift_range"):
        return replace(found, shift=max(found.shift, _round(size if size < 1 else size / max(1, side))))
    if name == "zoom_range":
        return replace(found, zoom=_around_one(value, size))
    if name == "brightness_range":
        return replace(found, brightness=_around_one(value, size))
    return None


def _layer(found: Augmentation, kind: str, given: list[Any], named: dict[str, Any]) -> Augmentation | None:
    """A Keras layer: its factors are in the units of a recipe already."""
    if kind == "RandomFlip":
        mode = str((given or [named.get("mode")])[0] or "horizontal_and_vertical")
        across, upright = "horizontal" in mode, "vertical" in mode
        return replace(
            found,
            flip_horizontal=found.flip_horizontal or across,
            flip_vertical=found.flip_vertical or upright,
        )
    words = {"RandomTranslation": ("height_factor", "width_factor"), "RandomZoom": ("height_factor",)}
    value = (
        given[0] if given else next((named[w] for w in (*words.get(kind, ()), "factor") if w in named), None)
    )
    size = _reach(value)
    fields = {"RandomRotation": "rotate", "RandomTranslation": "shift", "RandomZoom": "zoom",
              "RandomBrightness": "brightness", "RandomContrast": "contrast"}  # fmt: skip
    if size is None or kind not in fields:
        return None
    changes: dict[str, Any] = {fields[kind]: _round(size)}
    return replace(found, **changes)


def _value(text: str) -> Any:
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return None


def _reach(value: Any) -> float | None:
    """The largest distance of a number or a pair of numbers from zero."""
    if isinstance(value, list | tuple) and value and all(isinstance(v, int | float) for v in value):
        return max(abs(float(v)) for v in value)
    return abs(float(value)) if isinstance(value, int | float) else None


def _around_one(value: Any, size: float) -> float:
    """A range of factors such as [0.8, 1.2], as the distance from 1."""
    if isinstance(value, list | tuple):
        return _round(min(0.99, max(abs(float(v) - 1) for v in value)))
    return _round(min(size, 0.99))


def _call(text: str, name: str) -> tuple[str, list[Any], dict[str, Any]]:
    layer = Layer(name)
    from valscope.nouns.fact import Source

    given, named = arguments(layer.but(source=Source("", None, text)))
    return name, given, named


def _round(value: float) -> float:
    return float(f"{value:.4g}")
