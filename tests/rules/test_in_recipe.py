"""Rules that read a fault from the recipe of a training: once, with the line of the recipe, and never of a sound one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from valscope.case import Case, open_case
from valscope.codec import to_json
from valscope.diagnosis import all_rules, diagnose
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Optimiser, Recipe, Split
from valscope.worlds import curves, draw, logs, spoil, trainings, write
from valscope.worlds.world import Drawn, World

RULES = {str(r.CODE): r for r in all_rules()}
IMAGES = draw.blobs(0, (60, 60, 60))
UNEVEN = draw.blobs(0, (60, 60, 40))
SORTED = spoil.by_class(IMAGES)
SOUND = trainings.recipe(IMAGES)
VGG = SOUND.but(model=ModelSpec("vgg16", weights="imagenet", activation="softmax"))


def prepared(recipe: Recipe, scale: str) -> Recipe:
    assert recipe.preparation is not None
    return recipe.but(preparation=recipe.preparation.but(scale=scale))


FAULTS: dict[str, tuple[Recipe, Drawn]] = {
    "S101": (SOUND.but(split=Split("tail", val=0.3, test=0.0)), spoil.by_class(UNEVEN)),
    "S103": (SOUND.but(feed=Feed(order="with_replacement")), IMAGES),
    "S104": (SOUND.but(feed=Feed(carried_counter=True)), IMAGES),
    "S107": (SOUND.but(feed=Feed(order="sequential")), SORTED),
    "D104": (SOUND.but(classes=("left", "right"), augmentation=Augmentation(flip_horizontal=True)), draw.arrows(0)),
    "M101": (SOUND.but(model=replace(SOUND.model, activation="relu")), IMAGES),
    "M111": (SOUND.but(loss="binary_crossentropy"), IMAGES),
    "P103": (prepared(SOUND, "image_max"), IMAGES),
    "P104": (prepared(VGG, "unit"), IMAGES),
    "P112": (prepared(SOUND, "unit_unit"), IMAGES),
}  # fmt: skip
# with the same images in an order, or under names, that make the setting harmless
HARMLESS = {
    "S101": (FAULTS["S101"][0], UNEVEN),
    "S107": (FAULTS["S107"][0], IMAGES),
    "P104": (prepared(VGG, "caffe"), IMAGES),
}


def case_of(recipe: Recipe, images: Drawn, folder: Path, log: str = "") -> Case:
    files = {"recipe.json": to_json(recipe.but(data="data.npz")), **({"training.log": log} if log else {})}
    return open_case([str(p) for p in write(World(files, images=images), folder)])


def said(code: str, case: Case) -> list[Outcome]:
    return list(RULES[code].check(case))


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_in_the_recipe_is_named_once_with_its_line(code: str, tmp_path: Path) -> None:
    (finding,) = said(code, case_of(*FAULTS[code], tmp_path))
    assert isinstance(finding, Finding)
    where = finding.evidence[0]
    assert where.file.endswith("recipe.json")
    assert where.line
    assert where.quote


@pytest.mark.parametrize("code", HARMLESS)
def test_what_does_no_harm_here_is_not_named(code: str, tmp_path: Path) -> None:
    assert not [o for o in said(code, case_of(*HARMLESS[code], tmp_path)) if isinstance(o, Finding)]


def test_a_sound_recipe_is_not_named_by_any_rule(tmp_path: Path) -> None:
    log = logs.found(3) + logs.log(curves.learning(0))
    assert diagnose(case_of(SOUND, SORTED, tmp_path, log)).findings == ()


def test_the_tail_of_sorted_rows_is_proved_with_its_counts(tmp_path: Path) -> None:
    (finding,) = said("S101", case_of(*FAULTS["S101"], tmp_path))
    assert isinstance(finding, Finding)
    assert finding.verdict == "PROVED"
    assert finding.numbers["composition"] == (0, 8, 40)
    assert finding.numbers["trained_by_class"] == (60, 52, 0)


def test_a_rate_of_the_recipe_stands_beside_a_log_that_never_moves(tmp_path: Path) -> None:
    fast = SOUND.but(model=ModelSpec("case1", activation="softmax"), optimiser=Optimiser("adam", rate=0.1))
    stuck = logs.found(3) + logs.log(curves.at_prior(0))
    (finding,) = said("T101", case_of(fast, IMAGES, tmp_path / "fast", stuck))
    assert isinstance(finding, Finding)
    assert finding.numbers["rate"] == 0.1
    slow = fast.but(optimiser=Optimiser("adam", rate=1e-3))
    assert said("T101", case_of(slow, IMAGES, tmp_path / "slow", stuck)) == []
