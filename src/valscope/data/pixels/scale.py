"""The second half of a preparation: uint8 pixels to the float32 numbers that a network sees.

Every scale but one is affine for each channel, so that it can be written into an exported model. Means and
deviations belong to a colour, not to a position: with order "bgr" they move with their channel.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope.errors import DataError, UsageError
from valscope.nouns.preparation import Order, Preparation, Scale

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Affine:
    """x * multiplier + offset, with one value for each of red, green and blue."""

    multiplier: tuple[float, float, float]
    offset: tuple[float, float, float]


def _same(multiplier: float, offset: float) -> Affine:
    return Affine((multiplier,) * 3, (offset,) * 3)


# Mean and deviation of ImageNet's training images after division by 255, and the mean before it, as
# keras.applications.imagenet_utils has them (modes "torch" and "caffe"; the latter written there as BGR).
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
CAFFE_MEAN = (123.68, 116.779, 103.939)


def _after_unit(scale: Affine) -> Affine:
    """A scale of pixels that were divided by 255 before: divided twice, a common fault of use."""
    return Affine(tuple(m / 255 for m in scale.multiplier), scale.offset)  # type: ignore[arg-type]


# None stands for the scales that are not affine, because they depend on the image: "image_max" divides it by its
# own maximum, "image_std" takes its own mean and deviation out, as tf.image.per_image_standardization does.
_ONCE: dict[Scale, Affine | None] = {
    "none": _same(1.0, 0.0),
    "unit": _same(1 / 255, 0.0),
    "symmetric": _same(1 / 127.5, -1.0),
    "imagenet": Affine(
        (1 / (255 * IMAGENET_STD[0]), 1 / (255 * IMAGENET_STD[1]), 1 / (255 * IMAGENET_STD[2])),
        (
            -IMAGENET_MEAN[0] / IMAGENET_STD[0],
            -IMAGENET_MEAN[1] / IMAGENET_STD[1],
            -IMAGENET_MEAN[2] / IMAGENET_STD[2],
        ),
    ),
    "caffe": Affine((1.0, 1.0, 1.0), (-CAFFE_MEAN[0], -CAFFE_MEAN[1], -CAFFE_MEAN[2])),
    "centred": _same(1 / 128, -127 / 128),
    "image_max": None,
    "image_std": None,
}
_TWICE: dict[Scale, Scale] = {
    "unit_unit": "unit",
    "unit_symmetric": "symmetric",
    "unit_imagenet": "imagenet",
    "unit_caffe": "caffe",
}
SCALES: dict[Scale, Affine | None] = _ONCE | {
    name: _after_unit(found) for name, once in _TWICE.items() if (found := _ONCE[once]) is not None
}

# What each module of keras.applications does in preprocess_input (Keras 3.15), and its networks. Where the
# network itself holds the rescaling, preprocess_input changes nothing: scale "none".
_MODULES: tuple[tuple[Scale, Order, str], ...] = (
    ("none", "rgb", "convnexttiny convnextsmall convnextbase convnextlarge convnextxlarge"),
    ("imagenet", "rgb", "densenet121 densenet169 densenet201"),
    ("none", "rgb", " ".join(f"efficientnetb{i}" for i in range(8))),
    ("none", "rgb", "efficientnetv2b0 efficientnetv2b1 efficientnetv2b2 efficientnetv2b3"),
    ("none", "rgb", "efficientnetv2s efficientnetv2m efficientnetv2l"),
    ("symmetric", "rgb", "inceptionresnetv2 inceptionv3 xception mobilenet mobilenetv2"),
    ("none", "rgb", "mobilenetv3small mobilenetv3large"),
    ("symmetric", "rgb", "nasnetmobile nasnetlarge resnet50v2 resnet101v2 resnet152v2"),
    ("caffe", "bgr", "resnet50 resnet101 resnet152 vgg16 vgg19"),
)

FAMILIES: dict[str, tuple[Scale, Order]] = {
    name: (scale, order) for scale, order, names in _MODULES for name in names.split()
}
"""Scale and channel order that each keras.applications network was trained with, by name in lower case."""


def affine(preparation: Preparation) -> tuple[Floats, Floats] | None:
    """(multiplier, offset), each float32 of shape (channels,), in the order that the network gets.

    None where the scale depends on the image. A grey channel gets the mean of the three colours' values.
    """
    found = SCALES.get(preparation.scale)
    if found is None:
        if preparation.scale not in SCALES:
            raise UsageError(f"There is no scale {preparation.scale!r}; use one of {', '.join(SCALES)}.")
        return None
    multiplier = np.array(found.multiplier, np.float64)
    offset = np.array(found.offset, np.float64)
    if preparation.channels == 1:
        multiplier, offset = multiplier.mean(keepdims=True), offset.mean(keepdims=True)
    elif preparation.order == "bgr":
        multiplier, offset = multiplier[::-1], offset[::-1]
    return multiplier.astype(np.float32), offset.astype(np.float32)


def apply(pixels: NDArray[np.generic], preparation: Preparation) -> Floats:
    """uint8 (n, height, width, channels) in RGB order to the network's float32 of the same shape.

    Float pixels were scaled by their owner and pass through as they are, channel order included.
    """
    if pixels.ndim != 4 or pixels.shape[-1] != preparation.channels:
        wanted = f"(n, height, width, {preparation.channels})"
        raise DataError(f"Pixels must have the shape {wanted}; got {pixels.shape}.")
    if np.issubdtype(pixels.dtype, np.floating):
        return np.asarray(pixels, np.float32)
    if preparation.order == "bgr" and preparation.channels == 3:
        pixels = pixels[..., ::-1]
    values = pixels.astype(np.float32, order="C")
    scaling = affine(preparation)
    if scaling is None:
        return _own(values, preparation.scale)
    multiplier, offset = (_single(part) for part in scaling)
    if np.any(multiplier != 1.0):
        values *= multiplier
    if np.any(offset != 0.0):
        values += offset
    return values


def _own(values: Floats, name: Scale) -> Floats:
    """Each image scaled by its own numbers."""
    if name == "image_max":
        greatest: Floats = np.maximum(values.max(axis=(1, 2, 3), keepdims=True), np.float32(1))
        return values / greatest
    least = np.float32(1 / np.sqrt(values[0].size)) if len(values) else np.float32(1)
    deviation = np.maximum(values.std(axis=(1, 2, 3), keepdims=True), least)
    return np.asarray((values - values.mean(axis=(1, 2, 3), keepdims=True)) / deviation, np.float32)


def _single(part: Floats) -> Floats:
    """One number where all channels have the same: NumPy then runs over whole rows, four times as fast."""
    return part[:1] if (part == part[0]).all() else part


def value_range(preparation: Preparation) -> tuple[float, float]:
    """Least and greatest number that the network can get, over all channels."""
    scaling = affine(preparation)
    if scaling is None:
        return (0.0, 1.0) if preparation.scale == "image_max" else (-3.0, 3.0)
    multiplier, offset = (part.astype(np.float64) for part in scaling)
    return float(offset.min()), float((255 * multiplier + offset).max())
