"""Two pipelines on the same images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from valscope import stats

Hits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pair:
    """Accuracy of the second less the first, with its 95 % interval, and McNemar's exact p."""

    difference: float
    low: float
    high: float
    p: float
    only_first: int
    only_second: int


def pair(first: Hits, second: Hits) -> Pair:
    """Compare right answers (n,) of two pipelines."""
    lost, gained, n = int((first & ~second).sum()), int((second & ~first).sum()), len(first)
    low, high = stats.paired_difference(gained, lost, n)
    return Pair((gained - lost) / max(1, n), low, high, stats.mcnemar_exact(lost, gained), lost, gained)
