"""What is said of a waterfall adds up, and its words agree with its intervals."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from seeing import Formula, drawn

import valscope
from valscope.nouns.reconciliation import Axis, Claim, Fall, Interaction, Step, Waterfall
from valscope.reconciling.claims import Said
from valscope.reconciling.verdicts import lost, of_claims, unsure
from valscope.report.charts.waterfall import waterfall_chart
from valscope.report.reconcile_html import ends, reconcile_html
from valscope.report.reconcile_text import reconcile_lines
from valscope.report.reconcile_words import doubt, heading, mended, verdict_words
from valscope.scoring import share

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "report"))
from example_reconciliations import bare, sample


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


def test_a_step_that_hides_another_is_mended_with_it():
    hiding = fall("scale", 338, 0.005, -0.01, 0.02, 0.9, False, 0.005)
    hidden = fall("decision", 338, 0.0, -0.01, 0.01, 1e-9, True, 0.4)
    both = whole(hiding, hidden)
    assert not mended(hiding, both) and mended(hidden, both)
    assert mended(hiding, replace(both, interactions=(Interaction("scale", "decision", -0.4, -0.5, -0.3),)))


def test_what_a_waterfall_is_called_says_what_is_known():
    found = replace(sample(), reference_from="found")
    assert [label for label, _, _ in ends(found)] == ["best found", "as used"]
    to_claim = replace(found, waterfalls=(replace(whole(SCALE), claim=0.25),))
    assert [label for label, _, _ in ends(to_claim)] == ["best found", "used so"]
    assert heading(to_claim.waterfalls[0], to_claim) == "Where the points are lost, to the claimed 25.0 %"
    many = replace(to_claim, claims=(Claim(0.25, None, ("scale: a", "scale: b")),))
    assert heading(many.waterfalls[0], many) == "One of 2 ways to the claimed 25.0 %"
    assert "best found" in "\n".join(reconcile_lines(many)) and "One of 2 ways" in reconcile_html(many)


def test_a_model_with_nothing_beside_it_was_only_measured():
    assert verdict_words(bare()) == "MEASURED" and verdict_words(sample()) == "FAULT"
    assert verdict_words(replace(bare(), claims=(Claim(0.9, None, ("reference",)),))) == "EQUAL"


def test_what_is_like_the_reference_stands_by_axis():
    resize = Step("resize", "bilinear with antialias (Pillow)", "nearest (tf.image)")
    like = [v for v in sample().variants if v.steps == (resize,)]
    other = replace(like[0], steps=(Step("resize", "", "area, of Pillow"),), name="resize: area, of Pillow")
    found = replace(sample(), variants=(*sample().variants, other))
    text = "\n".join(reconcile_lines(found))
    assert "    resize        nearest (tf.image); area, of Pillow\n" in text
    assert "resize: nearest (tf.image); area, of Pillow" in reconcile_html(found)


def test_what_was_not_checked_of_a_graph_is_said_once():
    note = "Its inference modes were not checked: an ONNX file holds the graph of one mode."
    found = valscope.reconcile(Formula(format="onnx", notes=(note, "It has a second output.")), drawn())
    assert "It has a second output." in found.notes and note not in found.notes
    assert [one.reason for one in found.not_checked] == ["an ONNX file holds the graph of one mode"]
