"""Any image size to the network's: the kernel, whether it widens when shrinking, and the geometry.

With `antialias` Pillow resamples (its "nearest" is what `keras.utils.load_img` does by default); without,
`sampling` does as `tf.image.resize` would.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from valscope.data.pixels.sampling import sample
from valscope.nouns.preparation import Preparation

_PILLOW = {"nearest": "NEAREST", "bilinear": "BILINEAR", "bicubic": "BICUBIC", "lanczos": "LANCZOS",
           "area": "BOX"}  # fmt: skip

Box = tuple[int, int, int, int]


def crop_box(width: int, height: int, preparation: Preparation) -> Box:
    """(left, top, right, bottom) of what is kept, in whole pixels, as Keras' `crop_to_aspect_ratio` cuts."""
    cut_width, cut_height = width, height
    if preparation.geometry == "crop":
        cut_width = max(1, min(width, height * preparation.width // preparation.height))
        cut_height = max(1, min(height, width * preparation.height // preparation.width))
    cut_width = max(1, round(cut_width * preparation.centre))
    cut_height = max(1, round(cut_height * preparation.centre))
    left, top = (width - cut_width) // 2, (height - cut_height) // 2
    return (left, top, left + cut_width, top + cut_height)


def inner_size(width: int, height: int, preparation: Preparation) -> tuple[int, int]:
    """(width, height) that the kept part is resampled to: the network's, or smaller with "pad"."""
    if preparation.geometry != "pad":
        return preparation.width, preparation.height
    factor = min(preparation.width / width, preparation.height / height)
    return (
        min(preparation.width, max(1, round(width * factor))),
        min(preparation.height, max(1, round(height * factor))),
    )


def whole_size(width: int, height: int, preparation: Preparation) -> tuple[int, int]:
    """(width, height) that the whole image, cut parts included, would have after resampling, rounded up."""
    left, top, right, bottom = crop_box(width, height, preparation)
    inner_width, inner_height = inner_size(width, height, preparation)
    return -(-width * inner_width // (right - left)), -(-height * inner_height // (bottom - top))


def resize_image(image: Image.Image, preparation: Preparation) -> NDArray[np.uint8]:
    """A Pillow image of mode "RGB" or "L" to uint8 (height, width, channels) of the preparation."""
    if preparation.axes != "kept":
        return _exchanged(resize_image(image, preparation.drawn), preparation)
    if not preparation.antialias:
        return resize_array(_three(np.asarray(image)), preparation)
    box = crop_box(*image.size, preparation)
    inner = inner_size(*image.size, preparation)
    if image.size != inner or box != (0, 0, *image.size):
        image = image.resize(inner, _resampling(preparation), box)
    return _padded(_three(np.asarray(image)), preparation)


def resize_array(values: NDArray[Any], preparation: Preparation) -> NDArray[Any]:
    """(h, w, c) to (height, width, c); uint8 stays uint8, anything else becomes float32, unrounded."""
    if preparation.axes != "kept":
        return _exchanged(resize_array(values, preparation.drawn), preparation)
    height, width = values.shape[:2]
    left, top, right, bottom = crop_box(width, height, preparation)
    inner_width, inner_height = inner_size(width, height, preparation)
    kept = values[top:bottom, left:right]
    if preparation.antialias:
        resized = _by_planes(kept, inner_width, inner_height, preparation)
    else:
        resized = sample(kept, inner_height, inner_width, preparation.kernel)
    if values.dtype == np.uint8:
        resized = np.clip(np.rint(resized), 0, 255).astype(np.uint8)
    return _padded(resized, preparation)


def _exchanged(values: NDArray[Any], preparation: Preparation) -> NDArray[Any]:
    """(width, height, channels) to (height, width, channels): turned over, or only called so."""
    if preparation.axes == "reshaped":
        return values.reshape(preparation.shape)
    return np.ascontiguousarray(values.swapaxes(0, 1))


def _by_planes(values: NDArray[Any], width: int, height: int, preparation: Preparation) -> NDArray[Any]:
    """Pillow on each channel: as bytes where they are bytes, so that a file and its array agree exactly."""
    kind = np.uint8 if values.dtype == np.uint8 else np.float32
    planes = [Image.fromarray(np.ascontiguousarray(values[:, :, c], kind)) for c in range(values.shape[2])]
    filter_ = _resampling(preparation)
    return np.stack([np.asarray(plane.resize((width, height), filter_)) for plane in planes], axis=-1)


def _resampling(preparation: Preparation) -> Any:
    return Image.Resampling[_PILLOW[preparation.kernel]]


def _three(values: NDArray[Any]) -> NDArray[Any]:
    return values if values.ndim == 3 else values[:, :, None]


def _padded(values: NDArray[Any], preparation: Preparation) -> NDArray[Any]:
    height, width = values.shape[:2]
    if (height, width) == (preparation.height, preparation.width):
        return values
    top, left = (preparation.height - height) // 2, (preparation.width - width) // 2
    canvas = np.zeros((preparation.height, preparation.width, values.shape[2]), values.dtype)
    canvas[top : top + height, left : left + width] = values
    return canvas
