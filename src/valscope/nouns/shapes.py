"""Output shapes of layers, recomputed. Shapes leave the batch out; a dimension that is not known is None.

Formulas are those of keras.layers (Keras 3; the same since Keras 1): "valid" gives floor((n - k) / s) + 1 with
k = dilation * (kernel - 1) + 1, "same" gives ceil(n / s), a transposed "valid" n * s + max(k - s, 0).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod

from valscope.nouns.network import Layer, Network, Shape

_GLOBAL = ("GlobalAveragePooling", "GlobalMaxPooling")
_UNCHANGED = (
    "Activation", "Dropout", "SpatialDropout", "AlphaDropout", "Gaussian", "BatchNormalization", "Layer", "GroupNorm",
    "UnitNorm", "ReLU", "LeakyReLU", "PReLU", "ELU", "ThresholdedReLU", "Softmax", "Sigmoid", "Tanh", "LogSoftmax",
    "GELU", "SiLU", "SELU", "Hardswish", "Identity", "ActivityRegularization", "Masking", "Rescaling", "Normalization",
    "RandomFlip", "RandomRotation", "RandomZoom", "RandomTranslation", "RandomContrast", "RandomBrightness",
    "Operation",
)  # fmt: skip


def output_shape(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    """Shape of the layer's output for these input shapes; None when it does not follow from what is known."""
    if layer.kind == "InputLayer":
        return layer.input_shape
    if layer.layers:
        return _nested(layer, inputs)
    if not inputs:
        return None
    for starts, rule in _RULES:
        if layer.kind.startswith(starts):
            return rule(layer, inputs)
    return None


def shapes(network: Network) -> tuple[Shape | None, ...]:
    """Output shape of each layer in turn, from the network's input on."""
    found: list[Shape | None] = []
    for position in range(len(network.layers)):
        given = inputs_of(network, position, found)
        found.append(None if given is None else output_shape(network.layers[position], given))
    return tuple(found)


def inputs_of(network: Network, position: int, known: Sequence[Shape | None]) -> tuple[Shape, ...] | None:
    """Input shapes of a layer, given the output shapes of those before; None when one is not known."""
    layer = network.layers[position]
    if layer.kind == "InputLayer":
        return ()
    given: list[Shape | None] = []
    if layer.inputs:
        for name in layer.inputs:
            before = name.removeprefix("#")
            given.append(
                known[int(before)] if before.isdigit() and int(before) < position else network.input_shape
            )
    elif position == 0:
        given = [layer.input_shape or network.input_shape]
    else:
        given = [known[position - 1]]
    if any(shape is None for shape in given):
        return None
    return tuple(shape for shape in given if shape is not None)


def rank(kind: str) -> int:
    """Number of spatial dimensions that a class name tells: 2 for "Conv2D"; 2 too where it tells none."""
    return next((int(digit) for digit in ("1", "2", "3") if f"{digit}D" in kind), 2)


def windows(setting: tuple[int, ...] | None, count: int, default: int) -> tuple[int, ...]:
    """A kernel, pool or stride for `count` dimensions, from what was written."""
    if setting is None:
        return (default,) * count
    return (setting * count)[:count] if len(setting) == 1 else setting[:count]


