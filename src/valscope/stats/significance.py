"""Tests: one model against chance, two models on the same images, many tests at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

from valscope.stats.distributions import binomial_cdf, binomial_pmf, binomial_sf

Side = Literal["two", "greater", "less"]
TIE = 1 + 1e-7  # chances closer than this count as equal, as in R and SciPy


def _first(holds: Callable[[int], bool], low: int, high: int) -> int:
    """Smallest i in low..high-1 for which a condition that turns true once holds, or high."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def binomial_test(k: int, n: int, p: float, side: Side = "two") -> float:
    """Exact p-value of k of n against the chance p; 1 for n = 0.

    "two" adds the chances of all counts that are no more likely than k.
    """
    if not 0 <= k <= n or not 0 <= p <= 1:
        raise ValueError(f"needs 0 <= k <= n and 0 <= p <= 1; got k={k}, n={n}, p={p}")
    if side != "two":
        return binomial_sf(k, n, p) if side == "greater" else binomial_cdf(k, n, p)
    limit = binomial_pmf(k, n, p) * TIE
    mode = min(n, math.floor((n + 1) * p))
    if binomial_pmf(mode, n, p) <= limit:
        return 1.0
    if k < mode:
        other = _first(lambda i: binomial_pmf(i, n, p) <= limit, mode, n + 1)
        return min(1.0, binomial_cdf(k, n, p) + binomial_sf(other, n, p))
    other = _first(lambda i: binomial_pmf(i, n, p) > limit, 0, mode) - 1
    return min(1.0, binomial_cdf(other, n, p) + binomial_sf(k, n, p))


def mcnemar_exact(b: int, c: int) -> float:
    """Two-sided exact p-value that two models are equally good on the same images (McNemar 1947).

    b images only the first has right, c only the second; 1 when they never disagree.
    """
    return binomial_test(b, b + c, 0.5)


def holm(pvalues: Sequence[float]) -> tuple[float, ...]:
    """P-values corrected for having made all these tests (Holm 1979), in the given order."""
    m = len(pvalues)
    adjusted, running = [0.0] * m, 0.0
    for rank, i in enumerate(sorted(range(m), key=lambda i: pvalues[i])):
        running = max(running, min(1.0, (m - rank) * pvalues[i]))
        adjusted[i] = running
    return tuple(adjusted)


def chance_level(counts: Sequence[int]) -> float:
    """Accuracy that needs no image: the largest class's share of the scored items, at least 1/K."""
    return max(max(counts) / sum(counts), 1 / len(counts)) if sum(counts) else 1 / max(1, len(counts))


def smallest_significant(n: int, chance: float, alpha: float = 0.05) -> int | None:
    """Fewest of n right that beat `chance` in a one-sided exact test, or None when even n of n do not.

    Five balanced classes: 8 of 20, 16 of 50, 28 of 100, 50 of 200, 222 of 1000.
    """
    k = _first(lambda k: binomial_sf(k, n, chance) <= alpha, 0, n + 1)
    return k if k <= n else None


def prior_entropy(counts: Sequence[int]) -> float:
    """Entropy in nats of the class shares: the cross-entropy of always answering with the shares.

    ln K for K equal classes. A loss near it says that the images have told nothing.
    """
    total = sum(counts)
    return -sum(c / total * math.log(c / total) for c in counts if c)
