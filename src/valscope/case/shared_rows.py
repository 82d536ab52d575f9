"""Rows that a script trains and scores, where the bounds of both prove it."""

from __future__ import annotations

from collections.abc import Iterator

from valscope.evidence.laws.overlap import Overlap, overlap
from valscope.nouns.script import RowRange, ScriptFacts

A_LOOK = 32  # rows of x_test = x[:16]: a few images to look at
Shared = tuple[RowRange, RowRange, Overlap]


def shared_rows(script: ScriptFacts) -> Shared | None:
    """What trains, what scores, and the rows in both: by what one training call gets, else by what variables are called.

    None where no bounds prove it, where one object both trains and validates, and where a dataset deals its rows anew to
    both parts, so that no bounds tell which they are.
    """
    if any(
        fit.validation_is_training is not None and fit.validation_is_training.value for fit in script.fits
    ):
        return None
    return next(_by_call(script), None) or next(_by_name(script), None)


def _by_call(script: ScriptFacts) -> Iterator[Shared]:
    for trained, scored, shared in _pairs([r for r in script.ranges if r.call is not None]):
        if trained.turn == scored.turn:
            yield trained, scored, shared


def _by_name(script: ScriptFacts) -> Iterator[Shared]:
    for trained, scored, shared in _pairs([r for r in script.ranges if r.call is None]):
        if not _few(scored) and not _few(trained) and not _on_purpose(trained, scored):
            yield trained, scored, shared


def _pairs(ranges: list[RowRange]) -> Iterator[Shared]:
    for trained in (r for r in ranges if r.use == "train"):
        for scored in (r for r in ranges if r.use != "train"):
            shared = overlap(trained, scored) if not dealt_anew(trained, scored) else None
            if shared is not None:
                yield trained, scored, shared


def dealt_anew(trained: RowRange, scored: RowRange) -> bool:
    """Whether each pass over either part draws again which rows of one thing it holds."""
    both = bool(trained.dealt) and bool(scored.dealt)
    return both and trained.base == scored.base and "all" not in (trained.form, scored.form)


def _few(part: RowRange) -> bool:
    size = part.end.minus(part.first)
    return part.form == "slice" and not size.terms and size.count <= A_LOOK


def _on_purpose(trained: RowRange, scored: RowRange) -> bool:
    """x_test = x[n_train - 60:] after x_train = x[:n_train]: the rows that a window over a series needs."""
    cut, start = trained.written[1].replace(" ", ""), scored.written[0].replace(" ", "")
    return bool(cut) and start.startswith(f"{cut}-")
