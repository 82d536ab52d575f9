"""Keras architectures as JSON text: what a recipe's `config` holds, and the edits that mend it.

The text is that of `keras.saving.serialize_keras_object(model)`: nested objects with "class_name" and "config",
networks with a list of layers. Every edit gives a new text; nothing is built, so no Keras is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

ACTIVATIONS = ("Activation", "Softmax", "ReLU")
WIDE = ("Dense",)
SCALING = (
    "Rescaling", "Normalization", "BatchNormalization", "LayerNormalization", "Lambda", "TFOpLambda", "TrueDivide",
    "Divide", "Multiply", "Subtract", "Add",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Output:
    """The end of a network: units of its last Dense layer and what is applied to them, None where not known."""

    units: int | None
    activation: str | None


def kinds(config: str) -> tuple[str, ...]:
    """Class names of all layers, those of nested networks in their place."""
    return tuple(str(layer.get("class_name")) for layer in _layers(_read(config)))


def scales_first(config: str) -> bool:
    """Whether arithmetic or a normalisation of the input stands before the first layer with kernels, as Keras writes
    `preprocess_input`, `x / 255` and Rescaling inside a network."""
    before = takewhile(lambda kind: "Conv" not in kind and kind != "Dense", kinds(config))
    return any(kind in SCALING for kind in before)


def networks(config: str) -> tuple[str, ...]:
    """Names of nested networks, and of the whole last."""
    whole = _read(config)
    nested = [layer for layer in _layers(whole) if _children(layer)]
    return tuple(str(_own(layer).get("name", "")) for layer in (*nested, whole))


def settings(config: str, kind: str, name: str) -> tuple[Any, ...]:
    """The value of one setting in each layer of a kind, None where it is not written."""
    return tuple(_own(layer).get(name) for layer in _layers(_read(config)) if layer.get("class_name") == kind)


def with_setting(config: str, kind: str, name: str, value: Any) -> str:
    """The same network with a setting changed in every layer of a kind."""

    def change(layer: dict[str, Any]) -> None:
        if layer.get("class_name") == kind:
            _own(layer)[name] = value

    return _edited(config, change)


def without(config: str, kind: str) -> str:
    """The same network in which every layer of a kind passes its input on unchanged."""

    def change(layer: dict[str, Any]) -> None:
        if layer.get("class_name") == kind:
            _passes(layer)

    return _edited(config, change)


def frozen(config: str) -> int:
    """How many layers of nested networks, BatchNorm apart, are not trained."""
    return sum(
        _own(layer).get("trainable") is False and layer.get("class_name") != "BatchNormalization"
        for layer in _inner(_read(config))
    )


def thawed(config: str) -> str:
    """Everything is trained but the BatchNorm of nested networks, which keeps its stored statistics: Keras runs
    a layer of it that is not trainable in inference."""
    whole = _read(config)
    for layer in (whole, *_layers(whole)):
        _own(layer)["trainable"] = True
    for layer in _inner(whole):
        _own(layer)["trainable"] = layer.get("class_name") != "BatchNormalization"
    return json.dumps(whole)


def output(config: str) -> Output:
    """Units and activation at the network's end; an Activation layer after the last Dense counts as its own."""
    end = _end(_read(config))
    dense = next((layer for layer in end if layer.get("class_name") in WIDE), None)
    applied = [a for layer in end if (a := _activation(layer)) not in (None, "linear")]
    units = _own(dense).get("units") if dense is not None else None
    return Output(units, applied[0] if applied else "linear" if dense is not None else None)


def with_activation(config: str, activation: str) -> str:
    """The same network with another activation at its end; a layer that only activates is made to pass."""
    whole = _read(config)
    for layer in _end(whole):
        if layer.get("class_name") in WIDE:
            _own(layer)["activation"] = activation
        elif layer.get("class_name") == "Activation":
            _own(layer)["activation"] = "linear"
        elif layer.get("class_name") in ACTIVATIONS:
            _passes(layer)
    return json.dumps(whole)


def _passes(layer: dict[str, Any]) -> None:
    name = _own(layer).get("name")
    layer.update(class_name="Activation", module="keras.layers")
    layer["config"] = {"name": name, "activation": "linear"}


def _read(config: str) -> dict[str, Any]:
    found = json.loads(config)
    return found if isinstance(found, dict) else {}


def _own(layer: dict[str, Any]) -> dict[str, Any]:
    found = layer.get("config")
    return found if isinstance(found, dict) else {}


def _children(layer: dict[str, Any]) -> list[dict[str, Any]]:
    found = _own(layer).get("layers")
    return [x for x in found if isinstance(x, dict)] if isinstance(found, list) else []


def _layers(layer: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for child in _children(layer):
        yield child
        yield from _layers(child)


def _inner(whole: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Layers of nested networks."""
    for child in _children(whole):
        yield from _layers(child)


def _edited(config: str, change: Callable[[dict[str, Any]], None]) -> str:
    whole = _read(config)
    for layer in _layers(whole):
        change(layer)
    return json.dumps(whole)


def _end(whole: dict[str, Any]) -> list[dict[str, Any]]:
    """From the last layer back to the last Dense, both included; empty where something else stands between."""
    found: list[dict[str, Any]] = []
    for layer in reversed(_children(whole)):
        kind = layer.get("class_name")
        if _children(layer) and not found:
            return _end(layer)
        found.append(layer)
        if kind in WIDE:
            return found
        if kind not in (*ACTIVATIONS, "Dropout", "Flatten", "Reshape"):
            return []
    return []


def _activation(layer: dict[str, Any]) -> str | None:
    kind = layer.get("class_name")
    if kind in ("Softmax", "ReLU"):
        return str(kind).lower()
    found = _own(layer).get("activation") if kind in (*WIDE, "Activation") else None
    return found if isinstance(found, str) else None
