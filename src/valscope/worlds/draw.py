"""Tiny drawn sets of images whose truth is known. Each is a pure function of its seed.

blobs     a bright patch whose place tells the class: a small network learns it in a few epochs.
bars      stripes whose direction tells the class, at any place.
arrows    left and right: mirror images of one another.
letters   glyphs of 5 x 5 at any place: only convolutions learn these and arrows.
vectors   feature vectors, for heads without images.

Brightness, place and noise vary in all of them. `worlds.spoil` plants what users do to such sets.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.worlds.world import Drawn

NAMES = ("beech", "birch", "cedar", "elm", "fir", "larch", "maple", "oak", "pine", "yew")
SIDE = 16
GLYPHS = {
    "A": "01110 10001 11111 10001 10001", "C": "01111 10000 10000 10000 01111",
    "E": "11111 10000 11110 10000 11111", "H": "10001 10001 11111 10001 10001",
    "K": "10010 10100 11000 10100 10010", "T": "11111 00100 00100 00100 00100",
    "X": "10001 01010 00100 01010 10001", "Z": "11111 00010 00100 01000 11111",
}  # fmt: skip
ARROW = "0010000 0110000 1111111 0110000 0010000"  # points left

Paint = Callable[[int, np.random.Generator, int], NDArray[np.float64]]


def blobs(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100), side: int = SIDE, contrast: float = 70
) -> Drawn:
    """Rows stand in random order. Class k's patch stands in place k of a ring."""
    return _drawn(seed, counts, side, _patch(len(counts)), contrast)


def bars(seed: int = 0, counts: Sequence[int] = (100, 100), side: int = SIDE, contrast: float = 90) -> Drawn:
    """Class k's stripe runs at the angle 180 k / K degrees."""
    return _drawn(seed, counts, side, _stripe(len(counts)), contrast)


def arrows(
    seed: int = 0, counts: Sequence[int] = (100, 100), side: int = SIDE, contrast: float = 110
) -> Drawn:
    """Two classes, left and right."""
    return _drawn(seed, counts, side, _arrow, contrast, ("left", "right"))


def letters(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100, 100), side: int = SIDE, contrast: float = 120
) -> Drawn:
    """One glyph a class, at any place."""
    names = tuple(GLYPHS)[: len(counts)]
    return _drawn(seed, counts, side, _glyph, contrast, names)


def vectors(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100), size: int = 64, apart: float = 3
) -> Drawn:
    """float32 vectors of `size` numbers, never negative, as a ReLU network leaves them; classes lie `apart`
    standard deviations."""
    rng = np.random.default_rng([seed, 21])
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    centres = rng.normal(0, 1, (len(counts), size))
    centres *= apart / np.linalg.norm(centres, axis=1, keepdims=True)
    values = np.maximum(centres[labels] + rng.normal(0, 1, (len(labels), size)), 0)
    return Drawn(values.astype(np.float32), labels, NAMES[: len(counts)])


def _drawn(
    seed: int, counts: Sequence[int], side: int, paint: Paint, contrast: float, names: Sequence[str] = NAMES
) -> Drawn:
    """Dim noisy ground of one tint, a shape of `contrast` grey levels on it, rows in random order."""
    rng = np.random.default_rng([seed, 22])
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    images = np.empty((len(labels), side, side, 3), np.float64)
    for i, label in enumerate(labels):
        ground = rng.normal(80, 12) + rng.normal(0, 6, 3)
        shape = paint(int(label), rng, side)[..., None] * rng.normal(contrast, 0.15 * contrast)
        images[i] = ground + shape + rng.normal(0, 14, (side, side, 3))
    return Drawn(images.clip(0, 255).astype(np.uint8), labels, tuple(names[: len(counts)]))


def _patch(classes: int) -> Paint:
    def paint(label: int, rng: np.random.Generator, side: int) -> NDArray[np.float64]:
        turn = 2 * np.pi * label / classes
        at = side * (0.5 + 0.28 * np.array([np.sin(turn), np.cos(turn)])) + rng.normal(0, 0.05 * side, 2)
        y, x = np.mgrid[:side, :side] + 0.5
        near: NDArray[np.float64] = np.exp(-((y - at[0]) ** 2 + (x - at[1]) ** 2) / (2 * (0.14 * side) ** 2))
        return near

    return paint


def _stripe(classes: int) -> Paint:
    def paint(label: int, rng: np.random.Generator, side: int) -> NDArray[np.float64]:
        angle = np.pi * label / classes + rng.normal(0, 0.08)
        y, x = np.mgrid[:side, :side] + 0.5 - side / 2
        away = y * np.cos(angle) - x * np.sin(angle) - rng.normal(0, 0.12 * side)
        near: NDArray[np.float64] = np.exp(-(away**2) / (2 * (0.09 * side) ** 2))
        return near

    return paint


def _arrow(label: int, rng: np.random.Generator, side: int) -> NDArray[np.float64]:
    shape = _bitmap(ARROW)
    return _placed(shape if label == 0 else shape[:, ::-1], rng, side)


def _glyph(label: int, rng: np.random.Generator, side: int) -> NDArray[np.float64]:
    return _placed(_bitmap(list(GLYPHS.values())[label]), rng, side)


def _bitmap(rows: str) -> NDArray[Any]:
    return np.array([[int(c) for c in row] for row in rows.split()], np.float64)


def _placed(shape: NDArray[Any], rng: np.random.Generator, side: int) -> NDArray[np.float64]:
    """The bitmap, grown to about half the side, somewhere in the picture."""
    grown = np.kron(shape, np.ones((max(1, side // 12), max(1, side // 12))))
    top, left = (int(rng.integers(0, side - n + 1)) for n in grown.shape)
    canvas = np.zeros((side, side))
    canvas[top : top + grown.shape[0], left : left + grown.shape[1]] = grown
    return canvas
