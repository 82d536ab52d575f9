"""What a cross-entropy may be at a given accuracy.

A wrong answer's true class has at most probability 1/2, so it costs at least ln 2; a right answer's class has
at least 1/K, so it costs at most ln K. With probabilities clipped, a wrong answer costs at most the clip:

    (1 - a) ln 2  <=  loss  <=  (1 - a) clip + a ln K

In binary cross-entropy with the threshold at 1/2, K is 2. Class weights w multiply both bounds by at least
min w and at most max w. Penalties on weights only add.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from valscope.evidence.laws.digits import bounds as interval
from valscope.nouns.log import Reading


@dataclass(frozen=True, slots=True)
class Bound:
    """A printed loss and the limit it is held against; `excess` is positive where it lies beyond."""

    epoch: int
    loss: Reading
    accuracy: Reading
    limit: float
    excess: float


def over(
    losses: tuple[Reading | None, ...], accuracies: tuple[Reading | None, ...],
    clip: float, classes: int, weight: float = 1.0,
) -> tuple[Bound, ...]:  # fmt: skip
    """The epochs (by position, from 0) whose loss is larger than predictions of that accuracy can cost."""
    found = []
    for i, (loss, accuracy) in enumerate(zip(losses, accuracies)):
        if loss is None or accuracy is None or not _share(accuracy):
            continue
        low = max(0.0, interval(accuracy)[0])
        limit = weight * ((1 - low) * clip + low * math.log(classes))
        excess = interval(loss)[0] - limit
        if excess > 0:
            found.append(Bound(i, loss, accuracy, limit, excess))
    return tuple(found)


def under(
    losses: tuple[Reading | None, ...], accuracies: tuple[Reading | None, ...], weight: float = 1.0
) -> tuple[Bound, ...]:
    """The epochs whose loss is smaller than the wrong answers alone must cost."""
    found = []
    for i, (loss, accuracy) in enumerate(zip(losses, accuracies)):
        if loss is None or accuracy is None or not _share(accuracy):
            continue
        limit = weight * (1 - min(1.0, interval(accuracy)[1])) * math.log(2)
        excess = limit - interval(loss)[1]
        if excess > 0:
            found.append(Bound(i, loss, accuracy, limit, excess))
    return tuple(found)


def _share(accuracy: Reading) -> bool:
    return 0 <= accuracy.value <= 1
