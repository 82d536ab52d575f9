"""Rows to runs: where one training ends and the next begins."""

from __future__ import annotations

from collections.abc import Iterable

from valscope.evidence.logs.number import reading
from valscope.evidence.logs.rows import Event, Gap, Item, Row
from valscope.nouns.fact import Source
from valscope.nouns.log import LoggedEpoch, LoggedRun


def to_runs(items: Iterable[Item]) -> tuple[LoggedRun, ...]:
    """Group the rows: a new run begins where the epoch counter restarts, the form changes, or a row
    without a number follows text that is no log."""
    runs: list[tuple[list[Row], list[Source]]] = []
    gap = False
    for item in items:
        if isinstance(item, Gap):
            gap = True
        elif isinstance(item, Row):
            if not runs or _breaks(runs[-1][0], item, gap):
                runs.append(([], []))
            runs[-1][0].append(item)
            gap = False
        elif isinstance(item, Event) and runs:
            runs[-1][1].append(item.source)
    return tuple(_run(rows, events) for rows, events in runs)


def _breaks(rows: list[Row], new: Row, gap: bool) -> bool:
    last = rows[-1]
    if new.form != last.form or (
        new.total is not None and last.total is not None and new.total != last.total
    ):
        return True
    if new.number is None:
        return gap
    return last.number is not None and new.number <= last.number


def _run(rows: list[Row], events: list[Source]) -> LoggedRun:
    samples = True if any(r.samples for r in rows) else None
    return LoggedRun(tuple(_epoch(r) for r in rows), rows[0].form, samples, tuple(events))


def _epoch(row: Row) -> LoggedEpoch:
    readings = {name: reading(text) for name, text in row.values.items()}
    return LoggedEpoch(row.number, readings, row.source, row.total, row.steps, row.seconds, row.per_step)
