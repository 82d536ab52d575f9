"""How many images were scored: the n for which every printed accuracy is k / n.

An accuracy over n images is a fraction k / n. With d decimals a size n fits a random number with chance
n * 10^-d, so m different accuracies leave few sizes; how many would fit by accident is part of the result.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor

from valscope.evidence.laws.digits import bounds, distinct, numerator, width
from valscope.nouns.log import Reading

LARGEST = 20_000  # beyond it four decimals say nothing


@dataclass(frozen=True, slots=True)
class Sizes:
    """Sizes that fit all readings.

    fits      every n in 1..tried that fits, smallest first.
    tried     the largest n tried.
    readings  how many different, telling readings there were.
    accident  how many n up to the smallest fit (or `tried`) would be expected to fit by accident.
    """

    fits: tuple[int, ...]
    tried: int
    readings: int
    accident: float

    @property
    def n(self) -> int | None:
        """The smallest size that fits."""
        return self.fits[0] if self.fits else None

    @property
    def multiple(self) -> float:
        """Chance that the true size is a multiple of the smallest fit: all right answers would have to share a
        factor, half of them by accident for the factor 2."""
        return 0.5**self.readings

    @property
    def alone(self) -> bool:
        """Whether no other size up to half as much again fits. Neighbours of the true size fit more often than by
        accident, because k / n and k / (n + 1) run side by side."""
        return self.n is not None and self.alone_up_to >= min(self.tried, 1.5 * self.n)

    @property
    def alone_up_to(self) -> int:
        """Up to here the smallest size is the only one that fits."""
        return self.fits[1] - 1 if len(self.fits) > 1 else self.tried


def telling(readings: Iterable[Reading | None]) -> tuple[Reading, ...]:
    """The different readings that narrow n: 0 and 1 are k / n for every n."""
    return tuple(r for r in distinct(readings) if r.half < r.value < 1 - r.half)


def fit(n: int, readings: Sequence[Reading]) -> bool:
    """Whether every reading is k / n for some whole k."""
    return all(numerator(r, n) is not None for r in readings)


def _fits(n: int, intervals: Sequence[tuple[float, float]]) -> bool:
    """`fit` for the inner loop: whether a whole number lies in each interval times n."""
    return all(floor(high * n) >= low * n for low, high in intervals)


def chance(n: int, readings: Sequence[Reading]) -> float:
    """Chance that a size n fits readings that have nothing to do with it."""
    return math.prod(min(1.0, n * width(r)) for r in readings)


def sizes(readings: Iterable[Reading | None], limit: int | None = None) -> Sizes | None:
    """All sizes up to `limit` (default: where one more image no longer shows in the digits) that fit.

    None without a telling reading.
    """
    found = telling(readings)
    if not found:
        return None
    found = tuple(sorted(found, key=width))
    tried = min(limit or LARGEST, LARGEST, max(1, int(1 / width(found[0]))))
    intervals = [bounds(r) for r in found]
    fits = tuple(n for n in range(1, tried + 1) if _fits(n, intervals))
    return Sizes(fits, tried, len(found), accidents(found, fits[0] if fits else tried))


def accidents(readings: Sequence[Reading], upto: int, start: int = 1) -> float:
    """Expected number of sizes in start..upto that fit by accident; the sum is taken in 200 strides."""
    if upto < start:
        return 0.0
    stride = max(1, (upto - start + 1) // 200)
    return stride * sum(chance(n, readings) for n in range(start, upto + 1, stride))
