"""Layer configurations, as Keras 2 and 3 write them, to layers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valscope.evidence.kinds import LAYERS, canonical
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
# Arithmetic as layers: of tf.keras ("math.truediv") and of Keras 3 ("TrueDivide").
_SIGNS = {
    "truediv": "/", "divide": "/", "truedivide": "/", "multiply": "*", "mul": "*", "subtract": "-", "sub": "-",
    "add": "+",
}  # fmt: skip
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
    inputs = tuple(places[name] for name in _inbound(entry) if name in places)
    linear = not inputs or inputs == (f"#{position - 1}",)
    layer = Layer(canonical(kind), _name(entry), source=source, inputs=() if linear else inputs)
    training = _training(entry)
    layer = layer.but(training=training) if training is not None else layer
    if kind in NETWORKS or isinstance(config.get("layers"), list):
        inner = layers_of(config, source, depth + 1)
        return layer.but(
            layers=inner, trainable=_flag(config.get("trainable")), input_shape=_input(config, inner)
        )
    if _is_operation(entry, kind):
        return _operation(layer, entry, kind, config)
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
        return layer.but(scale=_number(config.get("scale")), offset=_number(config.get("offset")))
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


def _operation(layer: Layer, entry: Mapping[str, Any], kind: str, config: Mapping[str, Any]) -> Layer:
    """Arithmetic on tensors; with one number in it, it is a scaling."""
    function = str(config.get("function") or config.get("name") or kind) if kind == "TFOpLambda" else kind
    sign = _SIGNS.get(function.rpartition(".")[2].lower().replace("_", ""))
    number = _operand(entry)
    if sign is None or number is None:
        return layer.but(kind="Operation", name=sign or function.rpartition(".")[2])
    scale, offset = {"/": (1 / number if number else None, 0.0), "*": (number, 0.0),
                     "+": (1.0, number), "-": (1.0, -number)}[sign]  # fmt: skip
    return layer.but(kind="Operation", name=sign, scale=scale, offset=offset)


def _operand(entry: Mapping[str, Any]) -> float | None:
    """The one number among an operation's arguments."""
    for node in _nodes(entry):
        given = [value for arguments in _arguments(node) for value in arguments]
        found = [
            float(value) for value in given if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        if len(found) == 1:
            return found[0]
    return None


def _arguments(node: Any) -> Iterator[list[Any]]:
    """Arguments that are no tensors, of one call: Keras 3 writes {"args", "kwargs"}, Keras 2 [name, 0, 0, {...}]
    or a list of such."""
    if isinstance(node, Mapping):
        args, kwargs = node.get("args"), node.get("kwargs")
        yield [
            *(args if isinstance(args, list) else []),
            *(kwargs.values() if isinstance(kwargs, Mapping) else []),
        ]
        return
    for call in node if node and isinstance(node[0], list) else [node]:
        if isinstance(call, list) and len(call) > 3 and isinstance(call[3], Mapping):
            yield list(call[3].values())


def _nodes(entry: Mapping[str, Any]) -> list[Any]:
    nodes = entry.get("inbound_nodes")
    return [node for node in nodes if isinstance(node, Mapping | list)] if isinstance(nodes, list) else []


def _inbound(entry: Mapping[str, Any]) -> list[str]:
    """Names of the layers that feed this one, at its first call."""
    nodes = _nodes(entry)
    return list(_tensors(nodes[0])) if nodes else []


def _tensors(node: Any, depth: int = 0) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(node, Mapping):
        history = node.get("keras_history")
        if isinstance(history, list) and history:
            yield str(history[0])
            return
        for key in ("args", "kwargs", "config"):
            yield from _tensors(node.get(key), depth + 1)
        if "args" not in node and "config" not in node:
            for value in node.values():
                yield from _tensors(value, depth + 1) if isinstance(value, Mapping | list) else ()
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and all(isinstance(n, int) for n in node[1:3]):
            yield node[0]
            return
        for value in node:
            yield from _tensors(value, depth + 1)


def _training(entry: Mapping[str, Any]) -> bool | None:
    """The argument training=, where the network was built with one that is fixed."""
    for node in _nodes(entry)[:1]:
        if isinstance(node, Mapping):
            words = node.get("kwargs")
        else:
            calls = node if node and isinstance(node[0], list) else [node]
            words = next((call[3] for call in calls if isinstance(call, list) and len(call) > 3), None)
        value = words.get("training") if isinstance(words, Mapping) else None
        return value if isinstance(value, bool) else None
    return None


def _plain(field: str, value: Any) -> Any:
    if field in _PAIRS:
        return _shape(value) if isinstance(value, list) else ((value,) if isinstance(value, int) else None)
    if field == "padding":
        return value if isinstance(value, str) else None
    if field in ("rate", "offset"):
        return _number(value)
    return value if isinstance(value, int | bool) else None


def _shape(value: list[Any]) -> Shape:
    return tuple(entry if isinstance(entry, int) else None for entry in value)


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


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
