"""Curves of a history: loss and accuracy, training against validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.report.charts import Line, Mark, is_log, line_chart
from valscope.report.markup import Html
from valscope.words.history import Row, best_epoch, value
from valscope.words.plain import count
from valscope.words.recipe import trained


@dataclass(frozen=True, slots=True)
class Curve:
    """A chart with its heading and what to know about it."""

    heading: str
    chart: Html
    caption: str


def curves(history: Sequence[Row]) -> list[Curve]:
    """Loss and accuracy, each where the history has it."""
    best = best_epoch(history)
    kept = None if best is None or len(history) < 2 else value(best, "epoch")
    mark = None if kept is None else Mark(kept, f"lowest validation loss: epoch {kept:g}")
    made = (_curve(history, name, mark) for name in ("loss", "accuracy"))
    return [curve for curve in made if curve is not None]


def stages(history: Sequence[Row]) -> list[Mark]:
    """The first epoch and, between two epochs, each change of what is trained; none when it never changes."""
    found = [
        Mark((value(row, "epoch") or 0.0) - (0.5 if i else 0.0), trained(str(row.get("stage"))))
        for i, row in enumerate(history)
        if i == 0 or history[i - 1].get("stage") != row.get("stage")
    ]
    return found if len(found) > 1 else []


def _curve(history: Sequence[Row], name: str, best: Mark | None) -> Curve | None:
    lines = [
        line
        for line in (
            _line(history, name, "training", False),
            _line(history, f"val_{name}", "validation", True),
        )
        if line.pieces
    ]
    gaps = _gaps(history, name)
    if not lines:
        return Curve(name.capitalize(), Html(""), gaps) if gaps else None
    log = is_log(lines) and name == "loss"
    last = ", ".join(f"{line.name} {line.pieces[-1][-1][1]:.3g}" for line in lines)
    title = f"{name.capitalize()} over {len(history)} epochs; at the end {last}"
    chart = line_chart(title, lines, shares=name == "accuracy", stages=stages(history), best=best)
    return Curve(name.capitalize(), chart, " ".join(filter(None, (gaps, "Logarithmic axis." if log else ""))))


def _line(history: Sequence[Row], key: str, name: str, main: bool) -> Line:
    rows = [(value(row, "epoch") or float(i + 1), value(row, key)) for i, row in enumerate(history)]
    return Line(name, tuple(rows), main)


def _gaps(history: Sequence[Row], name: str) -> str:
    """Says in which epochs the training's number was none; a gap in a curve must not pass unnoticed."""
    bad = [row for row in history if name in row and not _finite(value(row, name))]
    if not bad:
        return ""
    return f"No finite number in {len(bad)} of {count(len(history), 'epoch')}, first in epoch {bad[0].get('epoch')}."


def _finite(number: float | None) -> bool:
    return number is not None and abs(number) != float("inf")
