"""A confusion table of two classes from precision and counts: a mean of percentages is not an accuracy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.nouns.log import Reading


@dataclass(frozen=True, slots=True)
class Recount:
    """Two classes, A and B.

    right      images called A that are A, images called B that are B;  called  how many were called so.
    size       images of A and of B.
    """

    right: tuple[int, int]
    called: tuple[int, int]
    size: tuple[int, int]

    @property
    def n(self) -> int:
        """All images."""
        return sum(self.called)

    @property
    def accuracy(self) -> float:
        """Share of images that were called what they are."""
        return sum(self.right) / self.n

    @property
    def recall(self) -> tuple[float, float]:
        """Share of each class that was found."""
        return self.right[0] / self.size[0], self.right[1] / self.size[1]


def recount(called: Sequence[int], precisions: Sequence[Reading], sizes: Sequence[int]) -> Recount | None:
    """Whole numbers of right answers that print as the precisions and agree with the class sizes.

    With A right of those called A, the wrong ones are B's: size_A - right_A = called_B - right_B. None where
    no or more than one pair of whole numbers fits.
    """
    if len(called) != 2 or len(precisions) != 2 or len(sizes) != 2 or sum(called) != sum(sizes):
        return None
    found = [
        (a, b)
        for a in _counts(called[0], precisions[0])
        for b in _counts(called[1], precisions[1])
        if sizes[0] - a == called[1] - b and a <= sizes[0] and b <= sizes[1]
    ]
    if len(found) != 1:
        return None
    return Recount(found[0], (called[0], called[1]), (sizes[0], sizes[1]))


def _counts(called: int, precision: Reading) -> range:
    """Counts whose share rounds to the reading or, typed by hand, is cut off to it."""
    slack = 2 * precision.half + 1e-9
    low, high = precision.value - precision.half - 1e-9, precision.value + slack
    return range(max(0, math.ceil(low * called)), min(called, math.floor(high * called)) + 1)
