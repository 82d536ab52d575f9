"""Architectures as Keras 2 wrote them (2.0 to 2.15 and TensorFlow 1.13 to 2.15), in the words of Keras 3.

Pure edits of JSON. What is not understood stays as it is, so that Keras refuses it by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Config = dict[str, Any]

_RENAMED = {
    "Model": "Functional", "BatchNormalizationV1": "BatchNormalization", "BatchNormalizationV2": "BatchNormalization",
    "SyncBatchNormalization": "BatchNormalization",
}  # fmt: skip
MODELS = ("Sequential", "Functional")
_ABOUT_TRAINING = re.compile(r"_(initializer|regularizer|constraint)$")
# Settings that Keras 3 no longer takes, with the values at which they change nothing.
_GONE: Mapping[str, tuple[Any, ...]] = {
    "batch_input_shape": (..., ), "input_dtype": (...,), "sparse": (False,), "ragged": (False,), "optional": (False,),
    "fused": (...,), "renorm": (False,), "renorm_clipping": (None,), "renorm_momentum": (...,),
    "virtual_batch_size": (None,), "adjustment": (None,), "time_major": (False,), "implementation": (...,),
}  # fmt: skip
_UNGROUPED = ("DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")
_MARKS = ("module", "registered_name", "build_config", "build_input_shape")
# Operations on tensors that TensorFlow 2.4 to 2.15 wrote as layers, as preprocess_input inside a model does:
# (scale, offset) of the same Rescaling.
_ARITHMETIC: dict[str, Callable[[float], tuple[float, float]]] = {
    "math.truediv": lambda y: (1 / y, 0.0), "math.divide": lambda y: (1 / y, 0.0),
    "__operators__.truediv": lambda y: (1 / y, 0.0),
    "math.multiply": lambda y: (y, 0.0), "math.subtract": lambda y: (1.0, -y), "math.add": lambda y: (1.0, y),
    "__operators__.add": lambda y: (1.0, y), "__operators__.sub": lambda y: (1.0, -y),
}  # fmt: skip


def modern(config: Config, trains: bool = False) -> Config:
    """A whole model's configuration: {"class_name": ..., "config": ...}.

    trains  keep initialisers, regularisers and constraints. They are left out where the weights come from a file and
            nothing is trained.
    """
    kind = _kind(config)
    inner = config["config"]
    if kind == "Sequential":
        return {"class_name": kind, "config": _sequential(inner, trains)}
    if kind == "Functional":
        return {"class_name": kind, "config": _functional(inner, trains)}
    return {**config, "class_name": kind, "config": inner}


def _kind(item: Config) -> str:
    name = str(item.get("class_name"))
    return _RENAMED.get(name, name)


def _sequential(inner: Any, trains: bool) -> Config:
    """Before Keras 2.2.3 a bare list of layers; before TensorFlow 2.2 without a layer for the input."""
    about: Config = {"name": "sequential"} if isinstance(inner, list) else dict(inner)
    layers = inner if isinstance(inner, list) else inner["layers"]
    shape = _input_shape(layers[0]) if layers else None
    head = []
    if shape is not None and _kind(layers[0]) != "InputLayer":
        head = [_input(shape, f"{_name(layers[0])}_input")]
    return {"name": about.get("name"), "layers": [*head, *(_layer(item, trains) for item in layers)]}


def _functional(inner: Config, trains: bool) -> Config:
    """A graph. Keras 2 counted the calls of a model inside it from 1, the 0th being its own making."""
    layers = [_layer({**item, "inbound_nodes": _calls(item)}, trains) for item in inner["layers"]]
    inside = {item["name"]: item["class_name"] for item in layers if item["class_name"] in MODELS}
    inputs = [call for item in layers for node in item["inbound_nodes"] for call in node]
    ends = inner["output_layers"]
    ends = [ends] if ends and isinstance(ends[0], str) else ends
    late = {name for name in inside if min(_calls_of(name, [*inputs, *ends]), default=0) > 0}
    for call in inputs:
        call[1] -= call[0] in late
    # Keras 3 itself takes one off the outputs of a functional model, not of a Sequential.
    moved = [[end[0], end[1] - (end[0] in late and inside[end[0]] == "Sequential"), end[2]] for end in ends]
    return {
        **inner,
        "layers": layers,
        "input_layers": _single(inner["input_layers"]),
        "output_layers": _single(moved),
    }


def _single(ends: list[Any]) -> list[Any]:
    """One input or output alone, not in a list: Keras 3 gives back what it is given."""
    return ends[0] if len(ends) == 1 and isinstance(ends[0], list) else ends


def _calls(item: Config) -> list[list[list[Any]]]:
    """Each call of a layer as the list of its inputs; an input is [layer, number of its call, output, arguments]."""
    nodes = item.get("inbound_nodes") or []
    return [
        [list(call) for call in ([node] if node and isinstance(node[0], str) else node)] for node in nodes
    ]


def _calls_of(name: str, calls: list[list[Any]]) -> list[int]:
    return [call[1] for call in calls if call[0] == name]


def _name(item: Config) -> str:
    inner = item["config"]
    return str(inner.get("name", "input")) if isinstance(inner, dict) else "input"


def _input_shape(item: Config) -> list[int | None] | None:
    """Shape with its batch that a first layer, or the first layer inside it, names."""
    inner = item.get("config")
    if isinstance(inner, dict) and "batch_input_shape" in inner:
        return list(inner["batch_input_shape"])
    inside = inner if isinstance(inner, list) else inner.get("layers") if isinstance(inner, dict) else None
    return _input_shape(inside[0]) if inside else None


def _input(shape: list[int | None], name: str) -> Config:
    return {"class_name": "InputLayer", "config": {"batch_shape": shape, "dtype": "float32", "name": name}}


def _layer(item: Config, trains: bool) -> Config:
    """One layer, with its name and inbound nodes where it has them."""
    kind, inner = _kind(item), item["config"]
    rest = {key: value for key, value in item.items() if key not in _MARKS}
    if kind in MODELS:
        return {**rest, **modern(item, trains)}
    if kind in ("TimeDistributed", "Bidirectional") and isinstance(inner.get("layer"), dict):
        return {**rest, "config": {**inner, "layer": _layer(inner["layer"], trains)}}
    if kind == "InputLayer":
        made = _input(inner.get("batch_input_shape") or inner.get("batch_shape"), inner["name"])
        return {**rest, **made}
    if kind == "TFOpLambda":
        return _operation(rest, inner)
    return {**rest, "class_name": kind, "config": _settings(kind, inner, trains)}


def _settings(kind: str, inner: Config, trains: bool) -> Config:
    """A layer's settings without what Keras 3 refuses."""
    kept = {
        key: _start(value) if _ABOUT_TRAINING.search(key) else value
        for key, value in inner.items()
        if (trains or not _ABOUT_TRAINING.search(key)) and not _idle(key, value)
    }
    if kind in _UNGROUPED and kept.get("groups") == 1:
        del kept["groups"]
    if kind == "BatchNormalization" and isinstance(kept.get("axis"), list) and len(kept["axis"]) == 1:
        kept["axis"] = kept["axis"][0]
    if isinstance(kept.get("dtype"), dict):
        kept["dtype"] = kept["dtype"].get("config", {}).get("name", "float32")
    if kind == "LeakyReLU" and "alpha" in kept:
        kept["negative_slope"] = kept.pop("alpha")
    return kept


