"""Constant predictions: a model that answers one class for every image scores that class's share.

With two classes the score jumps between p and 1 - p; with more it is one of K shares; often it never moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from valscope.nouns.log import Reading

FEWEST = 4  # epochs: three equal scores happen to honest models on small sets
SPREAD = 0.15  # of the distance from 1/2: an honest score scatters by more
WOBBLE = 0.01  # absolute: a validation set that shifts by a few images


@dataclass(frozen=True, slots=True)
class Constant:
    """How the scores give the constant answer away.

    kind     "frozen": one printed value in all epochs; "two-sided": p or 1 - p of one number;
             "shares": each value is a class's share.
    p        the value (of the commoner answer where there are two).
    spread   largest distance of a score from the values that the law allows.
    """

    kind: Literal["frozen", "two-sided", "shares"]
    p: float
    epochs: int
    spread: float


def frozen(accuracies: Sequence[Reading | None]) -> Constant | None:
    """The same printed value in every one of at least 4 epochs, strictly between 0 and 1."""
    known = [r for r in accuracies if r is not None]
    if len(known) < FEWEST or len({r.text for r in known}) > 1 or not 0 < known[0].value < 1:
        return None
    return Constant("frozen", known[0].value, len(known), 0.0)


def two_sided(accuracies: Sequence[Reading | None]) -> Constant | None:
    """Scores on both sides of 1/2, always at the same distance from it."""
    known = [r.value for r in accuracies if r is not None]
    if len(known) < FEWEST or not (any(a > 0.5 for a in known) and any(a < 0.5 for a in known)):
        return None
    away = [abs(a - 0.5) for a in known]
    mean = sum(away) / len(away)
    spread = max(abs(d - mean) for d in away)
    if spread > SPREAD * mean or spread > WOBBLE:
        return None
    return Constant("two-sided", 0.5 + mean, len(known), spread)


def class_shares(accuracies: Sequence[Reading | None], counts: Sequence[int]) -> Constant | None:
    """Every score is, to the printed digit, one class's share of the validated images."""
    known = [r for r in accuracies if r is not None]
    total = sum(counts)
    if len(known) < FEWEST or not total:
        return None
    shares = [c / total for c in counts if 0 < c < total]
    misses = [min((abs(r.value - s) for s in shares), default=1.0) - r.half for r in known]
    if max(misses) > 1e-6:
        return None
    values = [r.value for r in known]
    return Constant("shares", max(set(values), key=values.count), len(known), max(0.0, max(misses)))
