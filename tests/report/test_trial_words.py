"""Trials, settings and answers in words."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from example_diagnoses import LOSS, NEVER, NULL, RATE, SCALE, TAIL, WEIGHTS, healthy, sick

from valscope.nouns.finding import Acquittal, Diagnosis
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Optimiser, Recipe, Split, Stage
from valscope.nouns.trial import Change
from valscope.report.diagnosis_text import diagnosis_lines, diagnosis_text
from valscope.report.diagnosis_words import answer, cleared, sentences
from valscope.report.trial_words import acquitted, label, p_value, trial_terms, tried
from valscope.words.change import Row, recipe_diff
from valscope.words.setting import NAMES, STAGE


def test_a_trial_on_one_line() -> None:
    assert (
        tried(TAIL)
        == "61.4 % -> 96.3 % on 300 untouched images, 3 seeds [+32.0, +37.8], p < 0.0001; T301 mended in both"
    )
    how = "with pixel scale values divided by 255 instead of values stay 0 to 255"
    assert tried(SCALE) == f"{how}: 75.7 % -> 97.0 % on 300 images [+16.3, +26.3], p < 0.0001"


def test_a_trial_of_the_exam_tells_what_the_user_saw() -> None:
    exam = replace(TAIL, measured_on="validation", difference=0.54, low=0.51, high=0.57)
    assert tried(exam).startswith(
        "41.6 % -> 95.8 % on each arm's own validation part (300 images when mended), 3 seeds"
    )
    assert not [words for term, words in trial_terms(exam) if term == "Right"]
    bare = replace(exam, treated=replace(exam.treated, validation=()))
    assert tried(bare).startswith("61.4 % -> 96.3 %")


@pytest.mark.parametrize(
    ("p", "words"), [(0.0, "p < 0.0001"), (0.00012, "p = 0.00012"), (0.0314, "p = 0.031"), (1.0, "p = 1")]
)
def test_p(p: float, words: str) -> None:
    assert p_value(p) == words


def test_an_acquittal_with_numbers() -> None:
    assert acquitted(WEIGHTS) == "58.0 to 57.9 % [-2.2, +2.0], less than a quarter of the gap of 57.0 points"
    told = Acquittal("class weights", "58.0 to 57.9 % [-2.2, +2.0]: not the cause.", trial=WEIGHTS)
    assert cleared(told) == told.claim
    assert cleared(replace(told, claim="innocent.")) == f"innocent: {acquitted(WEIGHTS)}."


def test_what_is_there_needs_no_gap() -> None:
    told = Acquittal("nothing to learn", "a probe learns it.", "REFUTED", trial=NULL)
    assert cleared(told) == "a probe learns it."


def test_labels_of_the_lab_in_plain_words() -> None:
    short = replace(TAIL, control=replace(TAIL.control, label="with it"))
    assert label(short, short.control) == "with the fault"
    assert label(replace(short, code=""), short.control) == "as reported"
    assert label(TAIL, TAIL.treated) == "stratified split"


def test_reproduction_is_said() -> None:
    words = {
        None: "nothing comparable",
        True: "reproduced by the control",
        False: "not reproduced by the control",
    }
    for known, said in words.items():
        assert dict(trial_terms(replace(TAIL, reproduced=known)))["Reported number"].startswith(said)


def test_sentences() -> None:
    assert sentences("Class 2 of 3. So it is.") == ("Class 2 of 3.", "So it is.")
    assert sentences("val_acc is 0.42 in model.keras") == ("val_acc is 0.42 in model.keras", "")


def test_the_answer() -> None:
    assert answer(sick()).startswith("Class 2 is never trained")
    assert answer(healthy()) == "Nothing wrong found."
    assert answer(Diagnosis()).startswith("Nothing in what was given could be judged: looked for logs")


ROWS = [
    (("split.kind", "tail", "stratified"), ("split", "the last rows as they stand, not shuffled", "shuffled within each class")),
    (("optimiser.rate", "0.01", "none"), ("learning rate", "0.01", "found by a range test")),
    (("class_weights", "2.05, 2.97", "none"), ("class weights", "2.05 and 2.97", "none")),
    (("preparation.scale", "none", "unit"), ("pixel scale", "values stay 0 to 255", "values divided by 255")),
    (("restore_best", "no", "yes"), ("keeps the best epoch", "no", "yes")),
    (("stages.1.epochs", "1", "30"), ("epochs", "1 epoch", "30 epochs")),
    (("stages.2.trains", "head", "top:20"), ("what trains, stage 2", "head only", "last 20 layers")),
    (("augmentation.rotate", "0.25", "0"), ("turns", "up to 90°", "none")),
    (("split.val", "0.3", "0.15"), ("validation share", "30 %", "15 %")),
    (("model.config.dense_2.activation", "relu", "softmax"), ("activation of dense_2", "relu", "softmax")),
    (("model.config.48 layers.trainable", "no", "yes"), ("trainable of 48 layers", "no", "yes")),
    (("served.decision.rule", "equals", "threshold"),
     ("decision", "only a score exactly equal", "a score at or above the threshold")),
    (("some.new_field", "a", "b"), ("some.new field", "a", "b")),
]  # fmt: skip


@pytest.mark.parametrize(("change", "row"), ROWS)
def test_settings_in_words(change: tuple[str, str, str], row: tuple[str, str, str]) -> None:
    assert recipe_diff([Change(*change)]) == [Row(*row)]


def test_a_whole_architecture_is_named_only_where_nothing_tells_its_change() -> None:
    config, activation = Change("model.config", "{...", "{..."), Change("model.activation", "relu", "softmax")
    assert [r.name for r in recipe_diff([config])] == ["network"]
    assert [r.name for r in recipe_diff([config, activation])] == ["last activation"]


def test_the_last_layer_is_told_once() -> None:
    layer, other = (
        Change("model.config.dense.activation", "relu", "softmax"),
        Change("model.config.dense.units", "1", "3"),
    )
    activation = Change("model.activation", "relu", "softmax")
    assert [r.name for r in recipe_diff([layer, other, activation])] == ["units of dense", "last activation"]


def test_every_setting_has_a_name() -> None:
    known: set[str] = set()
    for kind, part in (
        (Recipe, ""), (Split, "split."), (Feed, "feed."), (ModelSpec, "model."), (Optimiser, "optimiser."),
        (Augmentation, "augmentation."), (Preparation, "preparation."), (Decision, "decision."), (Pipeline, ""),
    ):  # fmt: skip
        known |= {part + f.name for f in fields(kind)}
    parts = {"split", "feed", "model", "optimiser", "augmentation", "decision"}
    assert known - set(NAMES) - parts - {"data", "classes"} == set()
    assert {f.name for f in fields(Stage)} == set(STAGE)


def test_the_terminal_tells_before_and_after() -> None:
    lines = diagnosis_lines(sick())
    assert (
        "  tried       61.4 % -> 96.3 % on 300 untouched images, 3 seeds [+32.0, +37.8], p < 0.0001; T301"
        in lines
    )
    text = "\n".join(lines)
    assert text.index("T301") < text.index("Mended: trained again as mended/run") < text.index("By the way")
    assert "class weights: tried without them, the accuracy stays: 58.0 to 57.9 % [-2.2, +2.0]" in text
    assert "●" not in text


def test_a_colour_terminal_has_bars() -> None:
    shown = diagnosis_text(sick())
    bars = [line for line in shown.plain.split("\n") if "●" in line]
    assert len(bars) == 2 and all(line.endswith(" 0 to 100 %") for line in bars)
    without = [line for line in shown.plain.split("\n") if "●" not in line]
    assert without[: without.index("Checked, 19")] == diagnosis_lines(sick())[: without.index("Checked, 19")]


def test_a_diagnosis_without_trials_reads_as_before() -> None:
    plain = Diagnosis((replace(NEVER, trial=None),), (Acquittal("a", "b."),), checked=("x",))
    text = "\n".join(diagnosis_lines(plain))
    assert "tried" not in text and "  a: b." in text
    assert RATE.reproduced is None and LOSS.ruling == "REFUTED"
