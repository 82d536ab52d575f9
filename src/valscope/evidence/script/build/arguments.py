"""Argument orders and names of layers, of Keras 1 to 3 and of torch."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant
from valscope.evidence.script.flow.values import Call, Value

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


def settings(call: Call, kind: str, torch: bool) -> dict[str, Value]:
    """Arguments by the names of `Layer`'s fields."""
    order = (_TORCH_ORDER if torch else _ORDER).get(kind, _default_order(kind)).split()
    if kind.startswith("Conv") and not torch and len(call.arguments) >= 3 and _is_keras1(call):
        order = ["filters", "rows", "columns"]
    found = dict(zip(order, call.arguments))
    for word, value in call.keywords.items():
        found[_word(kind, word)] = value
    return found


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
