"""The tail split behind a log: which classes stand in the last rows, and whether anything else could.

A fact by arithmetic, used by the rule that names the untrained class and by those that acquit other suspects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.laws.clips import KERAS
from valscope.evidence.laws.digits import bounds, numerators
from valscope.evidence.laws.tail import Composition, dearest, drawn_at_random, orders, sorted_split
from valscope.evidence.laws.unseen import Unseen, unseen
from valscope.nouns.log import LoggedRun

DISTINCT = 3  # different figures that the loss law must give to within 0.002
ACCIDENT = 0.1  # close epochs expected by accident over all tails tried: three of them once in 6000 logs
BEATEN = 4  # times as many figures as a rival gives, where the two differ
LIMITED = 0.9  # of the epochs that must not exceed the law of a saturated model
CLEAR = 0.01  # nats by which two laws must differ for an epoch to tell them apart


@dataclass(frozen=True, slots=True)
class Tail:
    """What one order of the classes puts into validation, and the loss law of its untrained class."""

    composition: Composition
    law: Unseen | None


def tails(run: LoggedRun, counts: Sequence[int], trained: int, weights: Sequence[float]) -> list[Tail]:
    """One for each order of the classes that no epoch contradicts."""
    found = []
    for order in orders(len(counts)):
        composition = sorted_split(counts, order, trained)
        if not contradicted(run, composition, weights):
            law = unseen(run.column("val_loss"), run.column("val_accuracy"), composition, weights, KERAS.cost)
            found.append(Tail(composition, law))
    return found


def telling(law: Unseen, tried: int) -> bool:
    """Whether so many different figures cannot agree by accident, and the law limits the others."""
    enough = law.distinct >= max(DISTINCT, BEATEN * law.nearby) and not law.cheaper
    return enough and law.accident * tried <= ACCIDENT and law.limited >= LIMITED * len(law.fits)


def only(candidates: Sequence[Tail], tried: int) -> list[Tail]:
    """The candidates with the one composition whose law gives the losses; all of them where none does."""
    laws = [t for t in candidates if t.law is not None and telling(t.law, tried)]
    if not laws:
        return list(candidates)
    best = max(laws, key=lambda t: t.law.distinct if t.law is not None else 0)
    same = [t for t in candidates if t.composition.val == best.composition.val]
    rivals = [t for t in laws if t.composition.val != best.composition.val]
    return same if all(_beats(best, t) for t in rivals) else [*same, *rivals]


def _beats(winner: Tail, rival: Tail) -> bool:
    """Where the two laws differ, the winner gives many figures and the rival next to none."""
    if winner.law is None or rival.law is None:
        return winner.law is not None
    other = {f.epoch: f for f in rival.law.fits}
    apart = [f for f in winner.law.fits if f.epoch not in other or abs(f.law - other[f.epoch].law) > CLEAR]
    mine = {(f.right, f.loss.text) for f in apart if f.close}
    its = {(f.right, f.loss.text) for f in apart if f.epoch in other and other[f.epoch].close}
    return len(mine) >= DISTINCT and BEATEN * len(its) <= len(mine)


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
