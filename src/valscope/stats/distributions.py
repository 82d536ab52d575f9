"""The incomplete beta function, and the binomial, normal and t distributions that follow from it."""

from __future__ import annotations

import math
from functools import lru_cache

TINY = 1e-300  # keeps Lentz' recurrence away from a division by zero
EPSILON = 2.0**-53


def _stirling_error(n: float) -> float:
    """ln n! minus Stirling's formula: exact by lgamma where that is small, by its series beyond.

    C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
    """
    if n < 16:
        return (
            math.lgamma(n + 1) - (n + 0.5) * math.log(n) + n - 0.5 * math.log(2 * math.pi) if n > 0 else 0.0
        )
    m = 1 / (n * n)
    return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - m / 1188) * m) * m) * m) / n


def _deviance(x: float, mean: float) -> float:
    """x ln(x / mean) + mean - x without cancellation where x is close to mean (Loader 2000)."""
    difference = x - mean
    if abs(difference) >= 0.1 * (x + mean):
        # a difference of logarithms, because x / mean overflows for shares near 0
        return x * (math.log(x) - math.log(mean)) + mean - x if mean > 0 else math.inf
    v = difference / (x + mean)
    total, term, j = difference * v, 2 * x * v, 1
    while True:
        term *= v * v
        following = total + term / (2 * j + 1)
        if following == total:
            return total
        total, j = following, j + 1


def _point(a: float, b: float, x: float) -> float:
    """x^a (1-x)^b Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)) for a, b > 0 and 0 < x < 1, by saddle point."""
    n = a + b
    log = _stirling_error(n) - _stirling_error(a) - _stirling_error(b)
    log -= _deviance(a, n * x) + _deviance(b, n * (1 - x))
    return math.exp(log) * math.sqrt(n / (2 * math.pi * a * b))


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of the incomplete beta function (DLMF 8.17.22) by Lentz' method."""
    c, d = 1.0, 1 / ((1 - (a + b) * x / (a + 1)) or TINY)
    h = d
    for m in range(1, 100_000):
        for step in (
            m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
            -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
        ):
            d = 1 / ((1 + step * d) or TINY)
            c = (1 + step / c) or TINY
            h *= c * d
        if abs(c * d - 1) <= 4 * EPSILON:
            return h
    return h


def betainc(a: float, b: float, x: float) -> float:
    """Regularised incomplete beta function I_x(a, b), the chance that a Beta(a, b) draw is at most x."""
    if not (a > 0 and b > 0):
        raise ValueError(f"betainc needs a, b > 0; got a={a}, b={b}")
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    front = _point(a, b, x) * a * b / (a + b)
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front * _fraction(a, b, x) / a)
    return max(0.0, 1 - front * _fraction(b, a, 1 - x) / b)


@lru_cache(maxsize=65_536)
def beta_quantile(q: float, a: float, b: float) -> float:
    """x with I_x(a, b) = q: Newton's steps, replaced by bisection wherever they leave the bracket."""
    if q <= 0 or q >= 1:
        return 0.0 if q <= 0 else 1.0
    low, high, x = 0.0, 1.0, a / (a + b)
    for _ in range(200):
        miss = betainc(a, b, x) - q
        low, high = (low, x) if miss > 0 else (x, high)
        density = _point(a, b, x) * a * b / (a + b) / (x * (1 - x))
        following = x - miss / density if density > 0 else low
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= 2 * EPSILON * x:
            return following
        x = following
    return x


def binomial_pmf(k: int, n: int, p: float) -> float:
    """Chance of exactly k of n at p."""
    if k < 0 or k > n:
        return 0.0
    if p <= 0 or p >= 1:
        return float(k == (0 if p <= 0 else n))
    if k in (0, n):
        return math.exp(n * (math.log1p(-p) if k == 0 else math.log(p)))
    return _point(k, n - k, p)


def binomial_sf(k: int, n: int, p: float) -> float:
    """Chance of k *or more* of n at p (the upper tail, k included)."""
    if k <= 0 or k > n:
        return 1.0 if k <= 0 else 0.0
    return betainc(k, n - k + 1, p)


def binomial_cdf(k: int, n: int, p: float) -> float:
    """Chance of k or fewer of n at p."""
    if k < 0 or k >= n:
        return 0.0 if k < 0 else 1.0
    return betainc(n - k, k + 1, 1 - p)


def normal_quantile(q: float) -> float:
    """Standard normal quantile for 0 < q < 1."""
    from statistics import NormalDist  # imports fractions and random, a tenth of the start of the text path

    return NormalDist().inv_cdf(q)


def t_quantile(q: float, freedom: float) -> float:
    """Quantile of Student's t with `freedom` degrees of freedom, by its beta form (DLMF 8.17)."""
    if q == 0.5:
        return 0.0
    x = beta_quantile(2 * min(q, 1 - q), freedom / 2, 0.5)
    return math.copysign(math.sqrt(freedom * (1 - x) / x), q - 0.5)
