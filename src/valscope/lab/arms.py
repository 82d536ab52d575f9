"""Two sets of repetitions on the same probe images: how far apart, and how sure.

Images and seeds are two sources of chance. McNemar's exact test, carried on to several seeds, sees the images; that every
seed of one arm must beat every seed of the other, by more than seeds differ among themselves, sees the training.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from valscope import stats
from valscope.comparison.paired import difference, exchanged

Right = NDArray[np.bool_]
LEAST = 0.02  # of the images: what gains less is no cause of anything, however small the trouble
SHOWN = 0.05  # of the images: an effect worth three seeds more where the images show it


@dataclass(frozen=True, slots=True)
class Contrast:
    """Treated less control.

    mean            difference of the mean accuracies over all seeds.
    low, high       95 % interval: images (paired) and seeds (t with seeds - 1 degrees of freedom) added in squares.
    only_control, only_treated   images only one arm has right, by majority of its seeds.
    p               of the exact test that exchanges the arms image by image, group by group where images come in groups,
                    and counts right answers over all seeds: with one seed McNemar's.
    noise           the largest difference between two seeds of the same arm.
    apart           the seeds of one arm are better than those of the other by the exact permutation test of the mean,
                    one-sided at 5 %: with three seeds each, all of them.
    """

    n: int
    mean: float
    low: float
    high: float
    only_control: int
    only_treated: int
    p: float
    noise: float
    treated_noise: float
    apart: bool


def contrast(
    control: Sequence[Right], treated: Sequence[Right], groups: tuple[str, ...] | None = None
) -> Contrast:
    """Compare two arms; each is one vector (n,) a seed, in the same order of seeds."""
    a, b = np.stack(control), np.stack(treated)
    accuracies_a, accuracies_b = a.mean(1), b.mean(1)
    mean = float(accuracies_b.mean() - accuracies_a.mean())
    major_a, major_b = majority(a), majority(b)
    (low, high), p = difference(major_a, major_b, groups)
    if len(a) == len(b):
        p = exchanged(b.sum(0) - a.sum(0), groups)
    centre = float(major_b.mean() - major_a.mean())
    seeds = _seed_reach(accuracies_b - accuracies_a if len(a) == len(b) else None)
    only_a, only_b = int((major_a & ~major_b).sum()), int((major_b & ~major_a).sum())
    apart = seeds_apart(accuracies_a.tolist(), accuracies_b.tolist())
    spread_b = float(np.ptp(accuracies_b))
    return Contrast(
        a.shape[1], mean, max(-1.0, mean - math.hypot(centre - low, seeds)),
        min(1.0, mean + math.hypot(high - centre, seeds)), only_a, only_b, p,
        max(float(np.ptp(accuracies_a)), spread_b), spread_b, apart,
    )  # fmt: skip


def seeds_apart(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether the means of two samples of seeds differ by the exact permutation test (Pitman 1937), one-sided at 5 %; with
    one or two seeds, whether all of one lie above all of the other. With three each the two ask the same. Not ranks: a
    fault that ruins four trainings of six and leaves two as they are costs what it costs."""
    if min(len(a), len(b)) < 3:
        return min(b) > max(a) or min(a) > max(b)
    pooled = [*a, *b]
    sums = [sum(chosen) for chosen in combinations(pooled, len(b))]
    seen = sum(b)
    extreme = min(sum(s >= seen - 1e-9 for s in sums), sum(s <= seen + 1e-9 for s in sums))
    return extreme / len(sums) <= 0.05 + 1e-9


def majority(right: NDArray[np.bool_]) -> Right:
    """Images that more than half of the seeds have right; of an even number, at least half."""
    return np.asarray(right.mean(0) >= 0.5, np.bool_)


def _seed_reach(differences: NDArray[np.float64] | None) -> float:
    """Half a 95 % interval for the mean of paired differences between seeds; 0 for one seed."""
    if differences is None or len(differences) < 2:
        return 0.0
    spread = float(np.std(differences, ddof=1))
    return stats.t_quantile(0.975, len(differences) - 1) * spread / math.sqrt(len(differences))
