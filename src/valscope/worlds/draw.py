"""Tiny drawn sets of images whose truth is known. Each is a pure function of its seed.

blobs     a bright patch whose place tells the class: a small network learns it in a few epochs.
bars      stripes whose direction tells the class, at any place.
arrows    left and right: mirror images of one another.
plain     a soft spot that tells nothing.
letters   glyphs of 5 x 5 at any place: only convolutions learn these and arrows.
weaves    fine threads, which a smoothing resize turns into plain grey.
vectors   feature vectors, for heads without images.

Brightness, place and noise vary in all of them. `worlds.spoil` plants what users do to such sets.
"""

from __future__ import annotations

from collections.abc import Sequence

from valscope.worlds.world import Drawn

NAMES = ("beech", "birch", "cedar", "elm", "fir", "larch", "maple", "oak", "pine", "yew")
SIDE = 16


def blobs(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100), side: int = SIDE, contrast: float = 70
) -> Drawn:
    """Rows stand in random order. Class k's patch stands in place k of a ring."""
    return _drawn("patch", seed, counts, side, contrast)


def bars(seed: int = 0, counts: Sequence[int] = (100, 100), side: int = SIDE, contrast: float = 90) -> Drawn:
    """Class k's stripe runs at the angle 180 k / K degrees."""
    return _drawn("stripe", seed, counts, side, contrast)


def arrows(
    seed: int = 0, counts: Sequence[int] = (100, 100), side: int = SIDE, contrast: float = 110
) -> Drawn:
    """Two classes, left and right."""
    return _drawn("arrow", seed, counts, side, contrast, ("left", "right"))


def letters(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100, 100), side: int = SIDE, contrast: float = 120
) -> Drawn:
    """One glyph a class, at any place."""
    return _drawn("glyph", seed, counts, side, contrast, "ACEHKTXZ")


def plain(seed: int = 0, counts: Sequence[int] = (100, 100), side: int = SIDE, contrast: float = 90) -> Drawn:
    """A soft spot anywhere, the same for all classes: nothing to learn until it is spoilt."""
    return _drawn("spot", seed, counts, side, contrast)


def weaves(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100), side: int = SIDE, contrast: float = 90
) -> Drawn:
    """Three classes at most."""
    return _drawn("weave", seed, counts, side, contrast)


def vectors(
    seed: int = 0, counts: Sequence[int] = (100, 100, 100), size: int = 64, apart: float = 3
) -> Drawn:
    """float32 vectors of `size` numbers, never negative, as a ReLU network leaves them; classes lie `apart`
    standard deviations."""
    import numpy as np

    rng = np.random.default_rng([seed, 21])
    labels = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    centres = rng.normal(0, 1, (len(counts), size))
    centres *= apart / np.linalg.norm(centres, axis=1, keepdims=True)
    values = np.maximum(centres[labels] + rng.normal(0, 1, (len(labels), size)), 0)
    return Drawn(values.astype(np.float32), labels, NAMES[: len(counts)])


def _drawn(
    kind: str, seed: int, counts: Sequence[int], side: int, contrast: float, names: Sequence[str] = NAMES
) -> Drawn:
    from valscope.worlds.paint import painted

    images, labels = painted(kind, seed, counts, side, contrast)
    return Drawn(images, labels, tuple(names[: len(counts)]))
