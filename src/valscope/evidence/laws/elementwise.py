"""Accuracy counted over the K outputs of an image instead of over images.

Binary accuracy of a one-hot label of K classes: a right image has all K elements right, a wrong one usually
all but two, so the elementwise score is 1 - 2 (1 - a) / K. A model that keeps every output below 1/2 scores
1 - 1/K and has not learned anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from valscope.nouns.log import Reading


def per_image(elementwise: float, classes: int) -> float:
    """The accuracy over images behind an elementwise one, at least 0."""
    return max(0.0, 1 - classes * (1 - elementwise) / 2)


def nothing_above_half(classes: int) -> float:
    """The elementwise score of a model that keeps every output below 1/2."""
    return 1 - 1 / classes


def related(
    elementwise: Sequence[Reading | None], accuracies: Sequence[Reading | None], classes: int
) -> bool:
    """Whether two printed columns are the same answers counted in the two ways, in at least 3 epochs.

    The elementwise score is at least 1 - 2 (1 - a) / K, and more only for images of which no output exceeds
    1/2, which miss one element instead of two: it never exceeds 1 - (1 - a) / K + a / K.
    """
    pairs = [(e, a) for e, a in zip(elementwise, accuracies) if e is not None and a is not None]
    return len(pairs) >= 3 and all(
        e.high >= 1 - 2 * (1 - a.low) / classes - 1e-6 and e.low <= 1 - (1 - a.high) / classes + 1e-6
        for e, a in pairs
    )  # fmt: skip
