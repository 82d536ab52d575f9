"""Arrays of items in whatever layout and number format, to (n, height, width, channels) or (n, d).

Floats that are whole levels of 0..255, divided by 255 or not, become uint8 without loss, so that one scale serves
arrays and files alike. Other floats keep the scale that their owner gave them, and a notice says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.errors import DataError
from valscope.nouns.dataset import Notice

CHANNELS = (1, 3, 4)
# A level divided by 255 in half precision is off by 2**-12 at most, which is a sixteenth of a level; float32 and
# float64 are closer by far.
NEAR = 0.07
# Values read at a time, 64 MiB as float32, so that an array on disk stays there.
_CHUNK = 2**24


def tidy_items(values: NDArray[Any], origin: str) -> tuple[NDArray[Any], tuple[Notice, ...]]:
    """Images as (n, height, width, channels) or vectors as (n, d), and what had to be changed.

    Raises DataError for shapes that are neither, for no items, and for values that are not finite numbers.
    """
    if values.dtype == object or values.dtype.kind not in "buif":
        raise DataError(f"{origin} holds items of type {values.dtype}; give numbers, all items of one shape.")
    if values.ndim < 2 or 0 in values.shape:
        raise DataError(
            f"{origin} has the shape {values.shape}; give (n, height, width[, channels]) or (n, d)."
        )
    values, notices = _laid_out(values, origin)
    low, high = _range(values, origin)
    if values.ndim == 2:
        return (values if values.dtype == np.float32 else values.astype(np.float32)), notices
    values, more = _levels(values, low, high)
    return values, notices + more


def _laid_out(values: NDArray[Any], origin: str) -> tuple[NDArray[Any], tuple[Notice, ...]]:
    if values.ndim == 2:
        return values, ()
    if values.ndim == 3:
        return values[..., None], ()
    if values.ndim == 4 and values.shape[3] in CHANNELS:
        return values, ()
    if values.ndim == 4 and values.shape[1] in CHANNELS:
        text = (
            f"Images of shape {values.shape[1:]} have their channels first and were turned to channels last."
        )
        return np.moveaxis(values, 1, 3), (Notice("channels_first", text),)
    flat = values.reshape(len(values), -1)
    text = f"Items of shape {values.shape[1:]} are no images and were taken as vectors of {flat.shape[1]:,} numbers."
    return flat, (Notice("flattened", text),)


def _range(values: NDArray[Any], origin: str) -> tuple[float, float]:
    lows, highs = zip(*((float(chunk.min()), float(chunk.max())) for chunk in chunks(values)))
    if not np.isfinite((*lows, *highs)).all():
        raise DataError(f"{origin} holds numbers that are not finite (NaN or infinite); remove those items.")
    return min(lows), max(highs)


def _levels(values: NDArray[Any], low: float, high: float) -> tuple[NDArray[Any], tuple[Notice, ...]]:
    """To uint8 where nothing is lost by it or the format says how."""
    if values.dtype == np.uint8 and high > 1:
        return values, ()
    if low >= 0 and high <= 1 and _whole(values, 255.0):
        if values.dtype.kind == "f":
            return _uint8(values, 255.0), (
                _scaled("unit_pixels", "levels divided by 255", "multiplied by 255"),
            )
        return _uint8(values, 255.0), (_scaled("binary_pixels", "only 0 and 1", "multiplied by 255"),)
    if low >= 0 and high <= 255 and _whole(values, 1.0):
        return _uint8(values, 1.0), ()
    if values.dtype == np.uint16:
        return _uint8(values, 255 / 65535), (_scaled("deep", "16-bit levels", "divided by 257"),)
    text = (
        f"Pixels are numbers from {low:.4g} to {high:.4g} and no levels of 0..255: they go to the network as they "
        f"are, without further scaling, and images to predict must be given in the same scale."
    )
    return values.astype(np.float32, copy=False), (Notice("float_pixels", text),)


def _scaled(code: str, what: str, how: str) -> Notice:
    return Notice(
        code, f"Pixels were {what}; they were {how} to levels of 0..255, which the preparation scales."
    )


def _whole(values: NDArray[Any], factor: float) -> bool:
    for chunk in chunks(values):
        scaled = chunk.astype(np.float32) * np.float32(factor)
        if np.abs(scaled - np.rint(scaled)).max() > NEAR:
            return False
    return True


def _uint8(values: NDArray[Any], factor: float) -> NDArray[np.uint8]:
    out = np.empty(values.shape, np.uint8)
    step = _step(values)
    for start in range(0, len(values), step):
        out[start : start + step] = np.rint(
            values[start : start + step].astype(np.float32) * np.float32(factor)
        )
    return out


def chunks(values: NDArray[Any]) -> Iterator[NDArray[Any]]:
    """Consecutive rows, so many that they hold some 16 million numbers."""
    step = _step(values)
    return (values[start : start + step] for start in range(0, len(values), step))


def _step(values: NDArray[Any]) -> int:
    return max(1, _CHUNK // max(1, int(np.prod(values.shape[1:]))))
