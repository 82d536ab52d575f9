"""A sorted tail that fits a run, with what was tried to refute it."""

from __future__ import annotations

from dataclasses import dataclass

from valscope.case.tail import telling
from valscope.evidence.laws.tail import Composition
from valscope.evidence.laws.unseen import Fit, Unseen
from valscope.nouns.fact import Source
from valscope.nouns.log import LoggedRun


@dataclass(frozen=True, slots=True)
class TailProof:
    """A sorted tail that fits a run.

    total, trained   rows in all and rows trained; `fraction` is the validation_split, None when only counts are
                     known; `printed` whether the log prints the trained rows itself.
    composition      rows by class on both sides;  best  most right answers in any epoch.
    orders_tried, orders_fit   class orders tested and left;  tails_fit  different tails among those left.
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
    tails_fit: int
    random_excluded: bool
    law: Unseen | None
    weights: tuple[float, ...]
    weighted: bool
    measured: bool
    evidence: tuple[Source, ...]

    @property
    def proved(self) -> bool:
        """Measured order, or a loss without a free number that only this tail gives."""
        if self.measured:
            return True
        alone = self.weighted and self.tails_fit == 1
        return alone and self.law is not None and telling(self.law, self.orders_tried)

    @property
    def shown(self) -> tuple[Fit, ...]:
        """Three epochs to print: those that agree best, one for each k."""
        if self.law is None:
            return ()
        by_right: dict[int, Fit] = {}
        for fit in sorted(self.law.fits, key=lambda f: abs(f.residual)):
            by_right.setdefault(fit.right, fit)
        return tuple(list(by_right.values())[:3])
