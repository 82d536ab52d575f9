"""The shapes of drawn images, with NumPy. Each painter takes (class, classes, generator, side) and gives a mask of
shape (side, side) with values 0..1."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.float64]
GLYPHS = {
    "A": "01110 10001 11111 10001 10001", "C": "01111 10000 10000 10000 01111",
    "E": "11111 10000 11110 10000 11111", "H": "10001 10001 11111 10001 10001",
    "K": "10010 10100 11000 10100 10010", "T": "11111 00100 00100 00100 00100",
    "X": "10001 01010 00100 01010 10001", "Z": "11111 00010 00100 01000 11111",
}  # fmt: skip
ARROW = "0010000 0110000 1111111 0110000 0010000"  # points left


def painted(
    kind: str, seed: int, counts: Sequence[int], side: int, contrast: float
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Images (n, side, side, 3) and labels (n,): dim noisy ground of one tint, a shape of `contrast` grey levels on
    it, rows in random order."""
    rng = np.random.default_rng([seed, 22])
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    images = np.empty((len(labels), side, side, 3), np.float64)
    for i, label in enumerate(labels):
        ground = rng.normal(80, 12) + rng.normal(0, 6, 3)
        shape = PAINTERS[kind](int(label), len(counts), rng, side)[..., None]
        images[i] = (
            ground + shape * rng.normal(contrast, 0.15 * contrast) + rng.normal(0, 14, (side, side, 3))
        )
    return images.clip(0, 255).astype(np.uint8), labels


def patch(label: int, classes: int, rng: np.random.Generator, side: int) -> Mask:
    """A soft spot in place `label` of a ring."""
    turn = 2 * np.pi * label / classes
    at = side * (0.5 + 0.28 * np.array([np.sin(turn), np.cos(turn)])) + rng.normal(0, 0.05 * side, 2)
    y, x = np.mgrid[:side, :side] + 0.5
    near: Mask = np.exp(-((y - at[0]) ** 2 + (x - at[1]) ** 2) / (2 * (0.14 * side) ** 2))
    return near


def spot(label: int, classes: int, rng: np.random.Generator, side: int) -> Mask:
    """A soft spot at any place, whatever the class."""
    y, x = np.mgrid[:side, :side] + 0.5
    top, left = rng.uniform(0.25 * side, 0.75 * side, 2)
    near: Mask = np.exp(-((y - top) ** 2 + (x - left) ** 2) / (2 * (0.18 * side) ** 2))
    return near


def stripe(label: int, classes: int, rng: np.random.Generator, side: int) -> Mask:
    """A soft line at the angle of the class."""
    angle = np.pi * label / classes + rng.normal(0, 0.08)
    y, x = np.mgrid[:side, :side] + 0.5 - side / 2
    away = y * np.cos(angle) - x * np.sin(angle) - rng.normal(0, 0.12 * side)
    near: Mask = np.exp(-(away**2) / (2 * (0.09 * side) ** 2))
    return near


def arrow(label: int, classes: int, rng: np.random.Generator, side: int) -> Mask:
    """Left, or its mirror image."""
    shape = _bitmap(ARROW)
    return _placed(shape if label == 0 else shape[:, ::-1], rng, side)


def glyph(label: int, classes: int, rng: np.random.Generator, side: int) -> Mask:
    """A letter."""
    return _placed(_bitmap(list(GLYPHS.values())[label]), rng, side)


def weave(label: int, classes: int, rng: np.random.Generator, side: int) -> Mask:
    """Threads one pixel wide: upright, lying or crossed; three classes at most."""
    y, x = np.mgrid[:side, :side] + rng.integers(0, 2)
    woven: Mask = ((x, y, x + y)[label] % 2).astype(np.float64)
    return woven


PAINTERS: dict[str, Callable[[int, int, np.random.Generator, int], Mask]] = {
    "patch": patch, "spot": spot, "stripe": stripe, "arrow": arrow, "glyph": glyph, "weave": weave,
}  # fmt: skip


def _bitmap(rows: str) -> NDArray[Any]:
    return np.array([[int(c) for c in row] for row in rows.split()], np.float64)


def _placed(shape: NDArray[Any], rng: np.random.Generator, side: int) -> Mask:
    """The bitmap, grown to about half the side, somewhere in the picture."""
    grown = np.kron(shape, np.ones((max(1, side // 12), max(1, side // 12))))
    top, left = (int(rng.integers(0, side - n + 1)) for n in grown.shape)
    canvas = np.zeros((side, side))
    canvas[top : top + grown.shape[0], left : left + grown.shape[1]] = grown
    return canvas
