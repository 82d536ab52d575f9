"""Intervals for accuracies: exact, for pictures, for paired models. Pure Python; see `grouped` for groups."""

from __future__ import annotations

import math
from typing import TypeAlias

from valscope.stats.distributions import beta_quantile, normal_quantile

Interval: TypeAlias = tuple[float, float]


def _check(k: float, n: float, level: float) -> None:
    if not 0 <= k <= n or not 0 < level < 1:
        raise ValueError(f"needs 0 <= k <= n and 0 < level < 1; got k={k}, n={n}, level={level}")


def clopper_pearson(k: float, n: float, level: float = 0.95) -> Interval:
    """Exact interval for a share of which k of n were seen (Clopper & Pearson 1934); (0, 1) for n = 0.

    Covers at least `level` for every true share. k and n may be fractional (an effective sample size).
    """
    _check(k, n, level)
    tail = (1 - level) / 2
    low = beta_quantile(tail, k, n - k + 1) if k > 0 else 0.0
    # by symmetry, because the quantile is most precise near 0
    high = 1 - beta_quantile(tail, n - k, k + 1) if k < n else 1.0
    return low, high


def wilson(k: int, n: int, level: float = 0.95) -> Interval:
    """Score interval (Wilson 1927): closer to `level` on average, below it for some shares; for pictures."""
    _check(k, n, level)
    if n == 0:
        return 0.0, 1.0
    z2 = normal_quantile((1 + level) / 2) ** 2
    centre = k + z2 / 2
    reach = math.sqrt(z2 * (k * (n - k) / n + z2 / 4))
    low = 0.0 if k == 0 else (centre - reach) / (n + z2)
    return low, 1.0 if k == n else (centre + reach) / (n + z2)


def _paired_score(b: int, c: int, n: int, d: float) -> float:
    """Tango's score statistic for the hypothesis that the true difference is d, -1 < d < 1."""
    linear = -b - c + (2 * n - b + c) * d
    root = math.sqrt(max(0.0, linear**2 + 8 * n * c * d * (1 - d)))
    q = max(0.0, -d, (root - linear) / (4 * n))  # constrained estimate of the chance of a c-item
    variance = n * (2 * q + d * (1 - d))
    miss = b - c - n * d
    return miss / math.sqrt(variance) if variance > 0 else math.copysign(math.inf, miss) if miss else 0.0


def paired_difference(b: int, c: int, n: int, level: float = 0.95) -> Interval:
    """Interval for (accuracy of A - accuracy of B) on the same n items; (-1, 1) for n = 0.

    b  items that A has right and B wrong;  c  the reverse.
    Score interval of T. Tango, Statistics in Medicine 17 (1998) 891, which holds its level with few
    discordant items, also with none.
    """
    if b < 0 or c < 0 or b + c > n:
        raise ValueError(f"needs b, c >= 0 and b + c <= n; got b={b}, c={c}, n={n}")
    if n == 0:
        return -1.0, 1.0
    z = normal_quantile((1 + level) / 2)
    estimate = (b - c) / n
    return _cross(b, c, n, z, -1.0, estimate), _cross(b, c, n, -z, estimate, 1.0)


def _cross(b: int, c: int, n: int, z: float, low: float, high: float) -> float:
    """Where the falling score statistic passes z between low and high."""
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _paired_score(b, c, n, middle) > z else (low, middle)
    return (low + high) / 2
