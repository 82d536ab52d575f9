"""A layer as a script constructs it, with the argument orders of Keras 1 to 3 and of torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valscope.evidence.script.build.arguments import settings
from valscope.evidence.script.build.makers import kind_of
from valscope.evidence.script.build.written import (
    ACTIVATIONS,
    activation,
    border_of,
    pair_of,
    shape_of,
    text_of,
)
from valscope.evidence.script.flow.asking import constant
from valscope.evidence.script.flow.values import Call, Value
from valscope.nouns.network import Layer

_WHOLE = frozenset({"units", "filters", "vocabulary", "depth_multiplier", "groups", "axis", "classes"})
_PAIRS = frozenset({"kernel", "strides", "pool", "dilation"})
_SWITCHES = frozenset(
    {"use_bias", "trainable", "return_sequences", "reset_after", "keepdims", "centre", "gamma", "training"}
)
_NUMBERS = frozenset({"rate", "scale", "offset"})


def layer_of(call: Call) -> Layer | None:
    """The layer that a constructor call makes."""
    found = kind_of(call)
    if found is None:
        return None
    kind, torch = found
    return build(kind, settings(call, kind, torch), call, torch)


def build(kind: str, given: Mapping[str, Value], call: Call, torch: bool = False) -> Layer:
    """The layer of these settings; what is not literal stays None."""
    layer = Layer(kind, name=text_of(given.get("name")) or "", source=call.source)
    changes: dict[str, Any] = {name: _read(name, value) for name, value in given.items()}
    known = {name: value for name, value in changes.items() if value is not None and name in _FIELDS}
    layer = layer.but(**known, width=_width(given))
    return _special(layer, given, torch)


def _width(given: Mapping[str, Value]) -> str:
    """Units or filters as written, where they are not literal."""
    value = given.get("units") or given.get("filters")
    return "" if value is None or constant(value) is not None else value.text


def _read(name: str, value: Value) -> Any:
    """A setting as the field of a `Layer` wants it, None when it is not literal or of another form."""
    plain = constant(value)
    if name == "activation":
        return activation(value)
    if name in _WHOLE:
        return int(plain) if isinstance(plain, int | float) and not isinstance(plain, bool) else None
    if name in _PAIRS:
        return pair_of(plain)
    if name in _SWITCHES:
        return plain if isinstance(plain, bool) else None
    if name in _NUMBERS:
        return float(plain) if isinstance(plain, int | float) else None
    if name in ("padding", "weights", "pooling"):
        return plain.lower() if isinstance(plain, str) and name == "padding" else text_of(value)
    if name in ("shape", "input_shape"):
        return shape_of(value)
    return None


def _special(layer: Layer, given: Mapping[str, Value], torch: bool) -> Layer:
    """What does not follow the pattern."""
    if "rows" in given:
        layer = layer.but(kernel=pair_of((constant(given["rows"]), constant(given["columns"]))))
    if "batch_shape" in given and (whole := shape_of(given["batch_shape"])) is not None:
        layer = layer.but(input_shape=whole[1:])
    if "input_dim" in given and type(constant(given["input_dim"])) is int:
        layer = layer.but(input_shape=(constant(given["input_dim"]),))
    if layer.kind == "InputLayer" and layer.input_shape is None:
        layer = layer.but(input_shape=layer.shape)
    if "border" in given:
        layer = layer.but(border=border_of(constant(given["border"])))
    if "size" in given:
        layer = layer.but(size=pair_of(constant(given["size"])))
    if "height" in given and "width" in given:
        layer = layer.but(size=pair_of((constant(given["height"]), constant(given["width"]))))
    if torch and "padding" in given:
        layer = _torch_padding(layer, constant(given["padding"]))
    if layer.kind in ACTIVATIONS:
        layer = layer.but(activation=ACTIVATIONS[layer.kind])
    return layer


def _torch_padding(layer: Layer, plain: Any) -> Layer:
    pair = pair_of(plain)
    if pair is None or len(pair) != 2:
        return layer
    return layer.but(padding="explicit", border=((pair[0], pair[0]), (pair[1], pair[1])))


_FIELDS = frozenset(name for name in Layer.__dataclass_fields__)
