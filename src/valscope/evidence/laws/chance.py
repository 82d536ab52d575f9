"""What a model scores that answers the prior: chance level, ln K, and the entropy of the class shares.

The cross-entropy of a model whose answer does not depend on the image is at least the entropy of the class
shares, ln K where classes are balanced; its accuracy is one class's share.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.nouns.log import Reading

MOST = 1000  # classes tried where K is not known
NEAR = 0.03  # of ln K: 320 images at chance scatter 1.383..1.415 about ln 4


@dataclass(frozen=True, slots=True)
class Prior:
    """The prior that the columns sit on.

    classes    K;  entropy  of the shares, in nats;  share  of the largest class.
    loss       (smallest, largest) printed loss;  accuracy  the same.
    tried      numbers of classes tried: 1 when K was known.
    """

    classes: int
    entropy: float
    share: float
    loss: tuple[float, float]
    accuracy: tuple[float, float]
    epochs: int
    tried: int


def entropy(shares: Sequence[float]) -> float:
    """-sum p ln p of shares (any positive numbers), in nats."""
    total = sum(shares)
    return -sum(s / total * math.log(s / total) for s in shares if s > 0)


def prior(
    losses: Sequence[Reading | None], accuracies: Sequence[Reading | None],
    shares: Sequence[float] = (), classes: int | None = None, n: int | None = None,
) -> Prior | None:  # fmt: skip
    """The prior on which *every* epoch from some early one on sits, with loss and accuracy both; else None.

    Without `shares` the classes are taken as balanced; without `classes` K = 2..1000 is tried, and both the
    loss and the accuracy must name the same K.
    """
    pairs = [(x, a) for x, a in zip(losses, accuracies) if x is not None and a is not None]
    if len(pairs) < 3:
        return None
    if shares:
        return _sits(pairs, len(shares), entropy(shares), max(shares) / sum(shares), n, 1)
    choices = range(classes, classes + 1) if classes else range(2, MOST + 1)
    last = pairs[-1][0].value
    near = [k for k in choices if abs(last - math.log(k)) <= NEAR * math.log(k)]
    found = [r for k in near if (r := _sits(pairs, k, math.log(k), 1 / k, n, len(choices))) is not None]
    return found[0] if len(found) == 1 else None


def _sits(
    pairs: Sequence[tuple[Reading, Reading]],
    classes: int,
    level: float,
    share: float,
    n: int | None,
    tried: int,
) -> Prior | None:
    start = next((i for i, (x, _) in enumerate(pairs) if abs(x.value - level) <= NEAR * level), None)
    if start is None or start > len(pairs) // 2:
        return None
    rest = pairs[start:]
    reach = 4 * math.sqrt(share * (1 - share) / (n or 200))
    if len(rest) < 3 or any(
        abs(x.value - level) > NEAR * level or abs(a.value - share) > reach for x, a in rest
    ):
        return None
    losses, scores = _range([x for x, _ in rest]), _range([a for _, a in rest])
    return Prior(classes, level, share, losses, scores, len(rest), tried)


def _range(readings: Sequence[Reading]) -> tuple[float, float]:
    values = [r.value for r in readings]
    return min(values), max(values)
