"""A layer as a script constructs it, with the argument orders of Keras 1 to 3 and of torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from valscope.evidence.kinds import LAYERS, backbone, canonical
from valscope.evidence.script.values import Call, Function, Name, Value, constant, dotted, is_none, last_name
from valscope.nouns.network import Layer

# Positional arguments in order, for each kind; a kind that is not here takes its arguments by name.
_ORDER: dict[str, str] = {
    "Dense": "units activation use_bias", "Activation": "activation", "Dropout": "rate",
    "SpatialDropout2D": "rate", "SpatialDropout1D": "rate", "AlphaDropout": "rate", "GaussianDropout": "rate",
    "GaussianNoise": "rate", "Embedding": "vocabulary units", "Reshape": "shape", "Permute": "shape",
    "ZeroPadding2D": "border", "Cropping2D": "border", "UpSampling2D": "size", "Rescaling": "scale offset",
    "LSTM": "units activation", "GRU": "units activation", "SimpleRNN": "units activation", "InputLayer": "shape",
    "BatchNormalization": "axis", "LeakyReLU": "rate", "ELU": "rate", "RepeatVector": "units",
    "Softmax": "axis", "Concatenate": "axis", "Resizing": "height width", "CenterCrop": "height width",
    "DepthwiseConv2D": "kernel strides padding depth_multiplier",
}  # fmt: skip
_CONVOLUTION = "filters kernel strides padding"
_POOLING = "pool strides padding"
_TORCH_ORDER: dict[str, str] = {
    "Conv2D": "channels filters kernel strides padding dilation groups use_bias",
    "Conv1D": "channels filters kernel strides padding dilation groups use_bias",
    "Dense": "channels units use_bias", "MaxPooling2D": "pool strides padding", "Dropout": "rate",
    "AveragePooling2D": "pool strides padding", "SpatialDropout2D": "rate", "BatchNormalization": "channels",
    "Embedding": "vocabulary units", "Softmax": "axis", "LogSoftmax": "axis",
    "AdaptiveAveragePooling2D": "size",
}  # fmt: skip
# Keyword names of all generations for one setting.
_WORDS: dict[str, str] = {
    "nb_filter": "filters", "out_channels": "filters", "in_channels": "channels", "kernel_size": "kernel",
    "filter_size": "kernel", "stride": "strides", "subsample": "strides", "border_mode": "padding",
    "output_dim": "units", "out_features": "units", "in_features": "channels", "num_features": "channels",
    "pool_size": "pool", "p": "rate", "stddev": "rate", "alpha": "rate", "negative_slope": "rate",
    "dilation_rate": "dilation", "bias": "use_bias", "input_dim": "vocabulary", "target_shape": "shape",
    "dims": "shape", "cropping": "border", "center": "centre", "num_embeddings": "vocabulary",
    "embedding_dim": "units", "batch_input_shape": "batch_shape", "output_size": "size", "dim": "axis",
}  # fmt: skip
_WHOLE = frozenset({"units", "filters", "vocabulary", "depth_multiplier", "groups", "axis", "classes"})
_PAIRS = frozenset({"kernel", "strides", "pool", "dilation"})
_SWITCHES = frozenset(
    {"use_bias", "trainable", "return_sequences", "reset_after", "keepdims", "centre", "gamma", "training"}
)
_NUMBERS = frozenset({"rate", "scale", "offset"})


def kind_of(call: Call) -> tuple[str, bool] | None:
    """(kind, whether it is torch's) of a layer's constructor, None when the call makes no layer."""
    if not isinstance(call.function, Name):
        return None
    name = call.function.dotted
    last = last_name(call.function)
    torch = name.startswith("torch.nn") or (not call.function.imported and last.endswith(("1d", "2d", "3d")))
    kind = canonical(last, torch or last == "Linear")
    if kind == "Dense" and last == "Linear":
        torch = True
    if kind not in LAYERS and not (call.function.imported and ".layers." in name and last[:1].isupper()):
        return None
    foreign = call.function.imported and not name.startswith(
        ("keras", "tensorflow", "torch", "tflearn", "tf_keras")
    )
    return None if foreign and "keras" not in name else (kind, torch)


def layer_of(call: Call) -> Layer | None:
    """The layer that a constructor call makes."""
    found = kind_of(call)
    if found is None:
        return None
    kind, torch = found
    return build(kind, settings(call, kind, torch), call, torch)


def settings(call: Call, kind: str, torch: bool) -> dict[str, Value]:
    """Arguments by the names of `Layer`'s fields."""
    order = (_TORCH_ORDER if torch else _ORDER).get(kind, _default_order(kind)).split()
    if kind.startswith("Conv") and not torch and len(call.arguments) >= 3 and _is_keras1(call):
        order = ["filters", "rows", "columns"]
    found = dict(zip(order, call.arguments))
    for word, value in call.keywords.items():
        found[_word(kind, word)] = value
    return found


def build(kind: str, given: Mapping[str, Value], call: Call, torch: bool = False) -> Layer:
    """The layer of these settings; what is not literal stays None."""
    layer = Layer(kind, name=_text(given.get("name")) or "", source=call.source)
    changes: dict[str, Any] = {name: _read(name, value) for name, value in given.items()}
    known = {name: value for name, value in changes.items() if value is not None and name in _FIELDS}
    layer = layer.but(**known, width=_width(given))
    return _special(layer, given, torch)


def _width(given: Mapping[str, Value]) -> str:
    """Units or filters as written, where they are not literal."""
    value = given.get("units") or given.get("filters")
    return "" if value is None or constant(value) is not None else value.text


def _default_order(kind: str) -> str:
    if "Conv" in kind:
        return _CONVOLUTION
    if "Pooling" in kind and not kind.startswith("Global"):
        return _POOLING
    return ""


def _word(kind: str, word: str) -> str:
    if word == "output_dim" and kind == "Embedding":
        return "units"
    if word == "input_dim" and kind != "Embedding":
        return "input_dim"
    if word == "padding" and kind in ("ZeroPadding2D", "ZeroPadding1D"):
        return "border"
    if word == "scale" and kind == "BatchNormalization":
        return "gamma"
    return _WORDS.get(word, word)


def _is_keras1(call: Call) -> bool:
    return all(type(constant(argument)) is int for argument in call.arguments[:3])


def _read(name: str, value: Value) -> Any:
    """A setting as the field of a `Layer` wants it, None when it is not literal or of another form."""
    plain = constant(value)
    if name == "activation":
        return activation(value)
    if name in _WHOLE:
        return int(plain) if isinstance(plain, int | float) and not isinstance(plain, bool) else None
    if name in _PAIRS:
        return _pair(plain)
    if name in _SWITCHES:
        return plain if isinstance(plain, bool) else None
    if name in _NUMBERS:
        return float(plain) if isinstance(plain, int | float) else None
    if name in ("padding", "weights", "pooling"):
        return plain.lower() if isinstance(plain, str) and name == "padding" else _text(value)
    if name in ("shape", "input_shape"):
        return shape_of(value)
    return None


def _special(layer: Layer, given: Mapping[str, Value], torch: bool) -> Layer:
    """What does not follow the pattern."""
    if "rows" in given:
        layer = layer.but(kernel=_pair((constant(given["rows"]), constant(given["columns"]))))
    if "batch_shape" in given and (whole := shape_of(given["batch_shape"])) is not None:
        layer = layer.but(input_shape=whole[1:])
    if "input_dim" in given and type(constant(given["input_dim"])) is int:
        layer = layer.but(input_shape=(constant(given["input_dim"]),))
    if layer.kind == "InputLayer" and layer.input_shape is None:
        layer = layer.but(input_shape=layer.shape)
    if "border" in given:
        layer = layer.but(border=border_of(constant(given["border"])))
    if "size" in given:
        layer = layer.but(size=_pair(constant(given["size"])))
    if "height" in given and "width" in given:
        layer = layer.but(size=_pair((constant(given["height"]), constant(given["width"]))))
    if torch and "padding" in given:
        layer = _torch_padding(layer, constant(given["padding"]))
    if layer.kind in _ACTIVATIONS:
        layer = layer.but(activation=_ACTIVATIONS[layer.kind])
    return layer


def _torch_padding(layer: Layer, plain: Any) -> Layer:
    pair = _pair(plain)
    if pair is None or len(pair) != 2:
        return layer
    return layer.but(padding="explicit", border=((pair[0], pair[0]), (pair[1], pair[1])))


_ACTIVATIONS = {
    "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "PReLU": "prelu", "Softmax": "softmax",
    "Sigmoid": "sigmoid", "Tanh": "tanh", "LogSoftmax": "log_softmax", "GELU": "gelu", "SiLU": "silu",
}  # fmt: skip
_FIELDS = frozenset(name for name in Layer.__dataclass_fields__)


def activation(value: Value | None) -> str | None:
    """ "relu" of 'relu', tf.nn.relu, keras.activations.relu, ReLU(), None when it cannot be told."""
    if value is None or is_none(value):
        return "linear" if value is not None else None
    plain = constant(value)
    if isinstance(plain, str):
        return plain.lower().rpartition(".")[2]
    if isinstance(value, Function):
        return value.name
    if isinstance(value, Call):
        found = kind_of(value)
        return _ACTIVATIONS.get(found[0]) if found else None
    name = last_name(value)
    return {"LeakyReLU": "leaky_relu"}.get(name, name) or None


def shape_of(value: Value | None) -> tuple[int | None, ...] | None:
    """A written shape; an entry that is not literal is None, and so is the whole when it is no tuple."""
    from valscope.evidence.script.values import Items

    if isinstance(value, Items) and not value.open:
        plain = [constant(item) for item in value.items]
        return tuple(entry if type(entry) is int else None for entry in plain)
    single = constant(value)
    return (single,) if type(single) is int else None


def border_of(plain: Any) -> tuple[tuple[int, ...], ...] | None:
    """((top, bottom), (left, right)) of the three ways to write it."""
    if type(plain) is int:
        return ((plain, plain), (plain, plain))
    if not isinstance(plain, tuple) or len(plain) != 2:
        return None
    if all(type(entry) is int for entry in plain):
        return ((plain[0], plain[0]), (plain[1], plain[1]))
    if all(isinstance(entry, tuple) and len(entry) == 2 for entry in plain):
        return tuple((int(a), int(b)) for a, b in plain)
    return None


def _pair(plain: Any) -> tuple[int, ...] | None:
    if type(plain) is int:
        return (plain, plain)
    if isinstance(plain, tuple) and plain and all(type(entry) is int for entry in plain):
        return plain
    return None


def _text(value: Value | None) -> str | None:
    plain = constant(value)
    return plain if isinstance(plain, str) else None


def backbone_name(call: Call) -> str | None:
    """The ready-made network that a call makes, by its Keras class name; None for other calls."""
    name = last_name(call.function)
    if "preprocess" in dotted(call.function) or not isinstance(call.function, Name):
        return None
    return backbone(name) if name[:1].isupper() else None
