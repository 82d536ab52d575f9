"""Statistics of two runs on the same images, also where images come in groups and so are not independent."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from valscope import stats
from valscope.stats import Interval

# Above this many discordant images the exact distribution costs seconds and the normal one differs from it in the
# fourth digit.
EXACT = 20_000


def difference(
    right_a: NDArray[np.bool_], right_b: NDArray[np.bool_], groups: tuple[str, ...] | None
) -> tuple[Interval, float]:
    """95 % interval of (accuracy of B - accuracy of A), and the two-sided p-value that they are equal.

    Without groups: Tango's score interval and McNemar's exact test. With groups: the ratio estimator's interval
    with t for the number of groups (Cochran, Sampling Techniques, 1977, ch. 6), and the exact sign-flip test that
    turns each group as a whole, which is McNemar's where every group is one image.
    """
    signed = right_b.astype(np.int64) - right_a.astype(np.int64)
    p = exchanged(signed, groups)
    if groups is None or len(set(groups)) == len(groups):
        return stats.paired_difference(int((signed > 0).sum()), int((signed < 0).sum()), len(signed)), p
    index = _numbered(groups)
    sums, sizes = np.bincount(index, weights=signed), np.bincount(index).astype(np.float64)
    return _by_groups(np.asarray(sums, np.float64), sizes), p


def exchanged(signed: NDArray[np.int64], groups: tuple[str, ...] | None) -> float:
    """The same p-value for images of which each adds a whole number: right answers of B less those of A over several
    repetitions. An image, or a group, exchanges the two as a whole."""
    if groups is None:
        return sign_flip(signed)
    return sign_flip(np.rint(np.bincount(_numbered(groups), weights=signed)).astype(np.int64))


def _numbered(groups: tuple[str, ...]) -> NDArray[np.int64]:
    return np.unique(np.asarray(groups), return_inverse=True)[1].astype(np.int64)


def _by_groups(sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> Interval:
    count, n = len(sums), int(sizes.sum())
    centre = float(sums.sum()) / n
    variance = count / max(1, count - 1) * float(((sums - centre * sizes) ** 2).sum()) / n**2
    if count < 2 or variance <= 0:  # nothing differs between groups: as many trials as there are groups
        right = round(centre * count)
        return stats.paired_difference(max(0, right), max(0, -right), count)
    reach = stats.t_quantile(0.975, count - 1) * math.sqrt(variance)
    return max(-1.0, centre - reach), min(1.0, centre + reach)


def sign_flip(sums: NDArray[np.int64]) -> float:
    """Chance that |sum| is as large as seen when each number's sign is drawn by a coin; 1 for none."""
    weights = np.abs(sums[sums != 0])
    seen, total = abs(int(sums.sum())), int(weights.sum())
    if (weights <= 1).all():
        return stats.mcnemar_exact(int((sums > 0).sum()), int((sums < 0).sum()))
    if total > EXACT:
        return math.erfc(seen / math.sqrt(2 * float((weights.astype(np.float64) ** 2).sum())))
    chances = np.zeros(2 * total + 1)  # of the sums -total..total
    chances[total] = 1.0
    for weight in weights.tolist():
        chances = (np.roll(chances, weight) + np.roll(chances, -weight)) / 2
    return min(1.0, float(chances[total + seen :].sum() + chances[: total - seen + 1].sum()))
