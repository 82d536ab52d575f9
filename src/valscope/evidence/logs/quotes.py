"""Stretches of a log that are shown twice."""

from __future__ import annotations

from valscope.nouns.fact import Source
from valscope.nouns.log import LoggedEpoch, LoggedRun


def without_quotes(runs: list[LoggedRun]) -> tuple[tuple[LoggedRun, ...], tuple[Source, ...]]:
    """A stretch of an earlier run that is shown again (an answer quoting the question) is no run."""
    kept: list[LoggedRun] = []
    quoted: list[Source] = []
    for run in runs:
        if any(_holds(earlier, run) for earlier in kept):
            quoted += [e.source for e in run.epochs]
        else:
            kept.append(run)
    return tuple(kept), tuple(quoted)


def _holds(run: LoggedRun, shown: LoggedRun) -> bool:
    whole, part = run.epochs, shown.epochs
    starts = range(len(whole) - len(part) + 1)
    return any(all(_same(whole[i + k], e) for k, e in enumerate(part)) for i in starts)


def _same(epoch: LoggedEpoch, shown: LoggedEpoch) -> bool:
    """Equal to the last digit, step times included; a quotation may have lost its header."""
    if shown.number not in (None, epoch.number) or shown.total not in (None, epoch.total):
        return False
    if _texts(epoch) != _texts(shown):
        return False
    return (epoch.steps, epoch.seconds, epoch.per_step) == (shown.steps, shown.seconds, shown.per_step)


def _texts(epoch: LoggedEpoch) -> list[tuple[str, str]]:
    return [(name, reading.text) for name, reading in epoch.readings.items()]
