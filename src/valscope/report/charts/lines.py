"""Curves over epochs, with stage boundaries and the epoch that was kept."""

from __future__ import annotations

import math
from collections.abc import Sequence

from valscope.report.charts.axis import Axis, log_ticks, picture, segment, text, ticks
from valscope.report.charts.series import Line, Mark, Point, finite, is_log, thinned
from valscope.report.markup import Html, element, joined
from valscope.words.plain import shorten

WIDTH, HEIGHT = 360.0, 232.0
LEFT, RIGHT, TOP, FOOT = 42.0, 292.0, 20.0, 186.0
LETTER = 5.8  # about the width of a small letter
APART = 13.0  # between two names at the right end, so that they do not overlap


def line_chart(
    title: str,
    lines: Sequence[Line],
    *,
    shares: bool = False,
    stages: Sequence[Mark] = (),
    best: Mark | None = None,
) -> Html:
    """Curves over whole numbers such as epochs. `shares` writes y as percent; other y axes are logarithmic
    when the values span a factor of 50 or more (`is_log`). `stages` say where something else begins."""
    x, y = _axes(lines, shares)
    return picture(
        title, WIDTH, HEIGHT,
        *(_across(y, value, shares) for value in (log_ticks if y.log else ticks)(y.low, y.high)),
        *(_under(x, value) for value in _epochs(lines)),
        text(LEFT - 6, FOOT + 16, "epoch", "tick", "end"),
        *_stages(x, stages),
        *(_curve(x, y, line) for line in lines),
        *([] if best is None else [_best(x, y, best, lines)]),
        *_names(y, lines),
        kind="lines",
    )  # fmt: skip


def _axes(lines: Sequence[Line], shares: bool) -> tuple[Axis, Axis]:
    places = [x for line in lines for x, _ in line.values] or [1.0]
    x_low, x_high = min(places), max(places)
    x = Axis(x_low, x_high, LEFT, RIGHT) if x_high > x_low else Axis(x_low - 1, x_low + 1, LEFT, RIGHT)
    values = finite(lines) or [0.0, 1.0]
    low, high, log = min(values), max(values), is_log(lines) and not shares
    if log:
        return x, Axis(low / 1.1, high * 1.1, FOOT, TOP, log=True)
    reach = (high - low) or abs(high) or 1.0
    low = max(0.0, low - 0.06 * reach) if low >= 0 else low - 0.06 * reach
    return x, Axis(low, min(1.0, high + 0.06 * reach) if shares else high + 0.06 * reach, FOOT, TOP)


def _epochs(lines: Sequence[Line]) -> list[float]:
    places = [x for line in lines for x, _ in line.values] or [1.0]
    return [value for value in ticks(min(places), max(places), 5) if value == round(value)]


def _across(y: Axis, value: float, shares: bool) -> Html:
    label = f"{100 * value:g} %" if shares else f"{value:g}"
    return joined(
        segment(LEFT, y(value), RIGHT, y(value), "grid"),
        text(LEFT - 6, y(value) + 4, label, "tick", "end"),
    )


def _under(x: Axis, value: float) -> Html:
    return text(x(value), FOOT + 16, f"{value:g}", "tick", "middle")


def _stages(x: Axis, stages: Sequence[Mark]) -> list[Html]:
    """A line where each stage but the first begins, and its name where there is room for it."""
    starts = [x(mark.x) for mark in stages]
    return [
        joined(
            segment(start, TOP - 12, start, FOOT, "stage") if start > LEFT else None,
            text(start + 4, TOP - 5, words, "tick") if start + 4 + LETTER * len(words) < end else None,
        )
        for start, end, words in zip(
            starts, [*starts[1:], WIDTH], [shorten(mark.words, 24) for mark in stages]
        )
    ]


def _curve(x: Axis, y: Axis, line: Line) -> Html:
    kind = "main" if line.main else "other"
    return joined(*(_piece(x, y, piece, kind) for piece in line.pieces))


def _piece(x: Axis, y: Axis, piece: list[Point], kind: str) -> Html:
    if len(piece) == 1:
        return element("circle", cx=x(piece[0][0]), cy=y(piece[0][1]), r=3.5, class_=f"dot {kind}")
    places = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in thinned(piece))
    return element("polyline", points=places, class_=f"curve {kind}")


def _best(x: Axis, y: Axis, mark: Mark, lines: Sequence[Line]) -> Html:
    at = x(mark.x)
    heights = [b for line in lines if line.main for a, b in line.values if a == mark.x and b is not None]
    ring = [element("circle", cx=at, cy=y(b), r=4.5, class_="ring") for b in heights if math.isfinite(b)]
    anchor = "start" if at < LEFT + 30 else "end" if at > RIGHT - 10 else "middle"
    return joined(
        segment(at, TOP, at, FOOT, "best"), *ring, text(at, FOOT + 36, mark.words, "label main", anchor)
    )


def _names(y: Axis, lines: Sequence[Line]) -> list[Html]:
    """Names beside the ends of the curves, pushed apart where the curves end close together."""
    drawn = sorted((line for line in lines if line.pieces), key=lambda line: y(line.pieces[-1][-1][1]))
    heights: list[float] = []
    for line in drawn:
        own = y(line.pieces[-1][-1][1])
        heights.append(max(own, heights[-1] + APART) if heights else own)
    lift = max(0.0, heights[-1] - FOOT) if heights else 0.0
    return [
        text(RIGHT + 6, height - lift + 4, line.name, f"name {'main' if line.main else 'other'}")
        for line, height in zip(drawn, heights)
    ]
