"""Shares side by side as dots with their intervals: this model, and what it must beat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from valscope.report.charts.axis import Axis, picture, segment, text, ticks
from valscope.report.markup import Html, element, joined
from valscope.words.plain import shorten

WIDTH, LEFT, RIGHT = 360.0, 2.0, 358.0
ROW, TOP, BOTTOM = 42.0, 4.0, 22.0
NAME = 34  # characters that fit before the number at the other end


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the chart: 0..1, None for a share that was not measured. `words` stands at its right end;
    `main` marks the row that the chart is about."""

    label: str
    value: float | None
    low: float
    high: float
    words: str
    main: bool = False


def interval_chart(title: str, rows: Sequence[Row]) -> Html:
    """Dots with intervals on one percent axis, the label above each, in the order given."""
    axis = Axis(_floor(rows), 1.0, LEFT, RIGHT)
    height = TOP + ROW * len(rows) + BOTTOM
    foot = height - BOTTOM
    grid = [_grid(axis, value, foot) for value in ticks(axis.low, axis.high, 4)]
    drawn = [_row(axis, row, TOP + ROW * i) for i, row in enumerate(rows)]
    return picture(title, WIDTH, height, *grid, *drawn, kind="intervals")


def _floor(rows: Sequence[Row]) -> float:
    """Where the axis begins: nearer to 1 when everything lies there, else small differences vanish."""
    lowest = min((row.low for row in rows if row.value is not None), default=0.0)
    return next((floor for floor in (0.9, 0.8, 0.5) if lowest > floor), 0.0)


def _grid(axis: Axis, value: float, foot: float) -> Html:
    at = axis(value)
    anchor = "start" if at < LEFT + 12 else "end" if at > RIGHT - 12 else "middle"
    return joined(
        segment(at, TOP, at, foot, "grid"), text(at, foot + 15, f"{100 * value:g} %", "tick", anchor)
    )


def _row(axis: Axis, row: Row, top: float) -> Html:
    kind = "main" if row.main else "other"
    label = text(LEFT, top + 14, shorten(row.label, NAME), f"label {kind}")
    words = text(RIGHT, top + 14, row.words, f"value {kind}", "end")
    if row.value is None:
        return joined(label, words)
    y, low, high = top + 26, axis(row.low), axis(row.high)
    return joined(
        label, words,
        segment(low, y, high, y, f"range {kind}"),
        segment(low, y - 4, low, y + 4, f"range {kind}"),
        segment(high, y - 4, high, y + 4, f"range {kind}"),
        element("circle", cx=axis(row.value), cy=y, r=5.5 if row.main else 4.5, class_=f"dot {kind}"),
    )  # fmt: skip
