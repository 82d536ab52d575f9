"""Resampling without antialias, at half-pixel centres, as `tf.image.resize` does unless asked otherwise.

Each axis is a small table: for each output position the input positions it reads (its taps) and their
weights. An output position i lies at (i + 0.5) * in / out - 0.5 of the input's pixel centres.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.preparation import Kernel

Floats = NDArray[np.float64]
Taps = tuple[NDArray[np.int64], NDArray[np.float32]]


def sample(values: NDArray[np.generic], height: int, width: int, kernel: Kernel) -> NDArray[np.float32]:
    """(h, w, c) to float32 (height, width, c)."""
    down = _along_rows(values.astype(np.float32, copy=False), *taps(values.shape[0], height, kernel))
    turned = _along_rows(down.swapaxes(0, 1), *taps(values.shape[1], width, kernel))
    return np.ascontiguousarray(turned.swapaxes(0, 1))


def _along_rows(
    values: NDArray[np.float32], positions: NDArray[np.int64], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    out = values[positions[:, 0]] * weights[:, 0, None, None]
    for tap in range(1, positions.shape[1]):
        out += values[positions[:, tap]] * weights[:, tap, None, None]
    return out


@lru_cache(maxsize=64)
def taps(size: int, wanted: int, kernel: Kernel) -> Taps:
    """(positions, weights) of shape (wanted, taps): what each output position reads, weights adding to 1."""
    if kernel == "area":
        return _area(size, wanted)
    centres = (np.arange(wanted) + 0.5) * (size / wanted) - 0.5
    if kernel == "nearest":
        nearest = np.clip(np.floor(centres + 0.5), 0, size - 1).astype(np.int64)[:, None]
        return nearest, np.ones((wanted, 1), np.float32)
    shape, reach = _KERNELS[kernel]
    positions = np.floor(centres)[:, None] + np.arange(1 - reach, reach + 1)
    weights = shape(np.abs(positions - centres[:, None]))
    if kernel == "bilinear":  # a pixel beyond the edge is the edge pixel
        return _bounded(positions, weights, size)
    weights[(positions < 0) | (positions > size - 1)] = 0.0  # beyond the edge nothing counts
    return _bounded(positions, weights / weights.sum(axis=1, keepdims=True), size)


def _bounded(positions: Floats, weights: Floats, size: int) -> Taps:
    return np.clip(positions, 0, size - 1).astype(np.int64), weights.astype(np.float32)


def _area(size: int, wanted: int) -> Taps:
    """Each output pixel is the mean of the input area that it covers, with fractions at its ends."""
    scale = size / wanted
    start = np.arange(wanted) * scale
    reach = int(np.ceil(scale)) + 1
    positions = np.floor(start)[:, None] + np.arange(reach)
    inside = np.minimum(positions + 1, (start + scale)[:, None]) - np.maximum(positions, start[:, None])
    weights = np.clip(inside, 0.0, 1.0)
    weights[positions > size - 1] = 0.0
    return _bounded(positions, weights / weights.sum(axis=1, keepdims=True), size)


def _triangle(distance: Floats) -> Floats:
    return np.maximum(1.0 - distance, 0.0)


def _keys(distance: Floats) -> Floats:
    """Keys' cubic with a = -0.5 (Keys 1981, IEEE Trans. ASSP 29)."""
    near = (1.5 * distance - 2.5) * distance**2 + 1.0
    far = ((-0.5 * distance + 2.5) * distance - 4.0) * distance + 2.0
    return np.where(distance < 1, near, np.where(distance < 2, far, 0.0))


def _lanczos3(distance: Floats) -> Floats:
    return np.where(distance < 3, np.sinc(distance) * np.sinc(distance / 3), 0.0)


_KERNELS: dict[str, tuple[Callable[[Floats], Floats], int]] = {
    "bilinear": (_triangle, 1),
    "bicubic": (_keys, 2),
    "lanczos": (_lanczos3, 3),
}