def slide(n: int | None, window: int, stride: int, padding: str | None, dilation: int = 1) -> int | None:
    """Length after a window slid over a length of n."""
    if n is None or stride < 1:
        return None
    if padding == "same":
        return -(-n // stride)
    reach = dilation * (window - 1) + 1
    return (n - reach) // stride + 1 if n >= reach else None


def _spatial(layer: Layer, shape: Shape, window: tuple[int, ...], strides: tuple[int, ...]) -> Shape | None:
    count = rank(layer.kind)
    if len(shape) != count + 1:
        return None
    dilation = windows(layer.dilation, count, 1)
    around = layer.border if layer.padding == "explicit" and layer.border else ((0, 0),) * count
    known = []
    for n, k, s, d, pads in zip(shape[:count], window, strides, dilation, around):
        after = slide(None if n is None else n + sum(pads), k, s, layer.padding, d)
        if after is None and n is not None:
            return None
        known.append(after)
    return tuple(known)


def _convolved(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    count = rank(layer.kind)
    if layer.kernel is None or (layer.filters is None and layer.width == ""):
        return None
    window, strides = windows(layer.kernel, count, 1), windows(layer.strides, count, 1)
    place = _spatial(layer, inputs[0], window, strides)
    return None if place is None else (*place, layer.filters)


def _depthwise(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    if layer.kernel is None:
        return None
    count = rank(layer.kind)
    place = _spatial(layer, inputs[0], windows(layer.kernel, count, 1), windows(layer.strides, count, 1))
    channels = inputs[0][-1]
    return (
        None
        if place is None
        else (*place, None if channels is None else channels * (layer.depth_multiplier or 1))
    )


def _transposed(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    count = rank(layer.kind)
    shape = inputs[0]
    if layer.kernel is None or len(shape) != count + 1:
        return None
    window, strides = windows(layer.kernel, count, 1), windows(layer.strides, count, 1)
    grown = tuple(
        None if n is None else n * s + (0 if layer.padding == "same" else max(k - s, 0))
        for n, k, s in zip(shape, window, strides)
    )
    return (*grown, layer.filters)


def _pooled(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    count = rank(layer.kind)
    pool = windows(layer.pool, count, 2)
    strides = pool if layer.strides is None else windows(layer.strides, count, 1)
    place = _spatial(layer, inputs[0], pool, strides)
    return None if place is None else (*place, inputs[0][-1])


def _global(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    ones = (1,) * (len(inputs[0]) - 1) if layer.keepdims else ()
    return (*ones, inputs[0][-1])


def _dense(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    return (*inputs[0][:-1], layer.units)


def _flat(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    known = [n for n in inputs[0] if n is not None]
    return (prod(known),) if len(known) == len(inputs[0]) else (None,)


def _reshaped(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    if layer.shape is None or None in layer.shape or -1 not in layer.shape or None in inputs[0]:
        return layer.shape
    rest = prod(n for n in layer.shape if n is not None and n != -1)
    whole = prod(n for n in inputs[0] if n is not None)
    return tuple(whole // rest if n == -1 else n for n in layer.shape) if rest else None


def _bordered(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    sign = 1 if layer.kind.startswith("Zero") else -1
    border = layer.border or ((1, 1),) * rank(layer.kind)
    shape = inputs[0]
    if len(shape) != len(border) + 1 or (sign < 0 and layer.border is None):
        return None
    return (*(None if n is None else n + sign * sum(pads) for n, pads in zip(shape, border)), shape[-1])


def _upsampled(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    size = windows(layer.size, rank(layer.kind), 2)
    return (*(None if n is None else n * s for n, s in zip(inputs[0], size)), inputs[0][-1])


def _resized(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    return None if layer.size is None else (*layer.size, inputs[0][-1])


def _recurrent(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    return (inputs[0][0], layer.units) if layer.return_sequences else (layer.units,)


def _embedded(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    return (*inputs[0], layer.units)


def _repeated(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    return (layer.units, *inputs[0])


def _permuted(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    order = [n for n in layer.shape or () if n is not None]
    return (
        tuple(inputs[0][n - 1] for n in order)
        if sorted(order) == list(range(1, len(inputs[0]) + 1))
        else None
    )


def _joined(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    if layer.axis not in (None, -1, len(inputs[0])):
        return None
    widths = [shape[-1] for shape in inputs]
    return (*inputs[0][:-1], None if None in widths else sum(n for n in widths if n is not None))


def _first(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    return inputs[0]


def _nested(layer: Layer, inputs: Sequence[Shape]) -> Shape | None:
    start = inputs[0] if inputs else layer.input_shape
    inner = shapes(Network(layer.layers, "script", input_shape=start))
    return inner[-1] if inner else None


_RULES: tuple[tuple[str | tuple[str, ...], Callable[[Layer, Sequence[Shape]], Shape | None]], ...] = (
    (("Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"), _transposed),
    (("Conv1D", "Conv2D", "Conv3D", "SeparableConv", "LocallyConnected"), _convolved),
    ("DepthwiseConv", _depthwise),
    (_GLOBAL, _global),
    (("MaxPooling", "AveragePooling"), _pooled),
    ("Dense", _dense),
    ("Flatten", _flat),
    ("Reshape", _reshaped),
    (("ZeroPadding", "Cropping"), _bordered),
    ("UpSampling", _upsampled),
    (("Resizing", "CenterCrop"), _resized),
    (("LSTM", "GRU", "SimpleRNN"), _recurrent),
    ("Embedding", _embedded),
    ("RepeatVector", _repeated),
    ("Permute", _permuted),
    ("Concatenate", _joined),
    (("Add", "Multiply", "Average", "Maximum", "Minimum", "Subtract"), _first),
    (_UNCHANGED, _first),
)
