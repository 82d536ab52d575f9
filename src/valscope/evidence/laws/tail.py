"""The split that counts imply: what stands in the last rows when rows are sorted by class.

Keras' `validation_split=f` trains the first int(N (1 - f)) rows and validates the rest, before any shuffling.
With sorted rows the tail holds the last classes only, and one that lies in it whole is never trained.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

MOST_CLASSES = 7  # 5040 orders; with more classes only the stated order and its reverse are tried


@dataclass(frozen=True, slots=True)
class Composition:
    """Rows of each class (by class number) on both sides of a split; `order` is how the classes stand."""

    order: tuple[int, ...]
    train: tuple[int, ...]
    val: tuple[int, ...]

    @property
    def untrained(self) -> tuple[int, ...]:
        """Classes that are validated and never trained."""
        return tuple(c for c in range(len(self.val)) if self.val[c] and not self.train[c])

    @property
    def reachable(self) -> int:
        """Validated rows whose class was trained: nobody can get more right."""
        return sum(v for c, v in enumerate(self.val) if c not in self.untrained)

    @property
    def rows(self) -> int:
        """Validated rows."""
        return sum(self.val)

    @property
    def ceiling(self) -> float:
        """The highest validation accuracy that can be reached in practice."""
        return self.reachable / self.rows if self.rows else 1.0


def trained_rows(total: int, fraction: float) -> int:
    """Rows that `validation_split=fraction` leaves for training, as Keras computes them."""
    return int(total * (1.0 - fraction))


def sorted_split(counts: Sequence[int], order: Sequence[int], train: int) -> Composition:
    """The first `train` rows are trained when the classes stand in `order`."""
    trained, left = [0] * len(counts), train
    for c in order:
        trained[c] = min(counts[c], left)
        left -= trained[c]
    return Composition(tuple(order), tuple(trained), tuple(n - t for n, t in zip(counts, trained)))


def orders(classes: int) -> Iterator[tuple[int, ...]]:
    """The orders in which sorted classes may stand: all K! of them, or two where that is too many."""
    if classes <= MOST_CLASSES:
        return permutations(range(classes))
    stated = tuple(range(classes))
    return iter((stated, stated[::-1]))


def drawn_at_random(counts: Sequence[int], rows: int, sigmas: float = 6.0) -> tuple[int, ...]:
    """As many rows of each class as a random draw of `rows` could possibly bring: mean plus `sigmas` of the
    hypergeometric distribution (six: once in 10^9)."""
    total = sum(counts)
    most = []
    for n in counts:
        share = n / total
        spread = math.sqrt(rows * share * (1 - share) * (total - rows) / max(1, total - 1))
        most.append(min(n, rows, math.ceil(rows * share + sigmas * spread)))
    return tuple(most)


def dearest(val: Iterable[int], weights: Sequence[float], wrong: int, clip: float) -> float:
    """The most that `wrong` wrong answers among validated rows `val` can cost: the heaviest ones, each at
    the clip."""
    cost = 0.0
    for n, weight in sorted(zip(val, weights), key=lambda pair: -pair[1]):
        taken = min(n, wrong)
        cost += taken * weight * clip
        wrong -= taken
    return cost
