"""The tail split behind a log: which classes stand in the last rows, and whether anything else could.

A fact by arithmetic, used by the rule that names the untrained class and by those that acquit other suspects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.laws.clips import KERAS
from valscope.evidence.laws.digits import bounds, numerators
from valscope.evidence.laws.tail import Composition, dearest, drawn_at_random, orders, sorted_split
from valscope.evidence.laws.unseen import Fit, Unseen, unseen
from valscope.nouns.fact import Source
from valscope.nouns.log import LoggedRun

CLOSE = 5  # epochs that the loss law must give to within 0.002
ACCIDENT = 1e-3  # of them expected by accident, over all orders tried
LIMITED = 0.9  # of the epochs that must not exceed the law of a saturated model


@dataclass(frozen=True, slots=True)
class TailProof:
    """A sorted tail that fits a run.

    total, trained   rows in all and rows trained; `fraction` is the validation_split, None when only counts are
                     known; `printed` whether the log prints the trained rows itself.
    composition      rows by class on both sides;  best  most right answers in any epoch.
    orders_tried, orders_fit   class orders tested and not contradicted.
    random_excluded  whether no random split could give the printed losses.
    law              the loss of the untrained class, where it is tested;  weights  used in it.
    measured         whether the label array itself was seen to be sorted.
    """

    run: LoggedRun
    total: int
    trained: int
    fraction: float | None
    printed: bool
    composition: Composition
    best: int
    orders_tried: int
    orders_fit: int
    random_excluded: bool
    law: Unseen | None
    weights: tuple[float, ...]
    weighted: bool
    measured: bool
    evidence: tuple[Source, ...]

    @property
    def proved(self) -> bool:
        """Measured order, or a loss that only this tail can cost."""
        if self.measured:
            return True
        if self.law is None or not self.weighted:
            return False
        accident = self.law.accident * self.orders_tried
        return self.law.close >= CLOSE and accident <= ACCIDENT * self.law.close and self.random_excluded

    @property
    def shown(self) -> tuple[Fit, ...]:
        """Three epochs to print: those that agree best, one for each k."""
        if self.law is None:
            return ()
        by_right: dict[int, Fit] = {}
        for fit in sorted(self.law.fits, key=lambda f: abs(f.residual)):
            by_right.setdefault(fit.right, fit)
        return tuple(list(by_right.values())[:3])


def fitting(
    run: LoggedRun, counts: Sequence[int], trained: int, weights: Sequence[float]
) -> list[tuple[Composition, Unseen | None]]:
    """The orders that fit, with their loss law where it applies.

    An order fits when no epoch contradicts it. Where another order's law gives losses to within 0.002, the model
    is saturated; then an order whose own law most epochs exceed does not fit, because right answers cost next to
    nothing.
    """
    found = []
    for order in orders(len(counts)):
        composition = sorted_split(counts, order, trained)
        if not contradicted(run, composition, weights):
            law = unseen(run.column("val_loss"), run.column("val_accuracy"), composition, weights, KERAS.cost)
            found.append((composition, law))
    if not any(law is not None and law.close >= CLOSE and _limits(law) for _, law in found):
        return found
    return [(c, law) for c, law in found if law is None or _limits(law)]


def _limits(law: Unseen) -> bool:
    return law.limited >= LIMITED * len(law.fits)


def contradicted(run: LoggedRun, composition: Composition, weights: Sequence[float]) -> bool:
    """Whether an epoch has more right than the tail holds, or a loss that its wrong answers cannot cost."""
    for epoch in run.epochs:
        accuracy, loss = epoch.readings.get("val_accuracy"), epoch.readings.get("val_loss")
        if accuracy is None:
            continue
        ks = numerators(accuracy, composition.rows)
        if not len(ks) or ks[0] > composition.reachable:
            return True
        if loss is not None and bounds(loss)[0] > _most(composition, weights, ks[0]):
            return True
    return False


def random_excluded(run: LoggedRun, counts: Sequence[int], rows: int, weights: Sequence[float]) -> bool:
    """Whether most epochs cost more than any random draw of `rows` of these classes could."""
    most = drawn_at_random(counts, rows)
    over = known = 0
    for epoch in run.epochs:
        accuracy, loss = epoch.readings.get("val_accuracy"), epoch.readings.get("val_loss")
        if accuracy is None or loss is None:
            continue
        ks = numerators(accuracy, rows)
        known += 1
        if len(ks) and bounds(loss)[0] > dearest(most, weights, rows - ks[0], KERAS.cost) / rows + max(
            weights
        ):
            over += 1
    return known > 0 and 2 * over > known


def _most(composition: Composition, weights: Sequence[float], right: int) -> float:
    """Largest loss with `right` right answers: the wrong ones at the clip, the right ones at ln K."""
    from math import log

    untrained = [v if c in composition.untrained else 0 for c, v in enumerate(composition.val)]
    seen = [v - u for v, u in zip(composition.val, untrained)]
    cost = dearest(untrained, weights, sum(untrained), KERAS.cost)
    cost += dearest(seen, weights, composition.reachable - right, KERAS.cost)
    heaviest = max(weights[c] for c, v in enumerate(seen) if v) if any(seen) else 0.0
    return (cost + right * heaviest * log(max(2, len(weights)))) / composition.rows
