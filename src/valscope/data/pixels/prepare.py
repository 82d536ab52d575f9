"""The one path from an image to a network's input. Training, evaluation, prediction and export use it."""

from __future__ import annotations

import os
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from valscope.data.pixels import scale
from valscope.data.pixels.decode import open_image
from valscope.data.pixels.resize import resize_array, resize_image
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

Source = bytes | str | os.PathLike[str] | NDArray[Any]
# ITU-R BT.601 luma, the weights of Pillow's conversion to grey.
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def pixels(source: Source, preparation: Preparation, name: str = "") -> NDArray[Any]:
    """One image as (height, width, channels) of the preparation, RGB or grey.

    source  path, the bytes of a file, or an array of shape (h, w), (h, w, 1), (h, w, 3) or (h, w, 4).
    Result  uint8; float32 where the source is an array of floats, which keeps its own scale.
    Raises DataError where the source is no image.
    """
    if isinstance(source, np.ndarray):
        return _from_array(source, preparation)
    return resize_image(open_image(source, preparation, name).image, preparation)


def network_input(batch: NDArray[np.generic], preparation: Preparation) -> NDArray[np.float32]:
    """Prepared pixels (n, height, width, channels) to the float32 that the network gets."""
    return scale.apply(batch, preparation)


def _from_array(values: NDArray[Any], preparation: Preparation) -> NDArray[Any]:
    values = _coloured(values[:, :, None] if values.ndim == 2 else values, preparation)
    if preparation.leaves(values.shape):
        return values
    return resize_array(values, preparation)


def _coloured(values: NDArray[Any], preparation: Preparation) -> NDArray[Any]:
    if values.ndim != 3 or values.shape[2] not in (1, 3, 4) or 0 in values.shape:
        raise DataError(
            f"An image array must have the shape (height, width), or that with 1, 3 or 4 channels; "
            f"got {values.shape}."
        )
    if values.dtype != np.uint8:
        values = values.astype(np.float32, copy=False)
    if values.shape[2] == 4:
        values = _without_alpha(values, preparation)
    if preparation.colour == "grey_rgb":
        return np.repeat(_grey(values) if values.shape[2] == 3 else values, 3, axis=2)
    if values.shape[2] == preparation.channels:
        return values
    if preparation.channels == 3:
        return np.repeat(values, 3, axis=2)
    return _grey(values)


def _without_alpha(values: NDArray[Any], preparation: Preparation) -> NDArray[Any]:
    if values.dtype != np.uint8:
        raise DataError("Float images with 4 channels have no known range for alpha; give 1 or 3 channels.")
    if preparation.alpha == "drop":
        return values[:, :, :3]
    ground = Image.new("RGBA", (values.shape[1], values.shape[0]), preparation.alpha)
    ground.alpha_composite(Image.fromarray(np.ascontiguousarray(values)))
    return np.asarray(ground.convert("RGB"))


def _grey(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype != np.uint8:
        grey: NDArray[Any] = values @ _LUMA
        return grey[:, :, None]
    return np.asarray(Image.fromarray(np.ascontiguousarray(values)).convert("L"))[:, :, None]
