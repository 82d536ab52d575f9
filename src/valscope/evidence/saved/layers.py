"""Layer configurations, as Keras 2 and 3 write them, to layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valscope.evidence.kinds import LAYERS, canonical
from valscope.evidence.saved.operations import inbound, number_of, operation, training_of
from valscope.nouns.fact import Source
from valscope.nouns.network import Layer, Shape

_FIELDS = {
    "units": "units", "filters": "filters", "kernel_size": "kernel", "strides": "strides", "padding": "padding",
    "dilation_rate": "dilation", "groups": "groups", "depth_multiplier": "depth_multiplier", "pool_size": "pool",
    "use_bias": "use_bias", "center": "centre", "rate": "rate", "offset": "offset", "target_shape": "shape",
    "return_sequences": "return_sequences", "reset_after": "reset_after", "keepdims": "keepdims", "size": "size",
    "trainable": "trainable", "dims": "shape", "n": "units",
}  # fmt: skip
_PAIRS = frozenset({"kernel", "strides", "dilation", "pool", "size", "shape"})
_LAMBDAS = frozenset({"TFOpLambda", "TensorFlowOpLayer", "SlicingOpLambda"})
NETWORKS = frozenset({"Functional", "Model", "Sequential"})


def layers_of(config: Mapping[str, Any], source: Source, depth: int = 0) -> tuple[Layer, ...]:
    """The layers of a network's configuration, in its order."""
    listed = config.get("layers") if isinstance(config, Mapping) else config
    if not isinstance(listed, list) or depth > 20:
        return ()
    entries = [entry for entry in listed if isinstance(entry, Mapping)]
    places = {_name(entry): f"#{position}" for position, entry in enumerate(entries)}
    return tuple(_layer(entry, position, places, source, depth) for position, entry in enumerate(entries))


def is_foreign(entry: Mapping[str, Any]) -> bool:
    """Whether a layer is not Keras' own, so that building it runs somebody's code."""
    module, registered = entry.get("module"), entry.get("registered_name")
    kind = str(entry.get("class_name", ""))
    if kind == "Lambda" or (
        isinstance(registered, str) and ">" in registered and not registered.startswith("keras")
    ):
        return True
    if "module" in entry:
        return not str(module or "").startswith(("keras", "tensorflow", "tf_keras", "builtins"))
    # HDF5 files name no module: a class that no Keras has is somebody's own.
    return canonical(kind) not in LAYERS and kind not in NETWORKS | _LAMBDAS


def walk(config: Mapping[str, Any], depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Every layer's entry, those of nested networks too."""
    listed = config.get("layers") if isinstance(config, Mapping) else None
    for entry in listed if isinstance(listed, list) and depth < 20 else ():
        if isinstance(entry, Mapping):
            yield entry
            inner = entry.get("config")
            yield from walk(inner, depth + 1) if isinstance(inner, Mapping) else ()


def activation_of(value: Any) -> str | None:
    """Name of an activation given as text or as a serialised function."""
    if isinstance(value, Mapping):
        inner = value.get("config")
        value = inner if isinstance(inner, str) else value.get("class_name")
    return value.lower().rpartition(">")[2] if isinstance(value, str) else None


def _name(entry: Mapping[str, Any]) -> str:
    config = entry.get("config")
    inner = config.get("name") if isinstance(config, Mapping) else None
    return str(entry.get("name") or inner or "")


def _layer(
    entry: Mapping[str, Any], position: int, places: Mapping[str, str], source: Source, depth: int
) -> Layer:
    kind = str(entry.get("class_name", "?"))
    given = entry.get("config")
    config: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    inputs = tuple(places[name] for name in inbound(entry) if name in places)
    linear = not inputs or inputs == (f"#{position - 1}",)
    layer = Layer(canonical(kind), _name(entry), source=source, inputs=() if linear else inputs)
    training = training_of(entry)
    layer = layer.but(training=training) if training is not None else layer
    if kind in NETWORKS or isinstance(config.get("layers"), list):
        inner = layers_of(config, source, depth + 1)
        return layer.but(
            layers=inner, trainable=_flag(config.get("trainable")), input_shape=_input(config, inner)
        )
    if _is_operation(entry, kind):
        return operation(layer, entry, kind, config)
    return _with_settings(layer, config)


def _with_settings(layer: Layer, config: Mapping[str, Any]) -> Layer:
    known = {field: _plain(field, config[word]) for word, field in _FIELDS.items() if word in config}
    layer = layer.but(**{field: value for field, value in known.items() if value is not None})
    shape = config.get("batch_shape") or config.get("batch_input_shape")
    if isinstance(shape, list):
        layer = layer.but(input_shape=_shape(shape[1:]))
    named = activation_of(config.get("activation"))
    layer = layer.but(activation=named) if named and "activation" in config else layer
    if layer.kind == "BatchNormalization":
        return layer.but(gamma=_flag(config.get("scale")), axis=_axis(config.get("axis")))
    if layer.kind == "Rescaling":
        return layer.but(scale=number_of(config.get("scale")), offset=number_of(config.get("offset")))
    if layer.kind == "Embedding":
        return layer.but(units=config.get("output_dim"), vocabulary=config.get("input_dim"))
    if layer.kind in ("Concatenate", "Softmax"):
        layer = layer.but(axis=_axis(config.get("axis")))
    if layer.kind in ("ZeroPadding2D", "Cropping2D"):
        return layer.but(border=_border(config.get("padding", config.get("cropping"))), padding=None)
    if layer.kind in ("Resizing", "CenterCrop"):
        return layer.but(size=_plain("size", [config.get("height"), config.get("width")]))
    names = {"ReLU": "relu", "LeakyReLU": "leaky_relu", "Softmax": "softmax", "ELU": "elu", "PReLU": "prelu"}
    return layer.but(activation=names[layer.kind]) if layer.kind in names else layer


def _is_operation(entry: Mapping[str, Any], kind: str) -> bool:
    return kind in _LAMBDAS or ".ops." in str(entry.get("module") or "")


def _plain(field: str, value: Any) -> Any:
    if field in _PAIRS:
        return _shape(value) if isinstance(value, list) else ((value,) if isinstance(value, int) else None)
    if field == "padding":
        return value if isinstance(value, str) else None
    if field in ("rate", "offset"):
        return number_of(value)
    return value if isinstance(value, int | bool) else None


def _shape(value: list[Any]) -> Shape:
    return tuple(entry if isinstance(entry, int) else None for entry in value)


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _axis(value: Any) -> int | None:
    value = value[0] if isinstance(value, list) and len(value) == 1 else value
    return value if isinstance(value, int) else None


def _border(value: Any) -> tuple[tuple[int, ...], ...] | None:
    if isinstance(value, int):
        return ((value, value), (value, value))
    if isinstance(value, list) and all(isinstance(pair, list) for pair in value):
        return tuple(tuple(int(n) for n in pair) for pair in value)
    return None


def _input(config: Mapping[str, Any], inner: tuple[Layer, ...]) -> Shape | None:
    shape = config.get("batch_input_shape") or config.get("build_input_shape")
    if isinstance(shape, list):
        return _shape(shape[1:])
    return next((layer.input_shape for layer in inner[:1]), None)
