"""From the accuracy of training to that of use, one bar a step: what is kept, and what each step takes away."""

from __future__ import annotations

from valscope.nouns.reconciliation import Fall, Waterfall
from valscope.nouns.result import Share
from valscope.report.charts.axis import Axis, picture, segment, text, ticks
from valscope.report.markup import Html, element, joined
from valscope.report.reconcile_words import doubt
from valscope.words.plain import percent, share, shorten

WIDTH, LEFT, RIGHT = 360.0, 2.0, 358.0
ROW, BAR, TOP, FOOT = 40.0, 10.0, 4.0, 22.0
ABOVE = 19.0  # of a bar, for its words
NAME = 40  # characters that fit before the number at the other end


def waterfall_chart(found: Waterfall, start: str = "as trained", end: str = "as used") -> Html:
    """The start, each fall from where the one before ended, and the end, on one percent axis. A whisker is the 95 %
    interval of what the step takes; a claimed number is a dashed line.

    start, end  what the two ends are called.
    """
    axis = Axis(_floor(found), 1.0, LEFT, RIGHT)
    foot = TOP + ROW * (len(found.falls) + 2)
    rows = [_end(axis, start, found.start, TOP)]
    before = found.start.value or 0.0
    for i, fall in enumerate(found.falls, 1):
        rows.append(_fall(axis, fall, found, before, TOP + ROW * i))
        before = fall.accuracy.value or 0.0
    rows.append(_end(axis, end, found.end, TOP + ROW * (len(found.falls) + 1)))
    return picture(
        _title(found), WIDTH, foot + FOOT,
        *(_grid(axis, value, foot) for value in ticks(axis.low, axis.high, 5)),
        *rows, *([] if found.claim is None else [_claim(axis, found.claim, foot)]), kind="waterfall",
    )  # fmt: skip


def lost_words(lost: float, low: float, high: float) -> str:
    """`-23.4 points [-27.0, -19.8]`; a loss is negative, as accuracies go down."""
    return f"{-100 * lost:+.1f} [{-100 * high:+.1f}, {-100 * low:+.1f}]"


def _title(found: Waterfall) -> str:
    steps = "; ".join(f"{f.step.axis} {lost_words(f.lost, f.low, f.high)} points" for f in found.falls)
    return f"Accuracy as trained {share(found.start)}; {steps}; as used {share(found.end)}"


def _floor(found: Waterfall) -> float:
    """Where the axis begins: nearer to 1 when everything lies there, else small differences vanish."""
    shares = (found.start, found.end, *(fall.accuracy for fall in found.falls))
    values = [
        *(s.low for s in shares if s.value is not None),
        *([] if found.claim is None else [found.claim]),
    ]
    lowest = min(values, default=0.0)
    return next((floor for floor in (0.9, 0.8, 0.5) if lowest > floor), 0.0)


def _grid(axis: Axis, value: float, foot: float) -> Html:
    at = axis(value)
    anchor = "start" if at < LEFT + 12 else "end" if at > RIGHT - 12 else "middle"
    return joined(
        segment(at, TOP, at, foot, "grid"), text(at, foot + 15, f"{100 * value:g} %", "tick", anchor)
    )


def _end(axis: Axis, label: str, counted: Share, top: float) -> Html:
    value = counted.value or 0.0
    y = top + ABOVE
    return joined(
        text(LEFT, top + 13, label, "label main"), text(RIGHT, top + 13, share(counted), "value main", "end"),
        _bar(axis, axis.low, value, y, "kept"), _whisker(axis, counted.low, counted.high, y),
    )  # fmt: skip


def _fall(axis: Axis, fall: Fall, whole: Waterfall, before: float, top: float) -> Html:
    after = fall.accuracy.value or 0.0
    kind = "gained" if after > before else "lost" if fall.sure else "chance"
    y = top + ABOVE
    why = doubt(fall, whole).partition(" after ")[0]  # the words in full stand beside the picture
    words = lost_words(fall.lost, fall.low, fall.high) + (f"  {why}" if why else "")
    label = shorten(f"{fall.step.axis}: {fall.step.after}", NAME - max(0, len(why) - 3))
    return joined(
        segment(axis(before), top - ROW + ABOVE + BAR, axis(before), y, "link"),
        text(LEFT, top + 13, label, "label"), text(RIGHT, top + 13, words, "sure" if fall.sure else "value other", "end"),
        _bar(axis, min(before, after), max(before, after), y, kind),
        _whisker(axis, before - fall.high, before - fall.low, y),
    )  # fmt: skip


def _bar(axis: Axis, low: float, high: float, y: float, kind: str) -> Html:
    start = axis(low)
    return element("rect", x=start, y=y, width=max(1.0, axis(high) - start), height=BAR, class_=kind)


def _whisker(axis: Axis, low: float, high: float, y: float) -> Html:
    middle = y + BAR / 2
    return joined(
        segment(axis(low), middle, axis(high), middle, "reach"),
        segment(axis(low), middle - 2.5, axis(low), middle + 2.5, "reach"),
        segment(axis(high), middle - 2.5, axis(high), middle + 2.5, "reach"),
    )


def _claim(axis: Axis, value: float, foot: float) -> Html:
    return joined(
        element("title", f"claimed {percent(value, 1000)}"),
        segment(axis(value), TOP, axis(value), foot, "claim"),
    )
