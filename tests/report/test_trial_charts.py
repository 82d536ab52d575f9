"""Pictures of a trial: what they say in words, and values where they belong."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from example_diagnoses import LOSS, RATE, SCALE, TAIL, WEIGHTS, trial
from example_results import HOSTILE

from valscope.nouns.trial import Trial
from valscope.report.charts.effect import effect_chart
from valscope.report.charts.trial import trial_chart
from valscope.report.trial_bar import LENGTH, bar


def dots(chart: str, kind: str) -> list[tuple[float, float]]:
    found = [c for c in ElementTree.fromstring(chart).iter("circle") if c.attrib["class"] == f"dot {kind}"]
    return [(float(c.attrib["cx"]), float(c.attrib["cy"])) for c in found]


def lines(chart: str, kind: str) -> list[tuple[float, float]]:
    found = [e for e in ElementTree.fromstring(chart).iter("line") if e.attrib["class"] == kind]
    return [(float(e.attrib["x1"]), float(e.attrib["x2"])) for e in found]


def own(made: Trial) -> Trial:
    return replace(made, measured_on="validation")


@pytest.mark.parametrize(
    "made", [TAIL, RATE, WEIGHTS, LOSS, SCALE, own(TAIL), trial("x", (0,), (300,), noise=1.0, gap=0.0)]
)
def test_every_picture_is_xml_within_its_frame(made: Trial) -> None:
    for chart in (
        trial_chart(made),
        trial_chart(made, 0.0),
        trial_chart(made, 1.0),
        effect_chart(made),
        effect_chart(made, small=True),
    ):
        root = ElementTree.fromstring(chart)
        width = float(root.attrib["viewBox"].split()[2])
        for line in root.iter("line"):
            assert all(0 <= float(line.attrib[key]) <= width for key in ("x1", "x2"))
        assert "nan" not in chart


def test_a_dot_a_seed_before_and_after() -> None:
    chart = trial_chart(TAIL)
    before, after = dots(chart, "other"), dots(chart, "main")
    assert len(before) == len(after) == 3
    assert max(x for x, _ in before) < min(x for x, _ in after)
    assert max(y for _, y in before) < min(y for _, y in after)
    scale = (after[1][0] - before[1][0]) / (TAIL.treated.accuracies[1] - TAIL.control.accuracies[1])
    assert before[0][0] - before[1][0] == pytest.approx(
        scale * (TAIL.control.accuracies[0] - TAIL.control.accuracies[1]), abs=0.02
    )


def test_each_dot_lies_within_its_interval() -> None:
    chart = trial_chart(TAIL)
    for (x, _), (low, high) in zip(dots(chart, "other"), lines(chart, "range thin other"), strict=True):
        assert low < x < high


def test_the_band_is_the_control_give_or_take_the_seed_noise() -> None:
    chart = trial_chart(TAIL)
    band = next(r for r in ElementTree.fromstring(chart).iter("rect") if r.attrib["class"] == "band")
    middle = float(band.attrib["x"]) + float(band.attrib["width"]) / 2
    assert middle == pytest.approx(sum(x for x, _ in dots(chart, "other")) / 3, abs=0.05)
    assert 'class="band"' not in trial_chart(SCALE)


def test_the_reported_number_is_marked() -> None:
    assert ">reported 41.9 %<" in trial_chart(TAIL, 0.4195)
    assert "reported" not in trial_chart(replace(TAIL, control=replace(TAIL.control, label="x")))


def test_what_decides_is_solid_and_the_other_hollow() -> None:
    for made in (TAIL, own(TAIL)):
        chart = trial_chart(made)
        values = made.control.validation if made is not TAIL else made.control.accuracies
        assert chart.count('class="diamond"') == 6
        assert f"{100 * sum(values) / 3:.1f} %" in chart
    assert "61.4 % [55.9, 67.2]" in trial_chart(TAIL)


def test_a_training_without_validation_has_no_diamonds() -> None:
    bare = replace(TAIL.control, validation=(math.nan,) * 3), replace(TAIL.treated, validation=())
    assert "diamond" not in trial_chart(replace(TAIL, control=bare[0], treated=bare[1]))


def test_the_axis_moves_up_when_all_values_are_high() -> None:
    assert ">0 %<" in trial_chart(TAIL)
    assert ">0 %<" not in trial_chart(LOSS) and ">90 %<" in trial_chart(LOSS)


def test_an_innocent_effect_lies_within_the_quarter() -> None:
    chart = effect_chart(WEIGHTS, small=True)
    root = ElementTree.fromstring(chart)
    zone = next(r for r in root.iter("rect") if r.attrib["class"] == "zone")
    end = float(zone.attrib["x"]) + float(zone.attrib["width"])
    low, high = lines(chart, "range other")[0]
    assert low < dots(chart, "other")[0][0] < high < end
    gap = lines(chart, "reported")[0][0]
    zero = lines(chart, "zero")[0][0]
    assert end - zero == pytest.approx((gap - zero) / 4, abs=0.02)


def test_a_cause_lies_beyond_it() -> None:
    chart = effect_chart(TAIL)
    zone = next(r for r in ElementTree.fromstring(chart).iter("rect") if r.attrib["class"] == "zone")
    assert lines(chart, "range main")[0][0] > float(zone.attrib["x"]) + float(zone.attrib["width"])
    assert "the gap: 57.0 points" in chart


def test_hostile_labels_are_text() -> None:
    for name in HOSTILE:
        root = ElementTree.fromstring(trial_chart(trial("x", (1,), (2,), labels=(name, name))))
        assert {e.tag for e in root.iter()} <= {"svg", "title", "line", "text", "circle", "rect", "path"}


def test_the_bar_of_a_terminal() -> None:
    drawn = bar(TAIL)
    assert len(drawn) == LENGTH + 1
    assert drawn.index("○") == round(LENGTH * TAIL.control.mean)
    assert drawn.index("●") == round(LENGTH * TAIL.treated.mean)
    assert set(drawn[drawn.index("○") + 1 : drawn.index("●")]) == {"━"}
    assert "○" not in bar(WEIGHTS) and bar(WEIGHTS).count("●") == 1
