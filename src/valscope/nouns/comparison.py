"""Two runs on the same images."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.dataset import Notice
from valscope.nouns.result import Share


@dataclass(frozen=True, slots=True)
class ClassChange:
    """One class: how many of its `n` images only one of the two runs has right, and whether that is chance.

    p  exact McNemar, corrected for looking at every class (Holm).
    """

    name: str
    n: int
    only_a: int
    only_b: int
    p: float

    @property
    def difference(self) -> float:
        """Recall of B less recall of A, -1..1."""
        return (self.only_b - self.only_a) / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Is run B better than run A on the same images?

    difference  accuracy of B less accuracy of A, -1..1, with its 95 % interval `low`..`high`.
    only_a      images that only A has right;  only_b  those that only B has right.
    p           two-sided: the chance of so uneven a pair of numbers if both runs were equally good.
    groups      number of groups where images come in groups; interval and p then count groups.
    better      "A" or "B" where p is below 0.05 and the interval leaves out 0, else None.
    verdict     the answer in one sentence;  cannot_tell  what it leaves open.
    """

    run_a: str
    run_b: str
    n: int
    accuracy_a: Share
    accuracy_b: Share
    difference: float
    low: float
    high: float
    only_a: int
    only_b: int
    p: float
    better: Literal["A", "B"] | None
    per_class: tuple[ClassChange, ...]
    verdict: str
    cannot_tell: str
    groups: int | None = None
    notices: tuple[Notice, ...] = ()
