"""What the court says of a trial: settings, stages and other suspects in words, and never a value of the program."""

from __future__ import annotations

import re
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from test_bench import bench, sorted_rows

from valscope.diagnosis.court import Heard, try_training
from valscope.diagnosis.use import _trial
from valscope.lab.arms import contrast
from valscope.lab.changes import changes_between
from valscope.lab.design import Design, Pair, Suspect
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Recipe, Split, Stage
from valscope.nouns.trial import Change
from valscope.report.trial_words import trial_terms, tried
from valscope.training.observer import Silent
from valscope.words.change import instead, recipe_diff, sentence, told

TUNED = "8 epochs of the head, then 2 of all layers at a tenth of the rate"


class Listening(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def message(self, text: str) -> None:
        self.said.append(text)


def rule(code: str, name: str, remedy: Any) -> ModuleType:
    return cast(ModuleType, SimpleNamespace(CODE=code, NAME=name, SUSPECT=name, remedy=remedy))


def longer(recipe: Recipe) -> Recipe | None:
    if len(recipe.stages) > 1:
        return None
    return recipe.but(stages=(replace(recipe.stages[0], epochs=8), Stage(2, "all", 0.1)))


def shuffled(recipe: Recipe) -> Recipe | None:
    return None if recipe.split.kind != "tail" else recipe.but(split=replace(recipe.split, kind="stratified"))


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> tuple[Heard, list[str]]:
    folder = tmp_path_factory.mktemp("court")
    ours = bench(folder, sorted_rows(folder).but(stages=(Stage(8, "head"),)))
    ours.observer = Listening()
    rules = [rule("S101", "class never trained", shuffled), rule("M999", "frozen layers", longer)]
    return try_training(ours, rules, []), ours.observer.said


def test_progress_is_told_in_words(heard: tuple[Heard, list[str]]) -> None:
    said = "\n".join(heard[1])
    assert not re.search(r"\w\(|optimiser\.|split\.|=", said)
    assert f"Training with stages: 8 epochs of the head -> {TUNED}, 3 seeds." in said
    assert "split: the last rows as they stand, not shuffled -> shuffled within each class" in said


def test_a_trial_names_the_others_that_both_arms_have_mended(heard: tuple[Heard, list[str]]) -> None:
    stages = next(t for t in heard[0].trials if t.code == "M999")
    assert stages.question == (
        f"Trained on 3 seeds with stages: 8 epochs of the head -> {TUNED}, "
        "with class never trained (S101) mended in both."
    )
    assert (stages.mended, stages.mended_words) == (("S101",), ("class never trained (S101)",))
    assert tried(stages).endswith("; class never trained (S101) mended in both")
    assert dict(trial_terms(stages))["Mended in both"] == "class never trained (S101)"


def test_what_helps_is_tried_with_nothing_idle_beside_it(heard: tuple[Heard, list[str]]) -> None:
    split = next(t for t in heard[0].trials if t.code == "S101")
    assert split.ruling == "CONFIRMED"
    assert split.mended == ()
    assert split.question == (
        "Trained on 3 seeds with split: the last rows as they stand, not shuffled -> shuffled within each class."
    )


def test_an_acquittal_says_what_was_tried(heard: tuple[Heard, list[str]]) -> None:
    stages = next(t for t in heard[0].trials if t.code == "M999")
    assert stages.ruling == "REFUTED"
    assert stages.words.startswith(f"tried with stages {TUNED} instead of 8 epochs of the head, ")
    assert [sentence(row) for row in recipe_diff(stages.changes)] == [
        f"stages: 8 epochs of the head -> {TUNED}"
    ]


def test_a_way_of_use_is_told_in_words() -> None:
    served, trained = Pipeline(Preparation(8, 8, scale="none")), Pipeline(Preparation(8, 8, scale="unit"))
    right = {p: [np.arange(20) % 2 == 0] for p in (served, trained)}
    design: Design[Pipeline] = Design(lambda p: right[p])
    found = contrast(design.arm(served), design.arm(trained))
    suspects = [Suspect("P112", "scale", lambda p: p), Suspect("P114", "own maximum", lambda p: p)]
    pair = Pair(suspects[0], served, trained, found, (suspects[1],))
    made = _trial(design, cast(Any, SimpleNamespace(assumed=())), pair, 1.0, 0.5, None)
    assert made.question == (
        "The saved model on the same images with pixel scale: values stay 0 to 255 -> values divided by 255, "
        "with own maximum (P114) mended in both."
    )
    assert made.mended_words == ("own maximum (P114)",)


STAGES = [
    ((Stage(1, "head", cached=True),), "1 epoch of the head on features computed once"),
    ((Stage(9, "top:20", 0.01, patience=3),), "up to 9 epochs of the last 20 layers at a hundredth of the rate"),
    ((Stage(5), Stage(1, rate_factor=0.3)), "5 epochs of all layers, then 1 of all layers at 0.3 times the rate"),
    ((Stage(2, "from:-4", 0.5),), "2 epochs of the layers from number -4 on at half the rate"),
]  # fmt: skip


@pytest.mark.parametrize(("stages", "words"), STAGES)
def test_stages_that_come_or_go(stages: tuple[Stage, ...], words: str) -> None:
    before = Recipe("x", ("a", "b"), None, stages=(Stage(3),) * 3)
    (change,) = changes_between(before, before.but(stages=stages))
    assert change == Change("stages", "3 epochs of all layers" + ", then 3 of all layers" * 2, words)


def test_a_preparation_that_comes_or_goes_is_told_in_words() -> None:
    recipe = Recipe("x", ("a", "b"), None)
    (change,) = changes_between(recipe, recipe.but(preparation=Preparation(8, 6)))
    assert change.before == "none" and change.after.startswith("6 × 8 pixels (width × height), RGB; ")


def test_changes_as_a_sentence() -> None:
    recipe = Recipe("x", ("a", "b"), None, class_weights=(1.0, 2.0), split=Split("tail"))
    cured = recipe.but(class_weights=None, model=ModelSpec("cnn", dropout=0.5))
    assert told(changes_between(recipe, cured)) == "dropout: 0.2 -> 0.5; class weights: 1 and 2 -> none"
    assert (
        instead(changes_between(recipe, cured)) == "with dropout 0.5 instead of 0.2 and without class weights"
    )
    assert (told(()), instead(())) == ("nothing", "with nothing changed")
