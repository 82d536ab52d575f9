"""Rows to runs: where one training ends and the next begins, and what is no epoch at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from valscope.evidence.logs.ends import with_first_number, without_closing_score, without_cut_figure
from valscope.evidence.logs.figures import epochs_of, figures
from valscope.evidence.logs.quotes import without_quotes
from valscope.evidence.logs.rows import Event, Gap, Item, Log, Row
from valscope.nouns.fact import Source
from valscope.nouns.log import Evaluation, LoggedRun

_DIGITS = re.compile(r"\d+")
# So many scores with the same count of steps are epochs without a header; fewer, and without a
# validation, are calls of `evaluate`.
_EPOCHS_WITHOUT_HEADER = 3


@dataclass(slots=True)
class _Piece:
    """Rows that follow each other in one training."""

    rows: list[Row] = field(default_factory=list)
    events: list[Source] = field(default_factory=list)
    gap: tuple[str, ...] = ()


def to_log(items: Iterable[Item], notices: tuple[str, ...] = (), cut: bool = False) -> Log:
    """Group rows into runs. A new run begins where the epoch counter restarts, the total or the form
    changes, or a row without a number follows text that is no log. `cut`: the text does not end with a line end."""
    pieces, evaluations, ends_with_epoch = _pieces(items)
    if cut and ends_with_epoch:
        pieces[-1].rows[-1] = without_cut_figure(pieces[-1].rows)
    pieces = _without_repeated_prints(pieces)
    runs: list[LoggedRun] = []
    for piece in pieces:
        if _is_evaluation(piece.rows):
            evaluations += [Evaluation(figures(row.values), row.source, row.steps) for row in piece.rows]
        elif piece.rows:
            rows, late = without_closing_score(with_first_number(piece.rows))
            evaluations += late
            runs.append(_run(rows, piece.events))
    kept, quoted = without_quotes(runs)
    return Log(kept, tuple(sorted(evaluations, key=lambda e: e.source.line or 0)), quoted, notices)


def _pieces(items: Iterable[Item]) -> tuple[list[_Piece], list[Evaluation], bool]:
    """The pieces, the evaluations, and whether the text ends with an epoch."""
    pieces: list[_Piece] = []
    evaluations: list[Evaluation] = []
    openings: list[Source] = []
    gap: list[str] = []
    for item in items:
        if isinstance(item, Gap):
            gap.append(item.text)
        elif isinstance(item, Evaluation):
            evaluations.append(item)
        elif isinstance(item, Event):
            (openings if item.opening or not pieces else pieces[-1].events).append(item.source)
        else:
            if not pieces or _breaks(pieces[-1].rows, item, bool(gap), bool(openings)):
                pieces.append(_Piece(events=openings, gap=tuple(_DIGITS.sub("0", g) for g in gap[:3])))
                openings = []
            pieces[-1].rows.append(item)
            gap = []
    return pieces, evaluations, bool(pieces) and isinstance(item, Row)


def _breaks(rows: list[Row], new: Row, gap: bool, opened: bool) -> bool:
    last = rows[-1]
    if new.form != last.form or _differ(new.total, last.total):
        return True
    if new.number is None:
        same = set(new.values) == set(last.values) and new.steps == last.steps
        return gap or opened or not same or (last.number is not None and last.number == last.total)
    if last.number is None:
        return gap and len(rows) > 1 and rows[0].number is None and all(r.number is None for r in rows)
    if new.number == last.number == new.total == 1:  # fit(epochs=1) in a loop
        return gap or opened or new.steps != last.steps
    return new.number <= last.number


def _differ(a: int | None, b: int | None) -> bool:
    return a is not None and b is not None and a != b


def _without_repeated_prints(pieces: list[_Piece]) -> list[_Piece]:
    """A callback that prints after each epoch parts epochs without a header; the same print again and
    again does not part runs."""
    out: list[_Piece] = []
    for i, piece in enumerate(pieces):
        alone = piece.rows[0].number is None and len(piece.rows) == 1
        repeated = piece.gap and any(
            p.gap == piece.gap for p in pieces[max(i - 1, 0) : i + 2] if p is not piece
        )
        if out and alone and repeated and _alike(out[-1].rows[-1], piece.rows[0]):
            out[-1].rows += piece.rows
            out[-1].events += piece.events
        else:
            out.append(piece)
    return out


def _alike(a: Row, b: Row) -> bool:
    return a.form == b.form and a.steps == b.steps and set(a.values) == set(b.values) and a.number is None


def _is_evaluation(rows: list[Row]) -> bool:
    """Scores without a number and without a validation: `evaluate`, unless they go on and on; and scores
    of a test part alone, however many."""
    if any(row.number is not None for row in rows) or rows[0].form == "history":
        return False
    if all(name.startswith("test_") for row in rows for name in row.values):
        return True
    if len(rows) == 1 and not rows[0].form.startswith("keras"):
        return True
    return len(rows) < _EPOCHS_WITHOUT_HEADER and not any(map(_validated, rows))


def _validated(row: Row) -> bool:
    return any(name.startswith("val_") for name in row.values)


def _run(rows: list[Row], events: list[Source]) -> LoggedRun:
    told = {r.samples for r in rows} - {None}
    samples = told.pop() if len(told) == 1 else None
    if any(re.search(rf"on {rows[0].steps} samples", e.quote) for e in events):
        samples = True
    return LoggedRun(epochs_of(rows), rows[0].form, samples, tuple(events))
