"""What carries the signal: the same probe on images from which something was taken away.

Each ablation is a pure function of prepared pixels (n, height, width, channels), uint8, to pixels of the same shape.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.lab.null import FOLDS, Labels, Matrix, dealt_folds, predictor, reduced
from valscope.nouns.result import Share
from valscope.scoring import share

Pixels = NDArray[Any]
Ablate = Callable[[Pixels], Pixels]

CENTRE = 0.5  # of each side counts as the place of the object
PATCHES = 4  # a side, where patches are shuffled
BLUR = 8  # of a side becomes one grey level


@dataclass(frozen=True, slots=True)
class Ablated:
    """The probe's accuracy with one thing taken away, beside that of whole images on the same folds.

    gain, low, high  accuracy less that of whole images, with its paired 95 % interval.
    """

    name: str
    words: str
    accuracy: Share
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0


def whole(x: Pixels) -> Pixels:
    """As they are."""
    return x


def grey(x: Pixels) -> Pixels:
    """Without colour."""
    return np.repeat(x.mean(-1, keepdims=True), x.shape[-1], -1).astype(x.dtype)


def colour_only(x: Pixels) -> Pixels:
    """Each image becomes its mean colour."""
    return np.broadcast_to(x.mean((1, 2), keepdims=True), x.shape).astype(x.dtype)


def blurred(x: Pixels) -> Pixels:
    """Blocks of an eighth of a side: shapes in the large."""
    return _blocks(x, max(1, min(x.shape[1:3]) // BLUR))


def half_resolution(x: Pixels) -> Pixels:
    """Blocks of 2 x 2."""
    return _blocks(x, 2)


def background_only(x: Pixels) -> Pixels:
    """The central half of each side becomes the mean colour of all images."""
    return _masked(x, inside=True)


def centre_only(x: Pixels) -> Pixels:
    """All but the central half of each side becomes the mean colour of all images."""
    return _masked(x, inside=False)


def cropped(x: Pixels) -> Pixels:
    """The central half of each side, enlarged to the whole."""
    top, bottom, left, right = _centre(x)
    rows = np.linspace(top, bottom - 1, x.shape[1]).round().astype(int)
    columns = np.linspace(left, right - 1, x.shape[2]).round().astype(int)
    return x[:, rows][:, :, columns]


def patches_shuffled(x: Pixels) -> Pixels:
    """4 x 4 tiles in another order for each image: texture without arrangement."""
    rng = np.random.default_rng(0)
    out = x.copy()
    height, width = x.shape[1] // PATCHES, x.shape[2] // PATCHES
    if not (height and width):
        return out
    places = [(r * height, c * width) for r in range(PATCHES) for c in range(PATCHES)]
    for i in range(len(x)):
        for (r, c), (s, d) in zip(places, rng.permutation(places)):
            out[i, r : r + height, c : c + width] = x[i, s : s + height, d : d + width]
    return out


ABLATIONS: dict[str, tuple[Ablate, str]] = {
    "whole": (whole, "whole images"),
    "grey": (grey, "without colour"),
    "colour only": (colour_only, "mean colour only"),
    "blur": (blurred, "blurred to 8 x 8 blocks"),
    "half resolution": (half_resolution, "at half the resolution"),
    "background only": (background_only, "without the centre"),
    "centre only": (centre_only, "without the surroundings"),
    "crop": (cropped, "cropped to the central half of each side"),
    "patches shuffled": (patches_shuffled, "with 4 x 4 tiles shuffled"),
}


def ablate(
    pixels: Pixels, labels: Labels, groups: tuple[str, ...] | None, embed: Callable[[Pixels], Matrix],
    names: tuple[str, ...] = tuple(ABLATIONS), sizes: NDArray[np.float64] | None = None,
) -> tuple[Ablated, ...]:  # fmt: skip
    """Out-of-fold accuracy of the probe on each ablation, all on the same folds; first "whole".

    sizes  bytes of each file: their logarithm alone is then asked too.
    """
    from valscope.comparison.paired import difference

    keys = np.arange(len(labels)) if groups is None else np.unique(np.asarray(groups), return_inverse=True)[1]
    fold = dealt_folds(keys, np.random.default_rng(0))
    found: list[Ablated] = []
    base: NDArray[np.bool_] | None = None
    asked = {n: embed(ABLATIONS[n][0](pixels)) for n in dict.fromkeys(("whole", *names))}
    if sizes is not None:
        asked["file size only"] = np.log1p(sizes)[:, None]
    for name, features in asked.items():
        right = out_of_fold(features, labels, fold) == labels
        base = right if base is None else base
        (low, high), _ = difference(base, right, groups)
        words = ABLATIONS[name][1] if name in ABLATIONS else "size of the file alone"
        found.append(
            Ablated(
                name, words, share(int(right.sum()), len(right)), float(right.mean() - base.mean()), low, high
            )
        )
    return tuple(found)


def out_of_fold(features: Matrix, labels: Labels, fold: Labels) -> Labels:
    """Class of each item as ridge regression on one-hot labels says that was fitted without its fold."""
    x, guessed = reduced(features), np.zeros_like(labels)
    one_hot = np.eye(int(labels.max()) + 1)[labels]
    for f in range(FOLDS):
        here = fold == f
        if here.any():
            mean = one_hot[~here].mean(0)
            mapping, _ = predictor(x[~here], x[here])
            guessed[here] = (mapping @ (one_hot[~here] - mean) + mean).argmax(1)
    return guessed


def _blocks(x: Pixels, side: int) -> Pixels:
    out = x.astype(np.float32)
    for axis in (1, 2):
        starts = np.arange(0, x.shape[axis], side)
        lengths = np.diff([*starts, x.shape[axis]])
        shape = [1, 1, 1, 1]
        shape[axis] = len(starts)
        means = np.add.reduceat(out, starts, axis=axis) / lengths.reshape(shape)
        out = np.repeat(means, lengths, axis=axis)
    return out.astype(x.dtype)


def _centre(x: Pixels) -> tuple[int, int, int, int]:
    height, width = x.shape[1:3]
    top, left = round(height * (1 - CENTRE) / 2), round(width * (1 - CENTRE) / 2)
    return top, max(top + 1, height - top), left, max(left + 1, width - left)


def _masked(x: Pixels, inside: bool) -> Pixels:
    top, bottom, left, right = _centre(x)
    # the mean of all images: each image's own would still tell how bright the hidden part is
    fill = np.broadcast_to(x.mean((0, 1, 2)), x.shape).astype(x.dtype)
    keep, other = (x, fill) if inside else (fill, x)
    out = keep.copy()
    out[:, top:bottom, left:right] = other[:, top:bottom, left:right]
    return out
