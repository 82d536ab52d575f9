"""Numbers of parameters of layers, recomputed from their settings and input shape.

A convolution has k * k * channels * filters weights and one bias for each filter; a Dense layer n * units and
units; BatchNormalization 2n that are trained and 2n that are not; an LSTM four times, a GRU three times
u * (u + n) with u biases each (2u in a GRU with reset_after, the default since TensorFlow 2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import prod

from valscope.nouns.network import Layer, Network, Shape
from valscope.nouns.shapes import inputs_of, rank, shapes, windows


@dataclass(frozen=True, slots=True)
class Count:
    """Parameters of a layer; `fixed` of them are never trained by a gradient (moving statistics)."""

    total: int
    fixed: int = 0


NONE = Count(0)
_WEIGHTLESS = (
    "InputLayer", "Activation", "Dropout", "SpatialDropout", "AlphaDropout", "Gaussian", "ReLU", "LeakyReLU", "ELU",
    "ThresholdedReLU", "Softmax", "Sigmoid", "Tanh", "LogSoftmax", "GELU", "SiLU", "SELU", "Hardswish", "Identity",
    "Flatten", "MaxPooling", "AveragePooling", "Global", "Reshape", "Permute", "RepeatVector", "ZeroPadding", "Cropping",
    "UpSampling", "Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Concatenate", "Dot", "Rescaling",
    "Resizing", "CenterCrop", "Random", "Masking", "Operation", "Adaptive", "ActivityRegularization",
)  # fmt: skip


def parameter_count(layer: Layer, inputs: Sequence[Shape]) -> Count | None:
    """Parameters of a layer for these input shapes; None when they do not follow from what is known."""
    if layer.shared_with is not None:
        return NONE
    if layer.layers:
        return _nested(layer, inputs)
    if layer.kind == "Embedding":
        return _embedded(layer)
    for starts, rule in _RULES:
        if layer.kind.startswith(starts):
            channels = inputs[0][-1] if inputs and inputs[0] else None
            return None if channels is None else rule(layer, channels)
    return NONE if layer.kind.startswith(_WEIGHTLESS) else None


def counts(network: Network) -> tuple[Count | None, ...]:
    """Parameters of each layer in turn."""
    known = shapes(network)
    found: list[Count | None] = []
    for position, layer in enumerate(network.layers):
        given = inputs_of(network, position, known)
        found.append(parameter_count(layer, given if given is not None else ()))
    return tuple(found)


def _bias(layer: Layer, width: int) -> int:
    return 0 if layer.use_bias is False else width


def _convolved(layer: Layer, channels: int) -> Count | None:
    if layer.filters is None or layer.kernel is None:
        return None
    window = prod(windows(layer.kernel, rank(layer.kind), 1))
    return Count(window * (channels // (layer.groups or 1)) * layer.filters + _bias(layer, layer.filters))


def _separable(layer: Layer, channels: int) -> Count | None:
    if layer.filters is None or layer.kernel is None:
        return None
    deep = channels * (layer.depth_multiplier or 1)
    window = prod(windows(layer.kernel, rank(layer.kind), 1))
    return Count(window * deep + deep * layer.filters + _bias(layer, layer.filters))


def _depthwise(layer: Layer, channels: int) -> Count | None:
    if layer.kernel is None:
        return None
    deep = channels * (layer.depth_multiplier or 1)
    return Count(prod(windows(layer.kernel, rank(layer.kind), 1)) * deep + _bias(layer, deep))


def _dense(layer: Layer, channels: int) -> Count | None:
    return None if layer.units is None else Count(channels * layer.units + _bias(layer, layer.units))


def _normalised(layer: Layer, channels: int) -> Count | None:
    trained = channels * ((layer.gamma is not False) + (layer.centre is not False))
    return Count(trained + 2 * channels, 2 * channels)


def _layer_normalised(layer: Layer, channels: int) -> Count | None:
    return Count(channels * ((layer.gamma is not False) + (layer.centre is not False)))


def _recurrent(gates: int) -> Callable[[Layer, int], Count | None]:
    def rule(layer: Layer, channels: int) -> Count | None:
        if layer.units is None:
            return None
        biases = _bias(layer, layer.units) * (2 if gates == 3 and layer.reset_after is not False else 1)
        return Count(gates * (layer.units * (layer.units + channels) + biases))

    return rule


def _embedded(layer: Layer) -> Count | None:
    if layer.vocabulary is None or layer.units is None:
        return None
    return Count(layer.vocabulary * layer.units)


def _nested(layer: Layer, inputs: Sequence[Shape]) -> Count | None:
    start = inputs[0] if inputs else layer.input_shape
    inner = counts(Network(layer.layers, "script", input_shape=start))
    known = [count for count in inner if count is not None]
    if len(known) < len(inner):
        return None
    return Count(sum(count.total for count in known), sum(count.fixed for count in known))


_RULES: tuple[tuple[str | tuple[str, ...], Callable[[Layer, int], Count | None]], ...] = (
    ("SeparableConv", _separable),
    ("DepthwiseConv", _depthwise),
    (("Conv1D", "Conv2D", "Conv3D"), _convolved),
    ("Dense", _dense),
    ("BatchNormalization", _normalised),
    ("LayerNormalization", _layer_normalised),
    ("LSTM", _recurrent(4)),
    ("GRU", _recurrent(3)),
    ("SimpleRNN", _recurrent(1)),
)
