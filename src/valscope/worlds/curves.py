"""Curves of trainings with a known truth, drawn from logits, so that loss and accuracy belong together.

Each image has a difficulty that stays; the margin of its true class grows over the epochs. Training numbers are
means over an epoch in which the model changes; validation is scored at its end.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from valscope.worlds.logs import Row

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WOBBLE = 0.3  # standard deviation of a logit from epoch to epoch


def learning(
    seed: int = 0,
    *,
    classes: int = 3,
    trained: int = 900,
    validated: int = 300,
    epochs: int = 8,
    top: float = 4.0,
    overfit: float = 0.0,
) -> list[Row]:
    """A training that learns.

    top      margin of the true class, in nats, that it ends at; 4 gives about 95 %.
    overfit  from the fourth epoch on validation gains no margin, and its logits grow by this share an epoch.
    """  # fmt: skip
    import numpy as np

    rng = np.random.default_rng([seed, 11])
    top, speed, hard = top * rng.uniform(0.9, 1.1), epochs * rng.uniform(0.25, 0.4), rng.uniform(1.0, 1.6)
    train, val = _Set(rng, classes, trained, hard), _Set(rng, classes, validated, hard)
    rows: list[Row] = []
    before = 0.0
    for epoch in range(epochs):
        late = max(0, epoch - 2) if overfit else 0
        margin = top * (1 - math.exp(-(epoch + 1) / speed))
        shared = 0.9 * top * (1 - math.exp(-(epoch + 1 - late) / speed))
        seen = margin + overfit * late * top
        rows.append((*train.score(rng, (before + seen) / 2), *val.score(rng, shared, 1 + overfit * late)))
        before = seen
    return rows


def at_prior(
    seed: int = 0, *, classes: int = 3, trained: int = 900, validated: int = 300, epochs: int = 8
) -> list[Row]:
    """A training that gives one answer to every image, now one class and now another: losses beside ln K,
    accuracies beside 1/K."""
    import numpy as np

    rng = np.random.default_rng([seed, 12])
    level = math.log(classes)

    def told(n: int) -> tuple[float, float]:
        spread = 0.3 * math.sqrt((classes - 1) / n) / classes  # classes are of nearly the same size
        return level + abs(rng.normal(0, 2e-4)), round(n * (1 / classes + rng.normal(0, spread))) / n

    return [(*told(trained), *told(validated)) for _ in range(epochs)]


class _Set:
    """Images: labels, how hard each is, and what its logits are beside the margin."""

    def __init__(self, rng: np.random.Generator, classes: int, n: int, hard: float) -> None:
        self.labels = rng.integers(0, classes, n)
        self.difficulty = rng.normal(0, hard, n)
        self.own = rng.normal(0, 0.7, (n, classes))

    def score(self, rng: np.random.Generator, margin: float, scale: float = 1.0) -> tuple[float, float]:
        """Mean cross-entropy and accuracy."""
        import numpy as np

        rows = np.arange(len(self.labels))
        z: NDArray[Any] = self.own + rng.normal(0, WOBBLE, self.own.shape)
        z[rows, self.labels] += margin + self.difficulty
        z *= scale
        z -= z.max(1, keepdims=True)
        losses = np.log(np.exp(z).sum(1)) - z[rows, self.labels]
        return float(losses.mean()), float((z.argmax(1) == self.labels).mean())
