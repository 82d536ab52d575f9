"""One layer, as code or a saved file has it, in the JSON that Keras 3 builds it from."""

from __future__ import annotations

from typing import Any

from valscope.case.rebuild.notes import Notes, Unknown
from valscope.case.rebuild.written import initialiser, number_in, penalty
from valscope.nouns.fact import Source
from valscope.nouns.network import Layer
from valscope.nouns.shapes import rank, windows

Entry = dict[str, Any]
MERGING = ("Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract")
PLAIN = (
    "Flatten", "Identity", *MERGING, "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalMaxPooling1D",
    "GlobalMaxPooling2D", "GlobalAveragePooling3D", "GlobalMaxPooling3D",
)  # fmt: skip
ACTIVATIONS = {
    "ReLU": "relu", "Softmax": "softmax", "Sigmoid": "sigmoid", "Tanh": "tanh", "GELU": "gelu", "SiLU": "silu",
    "SELU": "selu", "LogSoftmax": "log_softmax", "Activation": "",
}  # fmt: skip
KNOWN = (
    "relu", "softmax", "sigmoid", "tanh", "elu", "selu", "gelu", "silu", "swish", "softplus", "softsign", "linear",
    "relu6", "leaky_relu", "hard_sigmoid", "exponential", "mish", "log_softmax",
)  # fmt: skip
RATED = {
    "Dropout": "rate", "SpatialDropout1D": "rate", "SpatialDropout2D": "rate", "SpatialDropout3D": "rate",
    "AlphaDropout": "rate", "GaussianDropout": "rate", "GaussianNoise": "stddev",
}  # fmt: skip


def entry(layer: Layer, notes: Notes) -> Entry:
    """The layer's JSON, with the names and defaults of Keras 3.

    Raises Unknown for a layer that cannot be built from what is known of it.
    """
    settings = _settings(layer, notes)
    if settings is None:
        raise Unknown(
            f"the layer {layer.kind}{_where(layer.source)} cannot be rebuilt",
            "the saved model (.keras or .h5)",
        )
    kind = "Activation" if layer.kind in ACTIVATIONS else layer.kind
    return made(kind, settings)


def made(kind: str, settings: Entry) -> Entry:
    """A layer of Keras' own by its class name."""
    return {"module": "keras.layers", "class_name": kind, "config": settings, "registered_name": None}


def _settings(layer: Layer, notes: Notes) -> Entry | None:
    kind = layer.kind
    if kind == "Dense":
        return {"units": _width(layer), **_weighted(layer, notes)}
    if kind.startswith(("Conv", "SeparableConv", "DepthwiseConv")) and "LSTM" not in kind:
        return _convolution(layer, notes)
    if kind.startswith(("MaxPooling", "AveragePooling")):
        return _pooling(layer)
    if kind in ACTIVATIONS:
        return {"activation": _activation(layer, notes)}
    if kind in RATED:
        return {RATED[kind]: layer.rate if layer.rate is not None else _missing(layer, "its rate")}
    if kind in PLAIN:
        return {"keepdims": True} if layer.keepdims else {}
    return _special(layer)


def _special(layer: Layer) -> Entry | None:
    kind = layer.kind
    if kind == "BatchNormalization":
        given = {"axis": layer.axis, "center": layer.centre, "scale": layer.gamma,
                 "momentum": number_in(layer, "momentum"), "epsilon": number_in(layer, "epsilon")}  # fmt: skip
        return {k: v for k, v in given.items() if v is not None}
    if kind in ("LayerNormalization", "UnitNormalization", "PReLU"):
        return {"shared_axes": [1, 2]} if kind == "PReLU" and "shared_axes" in _quote(layer) else {}
    if kind == "LeakyReLU":
        return {"negative_slope": 0.3 if layer.rate is None else layer.rate}
    if kind == "ELU":
        return {"alpha": 1.0 if layer.rate is None else layer.rate}
    if kind == "Concatenate":
        return {"axis": -1 if layer.axis is None else layer.axis}
    if kind == "Rescaling":
        return None if layer.scale is None else {"scale": layer.scale, "offset": layer.offset or 0.0}
    if kind == "Reshape":
        return None if layer.shape is None or None in layer.shape else {"target_shape": list(layer.shape)}
    if kind == "Permute":
        return None if layer.shape is None or None in layer.shape else {"dims": list(layer.shape)}
    if kind == "RepeatVector":
        return None if layer.units is None else {"n": layer.units}
    if kind in ("LSTM", "GRU", "SimpleRNN"):
        return {"units": _width(layer), "return_sequences": bool(layer.return_sequences)}
    return _spatial(layer)


