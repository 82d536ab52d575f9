"""A trial as a picture: what each seed scored before and after."""

from __future__ import annotations

import math
from collections.abc import Iterable

from valscope.nouns.trial import Arm, Trial
from valscope.report.charts.axis import Axis, picture, segment, text, ticks
from valscope.report.markup import Html, element, joined
from valscope.report.trial_words import deciding, label, mean, own_exam
from valscope.stats import clopper_pearson
from valscope.words.plain import interval, percent, shorten

WIDTH, LEFT, RIGHT = 360.0, 6.0, 354.0
MARK, LABEL, SEED, SPACE, FOOT = 24.0, 20.0, 9.0, 10.0, 22.0
NAME = 36  # characters that fit before the number at the other end
LETTER = 5.8  # about the width of a small letter


def trial_chart(trial: Trial, reported: float | None = None) -> Html:
    """Control above treated on one percent axis: a dot a seed with its exact 95 % interval. Hollow diamonds are what
    each seed showed on its own validation part; where that decides, they are what it scored on the probe images.
    The band is the control give or take the seed noise; `reported` (0..1) is marked on the control's row."""
    axis = Axis(_floor(trial, reported), 1.0, LEFT, RIGHT)
    first = MARK if reported is not None else 4.0
    second = first + _height(trial.control)
    foot = second + _height(trial.treated)
    return picture(
        _title(trial, reported), WIDTH, foot + FOOT,
        *(_grid(axis, value, first, foot) for value in ticks(axis.low, axis.high, 5)),
        *_band(axis, trial, first, foot),
        *([] if reported is None else [_reported(axis, reported, first, second)]),
        _row(axis, trial, trial.control, first, "other"),
        _row(axis, trial, trial.treated, second, "main"),
        kind="trial",
    )  # fmt: skip


def _title(trial: Trial, reported: float | None) -> str:
    arms = "; ".join(
        f"{label(trial, arm)}: {', '.join(percent(a, trial.n) for a in deciding(trial, arm))}"
        for arm in (trial.control, trial.treated)
    )
    mark = "" if reported is None else f"; reported: {percent(reported, 1000)}"
    return f"Accuracy of each seed. {arms}{mark}"


def _floor(trial: Trial, reported: float | None) -> float:
    """Where the axis begins: nearer to 1 when everything lies there, else small differences vanish."""
    arms = (trial.control, trial.treated)
    values = [v for arm in arms for v in (*arm.accuracies, *arm.validation, arm.share.low)]
    shown = [v for v in (*values, reported) if v is not None and math.isfinite(v)]
    return next((floor for floor in (0.9, 0.8, 0.5) if min(shown, default=0.0) > floor + 0.01), 0.0)


def _height(arm: Arm) -> float:
    return LABEL + SEED * max(len(arm.accuracies), 2) + SPACE


def _grid(axis: Axis, value: float, top: float, foot: float) -> Html:
    at = axis(value)
    anchor = "start" if at < LEFT + 12 else "end" if at > RIGHT - 12 else "middle"
    return joined(
        segment(at, top, at, foot, "grid"), text(at, foot + 15, f"{100 * value:g} %", "tick", anchor)
    )


def _band(axis: Axis, trial: Trial, top: float, foot: float) -> list[Html]:
    if not trial.noise:
        return []
    middle = mean(trial, trial.control)
    low, high = axis(middle - trial.noise), axis(middle + trial.noise)
    return [element("rect", x=low, y=top, width=max(high - low, 1.0), height=foot - top, class_="band")]


def _reported(axis: Axis, value: float, top: float, foot: float) -> Html:
    at, words = axis(value), f"reported {percent(value, 1000)}"
    half = LETTER * len(words) / 2
    anchor = "start" if at < LEFT + half else "end" if at > RIGHT - half else "middle"
    return joined(
        segment(at, top - 6, at, top + 2, "reported"),
        segment(at, top + LABEL, at, foot - SPACE, "reported"),
        text(at, top - 10, words, "mark", anchor),
    )


def _row(axis: Axis, trial: Trial, arm: Arm, top: float, kind: str) -> Html:
    own, n = own_exam(trial), arm.share.n
    reach = "" if own else f" {interval(arm.share.low, arm.share.high, n)}"
    values = deciding(trial, arm)
    y = top + LABEL + SEED / 2 + (SEED / 2 if len(values) == 1 else 0)
    return joined(
        text(LEFT, top + 12, shorten(label(trial, arm), NAME), f"label {kind}"),
        text(RIGHT, top + 12, f"{percent(mean(trial, arm), n)}{reach}", f"value {kind}", "end"),
        *_diamonds(axis, arm.accuracies if own else arm.validation, y),
        *(_seed(axis, None if own else arm, value, y + SEED * i, kind) for i, value in enumerate(values)),
    )


def _diamonds(axis: Axis, values: Iterable[float], y: float) -> list[Html]:
    places = [(axis(v), y + SEED * i) for i, v in enumerate(values) if math.isfinite(v)]
    return [element("path", d=f"M{a - 4:.1f} {b:.1f}l4 -4l4 4l-4 4z", class_="diamond") for a, b in places]


def _seed(axis: Axis, arm: Arm | None, value: float, y: float, kind: str) -> Html | None:
    """A dot; with its interval where the images are those of the arm's share."""
    if not math.isfinite(value):
        return None
    low, high = (value, value) if arm is None else _bounds(arm, value)
    return joined(
        segment(axis(low), y, axis(high), y, f"range thin {kind}"),
        element("circle", cx=axis(value), cy=y, r=3.6, class_=f"dot {kind}"),
    )


def _bounds(arm: Arm, value: float) -> tuple[float, float]:
    """The middle seed has its interval with it; those of the others are exact ones of as many images."""
    if value == arm.share.value or not arm.share.n:
        return arm.share.low, arm.share.high
    return clopper_pearson(min(arm.share.n, round(value * arm.share.n)), arm.share.n)


def arms_chart(trial: Trial) -> Html:
    """Both arms on 0 to 100 % for a table's cell, without letters: hollow above, solid below."""
    axis = Axis(0.0, 1.0, 6.0, 164.0)
    ends = [segment(axis(end), 2, axis(end), 24, "zero") for end in (0.0, 1.0)]
    rows = ((trial.control, 8.0, "other"), (trial.treated, 18.0, "main"))
    drawn = [
        _seed(axis, arm, arm.share.value, y, kind) for arm, y, kind in rows if arm.share.value is not None
    ]
    return picture(
        _title(trial, None), 170.0, 26.0, *ends, *(d for d in drawn if d is not None), kind="effect"
    )
