"""How much is wrong with a training by its own numbers: what a cause must explain."""

from __future__ import annotations

from dataclasses import dataclass

from valscope import stats
from valscope.nouns.training import Reported, Training, last

GAP = 0.10  # training above validation by so much is what people write posts about


@dataclass(frozen=True, slots=True)
class Trouble:
    """train, val  the reported accuracies, None where not reported;  chance  1 / classes.
    stuck  what was reported, training included, is not surely above chance."""

    train: float | None
    val: float | None
    chance: float
    stuck: bool

    @property
    def gap(self) -> float:
        """Share of the images that is lost: training less validation, or what is missing to all where stuck."""
        lost = max(0.0, self.train - self.val) if self.train is not None and self.val is not None else 0.0
        best = self.val if self.val is not None else self.train
        return max(lost, 1 - best) if self.stuck and best is not None else lost

    @property
    def any(self) -> bool:
        """Whether there is something to explain."""
        return self.stuck or self.gap >= GAP


def trouble(training: Training) -> Trouble:
    """From what was reported."""
    train, val = last(training.reported, "train"), last(training.reported, "val")
    chance = 1 / max(2, len(training.recipe.classes))
    seen = [r for r in (train, val) if r is not None]
    return Trouble(
        train.value if train else None, val.value if val else None, chance,
        bool(seen) and all(_at_chance(r, chance) for r in seen),
    )  # fmt: skip


def _at_chance(reported: Reported, chance: float) -> bool:
    n = reported.n or 100
    return stats.binomial_test(round(reported.value * n), n, min(0.95, 1.15 * chance), "greater") > 0.05
