"""Features that need no training: what the null test, growth and ablations ask whether there is anything to learn.

A pretrained backbone's where its weights are at hand and images are large enough; else responses of small patches
drawn from the images themselves (Coates, Ng and Lee, AISTATS 2011), pooled over quadrants.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.prepare import network_input
from valscope.data.pixels.scale import FAMILIES
from valscope.engines import get_engine
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Recipe

Pixels = NDArray[Any]
Matrix = NDArray[np.float64]
Embed = Callable[[Pixels], Matrix]

BACKBONE, SMALL = "mobilenetv2", 64
SIDE, PATCH, FILTERS, STRIDE = 48, 6, 96, 2
BLOCK = 64


def embedder(shape: tuple[int, ...], sample: Pixels, engine: str) -> tuple[Embed, str]:
    """A function (n, ...) -> (n, d) for prepared pixels or vectors of `shape`, and what it is in words.

    sample  some of the images, from which patches are drawn.
    """
    if len(shape) == 1:
        return (lambda x: np.asarray(x, np.float64)), "the vectors themselves"
    weights = _weights(shape, engine)
    if weights is not None:
        return _backbone(shape, weights), f"features of {BACKBONE}"
    return _patches(sample), "responses of patches"


def _weights(shape: tuple[int, ...], engine: str) -> str | None:
    if engine != "keras" or min(shape[:2]) < SMALL:
        return None
    find = getattr(get_engine(engine), "find_weights", None)
    found = None if find is None else find(BACKBONE)
    return None if found in (None, "imagenet") else str(found)  # nothing is downloaded for a test


def _backbone(shape: tuple[int, ...], weights: str) -> Embed:
    scale, order = FAMILIES[BACKBONE]
    preparation = Preparation(shape[0], shape[1], order=order, scale=scale)
    net = get_engine().build(
        Recipe("", ("a", "b"), preparation, model=ModelSpec(BACKBONE, weights=weights)), preparation.shape
    )

    def embed(x: Pixels) -> Matrix:
        colour = np.repeat(x, 3, axis=3) if x.shape[-1] == 1 else x
        blocks = [
            net.features(network_input(colour[i : i + BLOCK], preparation))
            for i in range(0, len(colour), BLOCK)
        ]
        return np.concatenate(blocks).astype(np.float64)

    return embed


def _patches(sample: Pixels) -> Embed:
    """Whitened random patches of the sample as filters, rectified both ways, averaged over quadrants."""
    rng = np.random.default_rng(0)
    small = _small(sample)
    side_y, side_x = small.shape[1] - PATCH + 1, small.shape[2] - PATCH + 1
    drawn = np.stack(
        [
            small[i, y : y + PATCH, x : x + PATCH].ravel()
            for i, y, x in zip(
                rng.integers(0, len(small), 4000),
                rng.integers(0, side_y, 4000),
                rng.integers(0, side_x, 4000),
            )
        ]
    )
    mean = drawn.mean(0)
    values, vectors = np.linalg.eigh(np.cov(_standard(drawn - mean), rowvar=False))
    white = vectors / np.sqrt(np.maximum(values, 0) + 0.1) @ vectors.T
    filters = white @ _standard(drawn[rng.permutation(len(drawn))[:FILTERS]] - mean).T
    filters /= np.maximum(1e-9, np.linalg.norm(filters, axis=0))

    def embed(x: Pixels) -> Matrix:
        return np.concatenate(
            [_respond(_small(x[i : i + BLOCK]), mean, filters) for i in range(0, len(x), BLOCK)]
        )

    return embed


def _respond(small: Matrix, mean: Matrix, filters: Matrix) -> Matrix:
    windows = np.lib.stride_tricks.sliding_window_view(small, (PATCH, PATCH), axis=(1, 2))
    windows = windows[:, ::STRIDE, ::STRIDE].transpose(0, 1, 2, 4, 5, 3)
    n, rows, columns = windows.shape[:3]
    flat = _standard(windows.reshape(n * rows * columns, -1) - mean)
    found = (flat @ filters).reshape(n, rows, columns, -1)
    both = np.concatenate([np.maximum(found, 0), np.maximum(-found, 0)], axis=-1)
    cut_y, cut_x = (0, max(1, rows // 2)), (0, max(1, columns // 2))
    if rows < 2 or columns < 2:
        return np.asarray(both.mean((1, 2)))
    pooled = np.add.reduceat(np.add.reduceat(both, cut_y, 1), cut_x, 2)
    return np.concatenate(
        [pooled.reshape(n, -1) / (rows * columns), small.mean((1, 2)), small.std((1, 2))], axis=1
    )


def _standard(patches: Matrix) -> Matrix:
    centred = patches - patches.mean(1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(1, keepdims=True) + 1e-3))


def _small(x: Pixels) -> Matrix:
    """At most SIDE on a side, as floats around 0..1, by averaging."""
    values = np.asarray(x, np.float64)
    span = 255.0 if x.dtype == np.uint8 else max(1e-9, float(np.abs(values).max()))
    values = values / span
    for axis in (1, 2):
        n = values.shape[axis]
        side = max(PATCH, min(SIDE, n))
        if n < PATCH:
            pads = [(0, 0)] * 4
            pads[axis] = (0, PATCH - n)
            values = np.pad(values, pads, mode="edge")
        elif n > side:
            edges = np.linspace(0, n, side + 1).astype(int)
            sums = np.add.reduceat(values, edges[:-1], axis=axis)
            shape = [1, 1, 1, 1]
            shape[axis] = side
            values = sums / np.diff(edges).reshape(shape)
    return values
