"""Ratios that hold on a busy machine: both sides in turn, several times, and the median of the pairs' ratios."""

from __future__ import annotations

import json
import math
import os
import platform
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table.

    ours, theirs  medians in seconds.
    ratio         median of the pairs' theirs / ours: above 1 valscope is faster; low and high are the smallest
                  and the largest pair. NaN where there is no other side; low and high are then seconds.
    cpu           the same ratio of processor time, which other people's programs disturb less.
    goal          ratio to reach, None where there is none.
    """

    what: str
    against: str
    ours: float
    theirs: float
    ratio: float
    low: float
    high: float
    pairs: int
    cpu: float | None = None
    goal: float | None = None
    note: str = ""

    @property
    def met(self) -> bool:
        return self.goal is None or self.ratio >= self.goal


@dataclass(frozen=True)
class Spent:
    """Wall and processor seconds (all threads of the process) of one stretch."""

    wall: float
    cpu: float

    def __add__(self, other: Spent) -> Spent:
        return Spent(self.wall + other.wall, self.cpu + other.cpu)

    def times(self, factor: float) -> Spent:
        return Spent(self.wall * factor, self.cpu * factor)


class Clock:
    """Times named stretches; starting one ends the one before."""

    def __init__(self) -> None:
        self.spent: dict[str, Spent] = {}
        self.running = ""
        self._at = Spent(0, 0)

    def start(self, name: str) -> None:
        self.stop()
        self.running, self._at = name, now()

    def stop(self) -> None:
        if self.running:
            end = now()
            stretch = Spent(end.wall - self._at.wall, end.cpu - self._at.cpu)
            self.spent[self.running] = self.spent.get(self.running, Spent(0, 0)) + stretch
        self.running = ""

    def sum(self, *names: str) -> Spent:
        """All of these stretches together."""
        total = Spent(0, 0)
        for name in names:
            total = total + self.spent[name]
        return total

    def told(self) -> str:
        return "  ".join(f"{name} {s.wall:.2f} (cpu {s.cpu:.2f})" for name, s in self.spent.items())


def now() -> Spent:
    """Seconds on the wall and seconds of all threads of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Spent(time.perf_counter(), used.ru_utime + used.ru_stime)


def compare(
    what: str,
    against: str,
    ours: Sequence[Spent],
    theirs: Sequence[Spent],
    goal: float | None = None,
    note: str = "",
) -> Row:
    """A row from pairs that were measured one beside the other."""
    ratios = [b.wall / a.wall for a, b in zip(ours, theirs, strict=True)]
    cpu = statistics.median(b.cpu / max(a.cpu, 1e-3) for a, b in zip(ours, theirs, strict=True))
    mine, yours = (statistics.median(s.wall for s in side) for side in (ours, theirs))
    middle = statistics.median(ratios)
    return Row(
        what, against, mine, yours, middle, min(ratios), max(ratios), len(ratios), cpu, goal, note
    )  # fmt: skip


def alone(what: str, ours: Sequence[Spent], note: str = "") -> Row:
    """A row that is compared with nothing."""
    walls = [s.wall for s in ours]
    return Row(
        what, "", statistics.median(walls), math.nan, math.nan, min(walls), max(walls), len(walls), note=note
    )


def machine() -> str:
    """The machine in words."""
    name = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.is_file():
        models = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        name = models[0].split(":", 1)[1].strip() if models else name
    return f"{name}, {os.cpu_count()} cores, {platform.system()}"


def versions() -> str:
    """Python and the libraries that do the work."""
    from importlib import metadata

    found = [f"Python {platform.python_version()}"]
    for name in ("keras", "tensorflow", "tensorflow-cpu", "numpy", "pillow", "scikit-learn"):
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
    return ", ".join(found)


def show(rows: Sequence[Row]) -> None:
    """Rows for a person, or one JSON object a line with --json."""
    for row in rows:
        if "--json" in sys.argv:
            print("ROW " + json.dumps(asdict(row)), flush=True)
        else:
            print(in_words(row), flush=True)


def in_words(row: Row) -> str:
    """One line of plain text."""
    if not row.against:
        return f"{row.what}: {row.ours:.2f} s ({row.low:.2f} to {row.high:.2f})"
    goal = "" if row.goal is None else f", goal {row.goal:g} {'met' if row.met else 'MISSED'}"
    return (
        f"{row.what}, against {row.against}: {row.ours:.2f} s and {row.theirs:.2f} s, ratio {row.ratio:.2f} "
        f"({row.low:.2f} to {row.high:.2f} in {row.pairs} pairs, processor time {row.cpu:.2f}){goal}"
    )
