"""The numbers that a repetition of a training must reproduce."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from valscope.case import known
from valscope.evidence.prose.lexicon import PREDICTIONS, pattern
from valscope.nouns.fact import Source
from valscope.nouns.log import LoggedRun, Reading
from valscope.nouns.result import Share
from valscope.nouns.stated import KofN, StatedScore
from valscope.nouns.training import Reported

if TYPE_CHECKING:
    from valscope.case.case import Case

FEWEST = 10  # images: fewer are an example, not a score
Part = Literal["train", "val", "test", "predict"]
COLUMNS: tuple[tuple[str, Part], ...] = (("val_accuracy", "val"), ("accuracy", "train"))


def reported(case: Case) -> tuple[Reported, ...]:
    """Accuracies of the last epoch of the log; of the text where there is no log. Those of a copied log count
    for nothing."""
    run = logged(case)
    if run is not None:
        return tuple(_of_run(case, run))
    said = [
        (f, part)
        for part, facts in (("val", case.quoted_scores), ("train", case.trained_scores))
        for f in facts
    ]
    found: dict[str, Reported] = {}
    for fact, part in said:
        if 0 <= fact.value.value <= 1:
            found.setdefault(part, number(part, fact.value, fact.source, None))  # type: ignore[arg-type]
    values = {r.value for r in found.values()}
    return tuple(found.values()) if len(values) == len(found) else tuple(found.values())[:1]


def predicted(case: Case) -> tuple[Reported, ...]:
    """What came out in use: a recovered confusion table; else the one number that a line about predictions tells."""
    tables = [
        Reported("predict", f.value.accuracy, f.source, f.value.n, share_of(f.value.accuracy, f.value.n))
        for f in case.recounts
    ]
    if tables:
        return tuple(tables)
    told: dict[float, Reported] = {}
    for fact in case.stated:
        value, line = fact.value, fact.source
        if not pattern(PREDICTIONS).search(line.quote):
            continue
        if isinstance(value, KofN) and 0 <= value.k <= value.n and value.n >= FEWEST:
            share = value.k / value.n
            told[share] = Reported("predict", share, line, value.n, share_of(share, value.n))
        elif isinstance(value, StatedScore) and value.measure == "accuracy" and value.part in (None, "test"):
            told[value.value.value] = number("predict", value.value, line, None)
    return tuple(told.values()) if len(told) == 1 and max(told) <= 1 else ()


def logged(case: Case) -> LoggedRun | None:
    """The training that the case is about: the first with a validation column that is no copy."""
    runs = [run for run in case.runs if not case.disowned(run)]
    return next((run for run in runs if any(run.column("val_accuracy"))), runs[0] if runs else None)


def number(part: Part, reading: Reading, source: Source, n: int | None) -> Reported:
    """One accuracy, with its exact interval where n is known."""
    return Reported(part, reading.value, source, n, share_of(reading.value, n))


def share_of(value: float, n: int | None) -> Share | None:
    """k of n for a printed share, with its exact 95 % interval; None where n is not known."""
    if n is None or n < 1:
        return None
    from valscope.stats.intervals import clopper_pearson

    k = min(n, max(0, round(value * n)))
    low, high = clopper_pearson(k, n)
    return Share(k / n, low, high, k, n)


def _of_run(case: Case, run: LoggedRun) -> Iterator[Reported]:
    for name, part in COLUMNS:
        for epoch in reversed(run.epochs):
            reading = epoch.readings.get(name)
            if reading is not None and 0 <= reading.value <= 1:
                found = number(part, reading, epoch.source, _size(case, run, part))
                yield replace(found, curve=tuple(_curve(run, name)))
                break


def _curve(run: LoggedRun, name: str) -> list[float]:
    """The column's values; none where an epoch lacks its number, for the others could not be counted."""
    values = [r.value for r in run.column(name) if r is not None]
    return values if len(values) == len(run.epochs) else []


def _size(case: Case, run: LoggedRun, part: Part) -> int | None:
    """Images behind the number: what the digits and the text agree on, or what the log prints itself."""
    if part == "val":
        found = case.scored(run)
        return found.n if found is not None and found.sure else None
    on_arrays = case.old_keras(run) and case.fraction is not None and run.samples is None
    if (run.samples or on_arrays) and run.epochs[0].steps:  # before 2.3 the bar counts the images of arrays
        return run.epochs[0].steps
    sizes = known.sizes_of("train", case.scripts, case.stated)
    return sizes[0].value if len({s.value for s in sizes}) == 1 else None
