"""The warning strip: what a person must know, and silence where all is well."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from example_results import TRASH, confusion, recipe, sample, scores, share

from valscope.nouns.dataset import Notice
from valscope.nouns.recipe import Split
from valscope.nouns.result import Baseline, PartRow, Result
from valscope.report.cautions import cautions, remarks


def codes(result: Result, **changes: Any) -> list[str]:
    return [notice.code for notice in cautions(result, recipe(result.classes, **changes))]


@pytest.mark.parametrize("seed", range(20))
def test_a_good_training_gives_no_caution(seed: int) -> None:
    assert codes(sample(n=900, counts=confusion(6, 900, 0.85, seed))) == []


def test_an_unfinished_training_says_so() -> None:
    assert codes(sample(status="stopped")) == ["unfinished"]


def test_a_number_from_the_images_that_chose_the_epoch_says_so() -> None:
    assert codes(sample(scores=scores(TRASH, confusion(6, 379, 0.87), "val"))) == ["no_test_part"]


def test_a_tail_split_is_named() -> None:
    assert codes(sample(), split=Split(kind="tail")) == ["tail_split"]
    assert codes(sample(), split=Split(kind="given")) == []


def test_a_baseline_that_does_as_well_is_named_with_both_numbers() -> None:
    result = sample()
    k, n = result.scores.accuracy.k, result.scores.n
    beaten = replace(result, baselines=(Baseline("colour and size", share(k, n), ""),))
    (notice,) = cautions(beaten, None)
    assert notice.code == "baseline_as_good"
    assert notice.message.count(f"{100 * k / n:.1f} %") == 2
    assert codes(replace(result, baselines=(Baseline("colour and size", share(k - 1, n), ""),))) == []


def test_few_images_are_said_with_the_width_of_the_interval() -> None:
    result = sample(("yes", "no"), counts=((14, 2), (3, 13)))
    (notice,) = cautions(result, None)
    width = result.scores.accuracy.high - result.scores.accuracy.low
    assert notice.code == "wide_interval"
    assert f"{100 * width:.1f} points" in notice.message and "32 test images" in notice.message


def test_small_absent_and_silent_classes_are_named() -> None:
    counts = ((90, 10, 0, 0), (5, 95, 0, 0), (0, 0, 0, 0), (2, 4, 0, 0))
    result = sample(("ash", "oak", "elm", "yew"), counts=counts)
    found = {notice.code: notice for notice in cautions(result, None)}
    assert found["small_class"].items == ("yew",)
    assert found["absent_class"].items == ("elm",)
    assert found["never_predicted"].items == ("yew",)


def test_a_class_that_was_scored_but_never_trained_gives_a_ceiling() -> None:
    result = sample(
        ("ash", "oak"),
        counts=((60, 0), (40, 0)),
        split=(PartRow("train", (300, 0)), PartRow("test", (60, 40))),
    )
    notice = next(n for n in cautions(result, None) if n.code == "never_trained")
    assert "oak, 40 of 100 images" in notice.message and "60.0 %" in notice.message


def test_notices_come_as_they_are_and_harmless_ones_stand_with_the_notes() -> None:
    damaged, inside = (
        Notice("damaged", "3 files are damaged.", ("a", "b", "c")),
        Notice("descended", "Read inside."),
    )
    result = sample(notices=(inside, damaged), notes=("A note.",))
    assert cautions(result, None) == (damaged,)
    assert remarks(result) == ("A note.", "Read inside.")


def test_a_leak_is_a_caution_and_not_a_note() -> None:
    result = sample(notes=("Leak: 12 of the 379 test images have a duplicate in train.", "Another."))
    assert codes(result) == ["leak"]
    assert remarks(result) == ("Another.",)