def _spatial(layer: Layer) -> Entry | None:
    kind, count = layer.kind, rank(layer.kind)
    if kind.startswith(("ZeroPadding", "Cropping")):
        border = layer.border or ((1, 1),) * count if kind.startswith("Zero") else layer.border
        word = "padding" if kind.startswith("Zero") else "cropping"
        return None if border is None else {word: [list(pair) for pair in border]}
    if kind.startswith("UpSampling"):
        return {"size": list(windows(layer.size, count, 2))}
    if kind in ("Resizing", "CenterCrop"):
        return None if layer.size is None else {"height": layer.size[0], "width": layer.size[1]}
    return None


def _convolution(layer: Layer, notes: Notes) -> Entry:
    count = rank(layer.kind)
    if layer.kernel is None:
        _missing(layer, "its kernel size")
    settings: Entry = {
        "kernel_size": list(windows(layer.kernel, count, 1)), "strides": list(windows(layer.strides, count, 1)),
        "padding": layer.padding or "valid", "dilation_rate": list(windows(layer.dilation, count, 1)),
        **_weighted(layer, notes),
    }  # fmt: skip
    if layer.kind.startswith("DepthwiseConv"):
        return settings | {"depth_multiplier": layer.depth_multiplier or 1}
    if layer.groups and layer.kind.startswith("Conv") and "Transpose" not in layer.kind:
        settings["groups"] = layer.groups
    return settings | {"filters": _width(layer)}


def _pooling(layer: Layer) -> Entry:
    count = rank(layer.kind)
    pool = list(windows(layer.pool, count, 2))
    strides = pool if layer.strides is None else list(windows(layer.strides, count, 1))
    return {"pool_size": pool, "strides": strides, "padding": layer.padding or "valid"}


def _weighted(layer: Layer, notes: Notes) -> Entry:
    """What all layers with a kernel share."""
    settings: Entry = {"activation": _activation(layer, notes)}
    if layer.use_bias is not None:
        settings["use_bias"] = layer.use_bias
    depthwise = layer.kind.startswith(("DepthwiseConv", "SeparableConv"))
    if (start := initialiser(layer)) is not None:
        settings["depthwise_initializer" if depthwise else "kernel_initializer"] = start
    if (weight := penalty(layer)) is not None and not depthwise:
        settings["kernel_regularizer"] = weight
    elif "regularizer" in _quote(layer) and weight is None:
        notes.assume(f"A weight penalty{_where(layer.source)} is left out: its value is not literal.")
    return settings


def _activation(layer: Layer, notes: Notes) -> str:
    named = ACTIVATIONS.get(layer.kind) or layer.activation or "linear"
    if named in KNOWN:
        return named
    if named == "prelu":
        notes.assume(f"PReLU{_where(layer.source)} is rebuilt as a leaky ReLU.")
        return "leaky_relu"
    raise Unknown(
        f"the activation {named!r}{_where(layer.source)} is none of Keras' own",
        "the saved model (.keras or .h5)",
    )


def _width(layer: Layer) -> int:
    """Units or filters."""
    found = layer.units if layer.units is not None else layer.filters
    return found if found is not None else _missing(layer, f"its width ({layer.width or 'not written'})")


def _missing(layer: Layer, what: str) -> Any:
    raise Unknown(
        f"of {layer.kind}{_where(layer.source)} {what} is no plain number",
        "the value, or the saved model (.keras or .h5)",
    )


def _quote(layer: Layer) -> str:
    return layer.source.quote if layer.source is not None else ""


def _where(source: Source | None) -> str:
    return "" if source is None or source.line is None else f" on line {source.line}"
