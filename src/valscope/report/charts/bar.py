"""A share as a bar with its interval as a whisker, small enough for a table's cell."""

from __future__ import annotations

from valscope.nouns.result import Share
from valscope.report.charts.axis import segment
from valscope.report.markup import Html, element
from valscope.words.plain import share


def bar(counted: Share, n: int | None = None) -> Html:
    """0..1 on a track of 100 x 10 units that stretches to its cell; an empty track when nothing was counted."""
    words = share(counted, n)
    parts = [element("rect", x=0, y=2, width=100, height=6, class_="track")]
    if counted.value is not None:
        low, high = 100 * counted.low, 100 * counted.high
        parts += [
            element("rect", x=0, y=2, width=100 * counted.value, height=6, class_="fill"),
            segment(low, 5, high, 5, "whisker"),
            segment(low, 1, low, 9, "whisker"),
            segment(high, 1, high, 9, "whisker"),
        ]
    return element(
        "svg", element("title", words), *parts,
        viewBox="0 0 100 10", preserveAspectRatio="none", role="img", aria_label=words, class_="bar",
    )  # fmt: skip
