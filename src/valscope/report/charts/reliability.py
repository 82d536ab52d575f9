"""Stated probability against the share that was right: on the diagonal, a classifier means what it says."""

from __future__ import annotations

import math
from collections.abc import Sequence

from valscope.nouns.result import Bin
from valscope.report.charts.axis import Axis, picture, segment, text
from valscope.report.markup import Html, element, joined
from valscope.words.plain import count, percent, share

SIDE, LEFT, TOP, FOOT = 300.0, 54.0, 10.0, 254.0
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def reliability(title: str, bins: Sequence[Bin]) -> Html:
    """A dot a bin, as large as its number of images, with the interval of the share that was right."""
    x, y = Axis(0, 1, LEFT, SIDE - 18), Axis(0, 1, FOOT, TOP)
    most = max((b.accuracy.n for b in bins), default=1)
    return picture(
        title, SIDE, SIDE,
        *(_grid(x, y, value) for value in TICKS),
        segment(x(0), y(0), x(1), y(1), "diagonal"),
        *(_dot(x, y, b, most) for b in bins if b.accuracy.value is not None),
        text((x(0) + x(1)) / 2, SIDE - 6, "stated probability", "axis", "middle"),
        element("text", "share that was right", transform=f"translate(10 {(FOOT + TOP) / 2:g}) rotate(-90)",
                text_anchor="middle", class_="axis"),
        kind="reliability",
    )  # fmt: skip


def _grid(x: Axis, y: Axis, value: float) -> Html:
    label = f"{100 * value:g} %"
    return joined(
        segment(x(0), y(value), x(1), y(value), "grid"),
        text(x(0) - 5, y(value) + 4, label, "tick", "end"),
        text(x(value), FOOT + 16, label, "tick", "middle"),
    )


def _dot(x: Axis, y: Axis, b: Bin, most: int) -> Html:
    at, counted = x(b.confidence), b.accuracy
    words = (
        f"stated {percent(b.confidence, counted.n)}, right {share(counted)} of {count(counted.n, 'image')}"
    )
    return element(
        "g", element("title", words),
        segment(at, y(counted.low), at, y(counted.high), "range main"),
        element("circle", cx=at, cy=y(counted.value or 0.0), r=2.5 + 4 * math.sqrt(counted.n / most),
                class_="dot main"),
    )  # fmt: skip
