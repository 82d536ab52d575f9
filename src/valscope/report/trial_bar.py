"""A trial as a line of characters, for terminals."""

from __future__ import annotations

from valscope.nouns.trial import Trial
from valscope.report.trial_words import mean

LENGTH = 50  # steps from 0 to 100 %: one is two points


def bar(trial: Trial) -> str:
    """`·····○━━━━━━━━━━━●··`: from before (hollow) to after (full) on 0 to 100 %; one dot where they are the same."""
    before, after = (_place(mean(trial, arm)) for arm in (trial.control, trial.treated))
    cells = ["·"] * (LENGTH + 1)
    for i in range(min(before, after), max(before, after)):
        cells[i] = "━"
    cells[before], cells[after] = "○", "●"
    return "".join(cells)


def _place(share: float) -> int:
    return round(LENGTH * min(1.0, max(0.0, share)))
