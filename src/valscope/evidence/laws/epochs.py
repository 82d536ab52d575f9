"""Which epoch a number belongs to: the best, the last, the quoted one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.nouns.log import LoggedRun, Reading


@dataclass(frozen=True, slots=True)
class Best:
    """The epochs (by position, from 0) with the best value of a column, and the last value."""

    column: str
    epochs: tuple[int, ...]
    value: Reading
    last: Reading
    count: int


def best(run: LoggedRun, column: str) -> Best | None:
    """Smallest of a loss, largest of anything else; None without two readings."""
    known = [(i, r) for i, r in enumerate(run.column(column)) if r is not None and r.value == r.value]
    if len(known) < 2:
        return None
    choose = min if "loss" in column else max
    value = choose(known, key=lambda pair: pair[1].value)[1]
    epochs = tuple(i for i, r in known if r.value == value.value)
    return Best(column, epochs, value, known[-1][1], len(known))


def quoted(column: Sequence[Reading | None], number: Reading) -> tuple[int, ...]:
    """Positions whose reading agrees with a number quoted elsewhere, to the coarser digits."""
    return tuple(
        i
        for i, r in enumerate(column)
        if r is not None and abs(r.value - number.value) <= max(r.half, number.half) + 1e-9
    )
