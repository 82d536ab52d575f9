"""Columns that two logs share although they claim to be different trainings.

Two trainings do not agree in a printed loss by accident: with four decimals about once in 10^4 an epoch, with
loss and val_loss together once in 10^8.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

from valscope.evidence.laws.digits import decimals
from valscope.nouns.log import LoggedEpoch, LoggedRun, Reading

CERTAIN = 1e-9
MOST = 20  # runs that share one line: a loss that so many show ("0.0000e+00") names none


@dataclass(frozen=True, slots=True)
class Shared:
    """Columns equal line by line, and columns that differ beside them.

    lines      pairs of positions (in the first run, in the second).
    equal      columns that agree in every line;  differ  columns that do not.
    times      whether the printed step times agree too.
    accident   chance that figures of this many digits agree by accident.
    complete   whether every line of the shorter log is among the equal ones.
    coarser    0 or 1: the run whose differing columns have fewer decimals, None when they are alike.
    """

    lines: tuple[tuple[int, int], ...]
    equal: tuple[str, ...]
    differ: tuple[str, ...]
    times: bool
    accident: float
    coarser: int | None
    complete: bool


def shared(first: LoggedRun, second: LoggedRun) -> Shared | None:
    """Columns of losses that two runs share in the same order, where another column differs; else None."""
    lines = _lines(first, second)
    if len(lines) < 2:
        return None
    pairs = [(first.epochs[i], second.epochs[j]) for i, j in lines]
    names = [n for n in pairs[0][0].readings if all(n in a.readings and n in b.readings for a, b in pairs)]
    equal = tuple(n for n in names if all(a.readings[n].text == b.readings[n].text for a, b in pairs))
    differ = tuple(n for n in names if any(_differ(a.readings[n], b.readings[n]) for a, b in pairs))
    accident = _accident(pairs, equal)
    if not differ or accident > CERTAIN:
        return None
    times = all(a.seconds == b.seconds and a.per_step == b.per_step for a, b in pairs)
    return Shared(
        tuple(lines), equal, differ, times and pairs[0][0].seconds is not None, accident,
        _coarser(pairs, differ), len(lines) == min(len(first.epochs), len(second.epochs)),
    )  # fmt: skip


def candidates(runs: Sequence[LoggedRun]) -> Iterator[tuple[int, int]]:
    """Positions of pairs of runs that share the losses of at least two lines; a text may hold thousands of runs."""
    where: dict[tuple[str, ...], set[int]] = {}
    for i, run in enumerate(runs):
        for epoch in run.epochs:
            if key := _losses(epoch):
                where.setdefault(key, set()).add(i)
    together = Counter(
        pair for at in where.values() if 1 < len(at) <= MOST for pair in combinations(sorted(at), 2)
    )
    return (pair for pair, lines in sorted(together.items()) if lines >= 2)


def _lines(first: LoggedRun, second: LoggedRun) -> list[tuple[int, int]]:
    where = {key: j for j, epoch in enumerate(second.epochs) if (key := _losses(epoch))}
    lines = [(i, where[key]) for i, epoch in enumerate(first.epochs) if (key := _losses(epoch)) in where]
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(lines)]
    return lines if all(step[0] == step[1] > 0 for step in steps) else []


def _losses(epoch: LoggedEpoch) -> tuple[str, ...]:
    return tuple(r.text for name, r in sorted(epoch.readings.items()) if "loss" in name)


def _differ(a: Reading, b: Reading) -> bool:
    return abs(a.value - b.value) > a.half + b.half


def _accident(pairs: list[tuple[LoggedEpoch, LoggedEpoch]], equal: tuple[str, ...]) -> float:
    chance = 1.0
    for name in (n for n in equal if "loss" in n):
        for value in {a.readings[name].text: a.readings[name] for a, _ in pairs}.values():
            # two trainings of the same task differ by a tenth of their loss at the least
            chance *= min(1.0, 2 * value.half / max(0.1 * abs(value.value), 1e-12))
    return chance


def _coarser(pairs: list[tuple[LoggedEpoch, LoggedEpoch]], names: tuple[str, ...]) -> int | None:
    digits = [max(decimals(pair[side].readings[n]) for pair in pairs for n in names) for side in (0, 1)]
    return None if digits[0] == digits[1] else digits.index(min(digits))
