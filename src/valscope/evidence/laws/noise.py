"""How far a printed accuracy can be trusted, and whether two of them differ."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt


@dataclass(frozen=True, slots=True)
class Difference:
    """Two accuracies over n images each: `images` more right in the one than in the other.

    p   two-sided normal test of equal shares, as if the two sets were drawn apart. For scores on the same
        images the true p is smaller, so p <= 0.05 is safe and a larger one only says "not shown".
    """

    images: int
    n: int
    p: float


def interval(k: int, n: int) -> tuple[float, float]:
    """Exact 95 % interval of k right of n (Clopper and Pearson 1934)."""
    from valscope.stats import clopper_pearson

    return clopper_pearson(k, n)


def difference(first: int, second: int, n: int) -> Difference:
    """Two scores over the same number of images."""
    share = (first + second) / (2 * n)
    spread = (2 * share * (1 - share) / n) ** 0.5
    z = abs(first - second) / n / spread if spread else 0.0
    return Difference(abs(first - second), n, _two_sided(z))


def below(k: int, n: int, share: float) -> float:
    """Chance of k or fewer right answers of n by guessing with chance `share`."""
    from valscope.stats import binomial_cdf

    return binomial_cdf(k, n, share)


def above(k: int, n: int, share: float) -> float:
    """Chance of k or more right answers of n by guessing with chance `share`."""
    from valscope.stats import binomial_sf

    return binomial_sf(k, n, share)


def _two_sided(z: float) -> float:
    return erfc(z / sqrt(2))