def _start(value: Any) -> Any:
    """An initialiser, regulariser or constraint: TensorFlow 1 gave each a type, and "normal" was cut off before
    Keras 3 named it so."""
    if not isinstance(value, dict) or not isinstance(value.get("config"), dict):
        return value
    own = {k: v for k, v in value["config"].items() if k != "dtype"}
    if own.get("distribution") == "normal":
        own["distribution"] = "truncated_normal"
    return {**value, "config": own}


def _idle(key: str, value: Any) -> bool:
    at = _GONE.get(key)
    return at is not None and (at == (...,) or value in at)


def _operation(rest: Config, inner: Config) -> Config:
    """Arithmetic with a constant as a Rescaling; another operation stays and is refused."""
    function = _ARITHMETIC.get(str(inner.get("function")))
    nodes = rest.get("inbound_nodes")
    if function is None or not nodes or len(nodes) != 1:
        return rest
    call = nodes[0][0]
    constant = call[3].get("y") if len(call) > 3 else None
    if not isinstance(constant, int | float | list):
        return rest
    values = constant if isinstance(constant, list) else [constant]
    if not all(isinstance(v, int | float) and v for v in values):
        return rest
    pairs = [function(float(v)) for v in values]
    scale, offset = ([pair[at] for pair in pairs] for at in (0, 1))
    settings = {
        "name": inner["name"],
        "scale": scale if len(scale) > 1 else scale[0],
        "offset": offset if len(offset) > 1 else offset[0],
    }
    return {**rest, "class_name": "Rescaling", "config": settings, "inbound_nodes": [[[*call[:3], {}]]]}
