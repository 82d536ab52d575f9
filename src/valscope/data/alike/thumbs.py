"""A few numbers a picture, enough to find its copies however they were resaved, resized, turned or flipped.

A picture is stretched to a square grid and described by the lowest coefficients of its discrete cosine
transform. There the eight turns and flips of a square are sign changes and a transposition, so all eight
can be compared without touching pixels again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Read: TypeAlias = Callable[[NDArray[np.int64]], NDArray[Any]]
Floats: TypeAlias = NDArray[np.float32]
Halves: TypeAlias = NDArray[np.float16]

GRID = 32  # the square grid; anything finer than 1/32 of the side is lost when tiny pictures are resaved
LOW = (
    8  # 8 x 8 coefficients compare: they survive JPEG at quality 30 and shrinking to 70 % (see the evidence)
)
HIGH = 16  # 16 x 16 coefficients verify
COLOUR = 4  # 4 x 4 coefficients of each colour difference

TURNS = (
    "same",
    "flipped vertically",
    "flipped horizontally",
    "rotated by 180 degrees",
    "flipped and rotated by 90 degrees",
    "rotated by 270 degrees",
    "rotated by 90 degrees",
    "flipped and rotated by 270 degrees",
)
"""What the second of two pictures is to the first, when turn number i of the second gives the first: bit 1 of i
reverses the rows, bit 2 the columns, after bit 4 transposed. Rotations are counter-clockwise, as in Pillow."""


@dataclass(frozen=True, slots=True, eq=False)
class Thumbs:
    """What is kept of n pictures: about 0.9 kB each.

    low       (n, 8, 8) brightness coefficients without the mean, unit length.
    high      (n, 16, 16) float16, the same with finer ones.
    chroma    (n, 2, 4, 4) float16 coefficients of the two colour differences, in levels of 0..255.
    contrast  (n,) root mean square of the low coefficients, in levels of 0..255.
    pixels    a digest of the pixels as they were read.
    """

    low: Floats
    high: Halves
    chroma: Halves
    contrast: Floats
    pixels: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.pixels)

    def take(self, rows: NDArray[np.int64]) -> Thumbs:
        """The thumbs of some rows, in that order."""
        pixels = tuple(self.pixels[i] for i in rows.tolist())
        return Thumbs(self.low[rows], self.high[rows], self.chroma[rows], self.contrast[rows], pixels)


def describe(read: Read, n: int, batch: int = 256) -> Thumbs:
    """Thumbs of n pictures.

    read  gives the pictures at some rows as (b, height, width[, channels]), all of one size. 64 x 64 is enough.
          Values are levels of 0..255 when uint8, otherwise the range of the first batch is taken for that.
    """
    chunks: list[tuple[Floats, Halves, Halves, Floats, list[bytes]]] = []
    scale = 1.0
    for start in range(0, n, batch):
        images = read(np.arange(start, min(start + batch, n), dtype=np.int64))
        if start == 0 and images.dtype != np.uint8 and np.ptp(images) > 0:
            scale = 255 / float(np.ptp(images))
        chunks.append(_describe(images, scale))
    low, high, chroma, contrast, pixels = zip(*(chunks or [_describe(np.zeros((0, GRID, GRID)), 1.0)]))
    digests = tuple(digest for chunk in pixels for digest in chunk)
    whole = np.concatenate
    return Thumbs(whole(low), whole(high), whole(chroma), whole(contrast), digests)


def turned(coefficients: NDArray[np.floating]) -> Iterator[NDArray[np.floating]]:
    """The coefficients (..., k, k) of the eight turns and flips, in the order of TURNS."""
    sign = np.where(np.arange(coefficients.shape[-1]) % 2, -1, 1).astype(coefficients.dtype)
    for turn in range(8):
        c = np.swapaxes(coefficients, -1, -2) if turn & 4 else coefficients
        c = c * sign[:, None] if turn & 1 else c
        yield c * sign if turn & 2 else c


def _describe(images: NDArray[Any], scale: float) -> tuple[Floats, Halves, Halves, Floats, list[bytes]]:
    levels = images.astype(np.float32) * np.float32(scale)
    y, blue, red = _planes(levels if levels.ndim == 4 else levels[..., None])
    full = _cosines(y, HIGH)
    full[:, 0, 0] = 0
    low = full[:, :LOW, :LOW]
    chroma = np.stack([_cosines(blue, COLOUR), _cosines(red, COLOUR)], axis=1) / GRID
    contrast = np.sqrt((low**2).sum((1, 2))) / GRID
    digests = [blake2b(np.ascontiguousarray(image).data, digest_size=16).digest() for image in images]
    return _unit(low), _unit(full).astype(np.float16), chroma.astype(np.float16), contrast, digests


def _planes(images: Floats) -> tuple[Floats, Floats, Floats]:
    """Brightness and the two colour differences of JPEG (ITU-R BT.601)."""
    if images.shape[3] < 3:
        y = images.mean(3)
        return y, np.zeros_like(y), np.zeros_like(y)
    r, g, b = images[..., 0], images[..., 1], images[..., 2]
    y = 0.299 * r + 0.587 * g + 0.114 * b
    return y, 0.564 * (b - y), 0.713 * (r - y)


def _cosines(plane: Floats, k: int) -> Floats:
    """The lowest k x k coefficients of each plane (b, height, width), averaged down to the grid first."""
    across, down = _basis(plane.shape[2], k), _basis(plane.shape[1], k)
    found: Floats = down @ (plane @ across.T)
    return found


def _basis(size: int, k: int) -> Floats:
    """(k, size): the orthonormal DCT-II of the grid applied to area averages of `size` pixels."""
    edges = np.arange(GRID + 1) * size / GRID
    start, stop = edges[:-1, None], edges[1:, None]
    pixel = np.arange(size)[None]
    average = np.clip(np.minimum(stop, pixel + 1) - np.maximum(start, pixel), 0, None) / (size / GRID)
    angles = np.pi * (2 * np.arange(GRID) + 1)[None] * np.arange(k)[:, None] / (2 * GRID)
    waves = np.cos(angles) * np.sqrt(np.where(np.arange(k) == 0, 1, 2) / GRID)[:, None]
    basis: Floats = (waves @ average).astype(np.float32)
    return basis


def _unit(coefficients: Floats) -> Floats:
    length = np.sqrt((coefficients**2).sum((1, 2), keepdims=True))
    unit: Floats = coefficients / np.maximum(length, 1e-6)
    return unit
