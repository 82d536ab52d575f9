"""Small facts about one logged run."""

from __future__ import annotations

from collections.abc import Sequence

from valscope.evidence.laws.copies import Shared, candidates, shared
from valscope.nouns.log import LoggedRun

LAST = 3  # epochs: one alone is noise


def gap(run: LoggedRun) -> float:
    """Training minus validation accuracy over the last three epochs; 0 where either is missing."""
    pairs = [
        (t.value, v.value)
        for t, v in zip(run.column("accuracy"), run.column("val_accuracy"))
        if t is not None and v is not None
    ][-LAST:]
    return sum(t - v for t, v in pairs) / len(pairs) if pairs else 0.0


def old_keras(run: LoggedRun) -> bool:
    """Whether the log prints "acc", as Keras before 2.3 does."""
    return run.form.startswith("keras") and any(" acc:" in e.source.quote for e in run.epochs[:2])


def copies(runs: Sequence[LoggedRun]) -> tuple[tuple[LoggedRun, LoggedRun, Shared], ...]:
    """Pairs of runs that share their losses and differ elsewhere."""
    pairs = ((runs[i], runs[j]) for i, j in candidates(runs))
    return tuple((a, b, found) for a, b in pairs if (found := shared(a, b)) is not None)
