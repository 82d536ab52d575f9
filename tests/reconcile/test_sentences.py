"""What is said of a waterfall adds up, and its words agree with its intervals."""

from __future__ import annotations

from dataclasses import replace

import pytest

from valscope.nouns.reconciliation import Axis, Claim, Fall, Step, Waterfall
from valscope.reconciling.claims import Said
from valscope.reconciling.verdicts import lost, of_claims, unsure
from valscope.report.charts.waterfall import waterfall_chart
from valscope.report.reconcile_words import doubt
from valscope.scoring import share


def fall(
    axis: Axis, after: int, points: float, low: float, high: float, p: float, sure: bool, alone: float
) -> Fall:
    return Fall(Step(axis, "as trained", "as used"), share(after, 400), points, low, high, p, sure, alone)


SCALE = fall("scale", 240, 0.25, 0.2, 0.3, 1e-9, True, 0.25)
ORDER = fall("class order", 140, 0.25, 0.2, 0.3, 1e-9, True, 0.5)
GAIN = fall("resize", 164, -0.06, -0.1, -0.02, 0.3, False, -0.06)


def whole(*falls: Fall) -> Waterfall:
    return Waterfall(share(340, 400), falls[-1].accuracy, falls)


def test_the_headline_gives_each_sure_step_its_own_points():
    said = lost(whole(SCALE, ORDER, GAIN), [SCALE, ORDER])
    assert said.startswith("44.0 points are lost: 85.0 %")
    assert "Of these scale (as used instead of as trained) takes 25.0 and class order" in said
    assert "class order (as used instead of as trained) takes 25.0; " in said
    assert "not sure to cost anything: resize gives 6.0 back" in said


def test_one_step_that_takes_all_is_said_shortly():
    assert lost(whole(SCALE), [SCALE]).startswith(
        "25.0 points are lost by scale (as used instead of as trained): 85.0 %"
    )


def test_a_step_that_costs_only_alone_is_said_so():
    hidden = fall("decision", 240, 0.0, -0.01, 0.01, 1e-9, True, 0.4)
    said = lost(whole(SCALE, hidden), [SCALE, hidden])
    assert "takes none after the steps before it and costs 40.0 alone" in said


WORDS = [
    (SCALE, ""),
    (fall("scale", 240, 0.02, -0.01, 0.05, 0.4, False, 0.02), "within chance"),
    (fall("scale", 240, 0.04, 0.01, 0.07, 0.06, False, 0.04), "not sure after correction for 4 comparisons"),
    (fall("scale", 240, -0.2, -0.25, -0.15, 1e-6, False, -0.2), "a gain"),
    (fall("scale", 240, 0.0, -0.01, 0.01, 1e-6, True, 0.4), "costs 40.0 points alone"),
]  # fmt: skip


@pytest.mark.parametrize(("step", "words"), WORDS)
def test_the_words_beside_an_interval_do_not_contradict_it(step, words):
    both = whole(step, ORDER)
    assert doubt(step, both) == words
    assert ("within chance" in waterfall_chart(both)) == (step.low <= 0 <= step.high and not step.sure)


def test_a_loss_that_only_the_correction_takes_back_is_not_called_chance_without_saying_so():
    open_ = fall("resize", 320, 0.05, 0.01, 0.09, 0.06, False, 0.05)
    assert "no point is lost beyond chance, corrected for 2 comparisons: 85.0 %" in unsure(whole(open_))
    within = fall("resize", 338, 0.005, -0.01, 0.02, 0.9, False, 0.005)
    assert "beyond chance: 85.0 %" in unsure(whole(within))


def test_steps_to_one_claim_are_not_mixed_with_those_to_another():
    to = [replace(whole(GAIN), claim=0.6), replace(whole(SCALE), claim=0.3)]
    claims = (Claim(0.6, None, ("resize: as used",)), Claim(0.3, None, ("scale: as used",)))
    said = of_claims(share(340, 400), [Said(0.6), Said(0.3)], claims, to)
    assert said.verdict == "fault" and said.sentence.endswith("30.0 % is what this gives.")
    assert "60.0 % [" in said.sentence and "41.0 %" not in said.sentence, (
        "the ends are those of the second way"
    )
