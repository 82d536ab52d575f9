"""What a change brought, between nothing and the whole gap."""

from __future__ import annotations

from valscope.nouns.trial import Trial
from valscope.report.charts.axis import Axis, picture, segment, text
from valscope.report.markup import Html, element
from valscope.words.plain import points

WIDTH, SMALL, LEFT, RIGHT = 360.0, 170.0, 6.0, 354.0
FOOT = 22.0


def effect_chart(trial: Trial, small: bool = False) -> Html:
    """The difference in points with its 95 % interval. Below a quarter of the gap (shaded) it is not the cause.
    `small` fits a table's cell and has no letters."""
    axis, height = _axis(trial, small), 22.0 if small else 34.0
    gap, middle = trial.gap, height / 2 + 1
    kind = "other" if trial.ruling == "REFUTED" else "main"
    low, high = axis(trial.low), axis(trial.high)
    return picture(
        _title(trial), SMALL if small else WIDTH, height + (0 if small else FOOT),
        *([_zone(axis, gap, height), segment(axis(gap), 2, axis(gap), height, "reported")] if gap else []),
        segment(axis(0), 2, axis(0), height, "zero"),
        segment(low, middle, high, middle, f"range {kind}"),
        segment(low, middle - 4, low, middle + 4, f"range {kind}"),
        segment(high, middle - 4, high, middle + 4, f"range {kind}"),
        element("circle", cx=axis(trial.difference), cy=middle, r=4.5, class_=f"dot {kind}"),
        *([] if small else _marks(axis, gap, height)),
        kind="effect",
    )  # fmt: skip


def _title(trial: Trial) -> str:
    words = f"Change {100 * trial.difference:+.1f} points, 95 % interval {100 * trial.low:+.1f} to {100 * trial.high:+.1f}"
    return words + (f"; the gap is {points(trial.gap)}" if trial.gap else "")


def _axis(trial: Trial, small: bool) -> Axis:
    low, high = min(0.0, trial.low), max(trial.gap, trial.high, 0.01)
    room = 0.03 * (high - low)
    return Axis(low - room, high + room, LEFT, SMALL - LEFT if small else RIGHT)


def _zone(axis: Axis, gap: float, height: float) -> Html:
    start, end = axis(0), axis(gap / 4)
    return element("rect", x=start, y=2, width=end - start, height=height - 2, class_="zone")


def _marks(axis: Axis, gap: float, height: float) -> list[Html]:
    zero, end = axis(0), axis(gap)
    anchor = "start" if zero < LEFT + 20 else "middle"
    marks = [text(zero, height + 15, "no change", "tick", anchor)]
    if gap and end - zero > 150:
        place = "end" if end > RIGHT - 60 else "middle"
        marks.append(text(end, height + 15, f"the gap: {points(gap)}", "mark", place))
    return marks
