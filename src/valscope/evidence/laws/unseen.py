"""A class that is validated but never trained, seen inside val_loss.

Its images get probability 0, so each costs the clip. With w_c the class weights (1 without), n_c the
validated images of the untrained classes, m those of the one other class and k right answers:

    val_loss = (sum_c n_c w_c + (m - k) w) * clip / n

There is no free number in it. Wrong answers of the trained class may cost less than the clip, and right ones
cost a little, so it is exact for a saturated model and an upper limit, but for that little, for any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.laws.digits import bounds, numerators, width
from valscope.evidence.laws.tail import Composition
from valscope.nouns.log import Reading

CLOSE = 0.002  # nats: what a few not quite saturated answers of a thousand add


@dataclass(frozen=True, slots=True)
class Fit:
    """One epoch: the law's loss, the printed one, and k."""

    epoch: int
    right: int
    law: float
    loss: Reading

    @property
    def residual(self) -> float:
        """Printed minus computed."""
        return self.loss.value - self.law

    @property
    def close(self) -> bool:
        """Whether they agree within 0.002."""
        return abs(self.residual) <= CLOSE + self.loss.half


@dataclass(frozen=True, slots=True)
class Unseen:
    """The law over a column.

    fits      one for each epoch with both figures.
    exact     epochs that agree to the last printed digit;  close  within 0.002;  limited  not above it.
    distinct  different figures among the close ones in which the trained class has wrong answers: the same
              figure twice is no second witness, and without wrong answers its weight plays no part.
    cheaper   epochs after the first close one whose loss is below what the untrained classes alone cost: from
              then on the law may not fail.
    worst     largest absolute residual.
    accident  expected number of close epochs by accident, were the loss anything up to the law.
    nearby    the same, were it anything within `worst` of the law.
    """

    composition: Composition
    clip: float
    fits: tuple[Fit, ...]
    exact: int
    close: int
    limited: int
    distinct: int
    cheaper: int
    worst: float
    accident: float
    nearby: float


def unseen(
    losses: Sequence[Reading | None], accuracies: Sequence[Reading | None],
    composition: Composition, weights: Sequence[float], clip: float,
) -> Unseen | None:  # fmt: skip
    """The law for one composition; None unless exactly one validated class was trained and n tells k."""
    trained = [c for c, v in enumerate(composition.val) if v and c not in composition.untrained]
    if len(trained) != 1 or not composition.untrained:
        return None
    fits = tuple(_fits(losses, accuracies, composition, weights, clip, trained[0]))
    if not fits:
        return None
    return Unseen(
        composition, clip, fits,
        exact=sum(bounds(f.loss)[0] <= f.law <= bounds(f.loss)[1] for f in fits),
        close=sum(f.close for f in fits),
        limited=sum(bounds(f.loss)[0] <= f.law for f in fits),
        distinct=len({(f.right, f.loss.text) for f in fits if f.close and f.right < composition.reachable}),
        cheaper=_cheaper(fits, composition, weights, clip),
        worst=(worst := max(abs(f.residual) for f in fits)),
        accident=sum(min(1.0, (2 * CLOSE + width(f.loss)) / f.law) for f in fits),
        nearby=sum(min(1.0, (2 * CLOSE + width(f.loss)) / (2 * worst)) for f in fits) if worst > CLOSE else 0.0,
    )  # fmt: skip


def _cheaper(fits: Sequence[Fit], composition: Composition, weights: Sequence[float], clip: float) -> int:
    floor = sum(composition.val[c] * weights[c] for c in composition.untrained) * clip / composition.rows
    first = next((i for i, f in enumerate(fits) if f.close), len(fits))
    return sum(bounds(f.loss)[1] < floor - CLOSE for f in fits[first:])


def _fits(
    losses: Sequence[Reading | None], accuracies: Sequence[Reading | None],
    composition: Composition, weights: Sequence[float], clip: float, trained: int,
) -> list[Fit]:  # fmt: skip
    lost = sum(composition.val[c] * weights[c] for c in composition.untrained)
    fits = []
    for i, (loss, accuracy) in enumerate(zip(losses, accuracies)):
        ks = numerators(accuracy, composition.rows) if accuracy is not None else range(0)
        if loss is None or len(ks) != 1 or ks[0] > composition.reachable:
            continue
        law = (lost + (composition.reachable - ks[0]) * weights[trained]) * clip / composition.rows
        fits.append(Fit(i, ks[0], law, loss))
    return fits
