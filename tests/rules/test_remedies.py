"""Remedies and mends: pure edits that take out one fault, each once, and no two of them the same."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from valscope import architecture
from valscope.diagnosis import all_rules
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Optimiser, Recipe, Split, Stage

ABLE = {str(r.CODE): r for r in all_rules() if hasattr(r, "remedy")}
MENDING = {str(r.CODE): r for r in all_rules() if hasattr(r, "mend")}
# what no single training can tell to be a fault is tried only where it was found
ASKED_FOR = {"G101", "T107", "M104"}
SOUND = Recipe(
    "photos", ("a", "b", "c"), Preparation(32, 32),
    model=ModelSpec("case1", activation="softmax"), optimiser=Optimiser("adam", rate=1e-3),
)  # fmt: skip
BACKBONE = SOUND.but(
    model=ModelSpec("mobilenetv2", weights="imagenet", activation="softmax"),
    preparation=Preparation(96, 96, scale="symmetric"), stages=(Stage(5, "head"), Stage(5, "all", rate_factor=0.1)),
)  # fmt: skip
NORMED = json.dumps(
    {
        "class_name": "Sequential",
        "config": {
            "layers": [
                {"class_name": "Rescaling", "config": {"scale": 1 / 255}},
                {"class_name": "BatchNormalization", "config": {"momentum": 0.99, "trainable": True}},
                {"class_name": "Dense", "config": {"units": 3, "activation": "softmax"}},
            ]
        },
    }
)


def spec(**changes: object) -> ModelSpec:
    return replace(SOUND.model, **changes)  # type: ignore[arg-type]


def prepared(recipe: Recipe, **changes: object) -> Recipe:
    assert recipe.preparation is not None
    return recipe.but(preparation=recipe.preparation.but(**changes))


FAULTS: dict[str, list[Recipe]] = {
    "S101": [SOUND.but(split=Split("tail", val=0.3, test=0.0))],
    "S103": [SOUND.but(feed=Feed(order="with_replacement"))],
    "D106": [SOUND.but(feed=Feed(labels_apart=True))],
    "S104": [SOUND.but(feed=Feed(carried_counter=True, val_steps=3))],
    "S107": [SOUND.but(feed=Feed(order=o)) for o in ("sequential", "batches")] + [SOUND.but(feed=Feed(order="buffer", buffer=100))],
    "D103": [SOUND.but(class_weights=(1.0, 2.0, 3.0))],
    "D104": [SOUND.but(augmentation=a) for a in (Augmentation(flip_horizontal=True), Augmentation(rotate=0.5, zoom=0.1))],
    "T101": [SOUND.but(optimiser=Optimiser("adam", rate=r)) for r in (0.005, 0.01, 0.1, 1.0)]
    + [SOUND.but(optimiser=Optimiser("sgd", rate=0.5)), BACKBONE.but(stages=(Stage(5, "all"),))],
    "T104": [SOUND.but(model=spec(name="config", config=NORMED)), BACKBONE.but(model=replace(BACKBONE.model, batchnorm="training"))],
    "T105": [SOUND.but(optimiser=Optimiser(n, rate=r)) for n, r in (("adam", 1e-6), ("adadelta", 1e-3), ("sgd", 1e-5))],
    "T106": [SOUND.but(restore_best=False)],
    "M101": [
        SOUND.but(model=spec(activation="softmax", outputs="one"), classes=("a", "b"), loss="binary_crossentropy"),
        SOUND.but(model=spec(activation="sigmoid")), SOUND.but(model=spec(activation="relu")), SOUND.but(loss="mse"),
        SOUND.but(model=spec(activation="relu"), loss="binary_crossentropy"),
    ],
    "M104": [BACKBONE.but(stages=(Stage(20, "head", patience=3, cached=True),))],
    "M111": [SOUND.but(loss="binary_crossentropy"), SOUND.but(model=spec(activation="sigmoid"), loss="binary_crossentropy"),
             SOUND.but(model=spec(activation="linear"), loss="binary_crossentropy")],
    "P103": [prepared(SOUND, scale="image_max"), prepared(BACKBONE, scale="image_max")],
    "P104": [prepared(BACKBONE, scale="unit"), prepared(BACKBONE, scale="caffe", order="bgr")],
    "P105": [prepared(BACKBONE, order="bgr")],
    "P112": [prepared(SOUND, scale="unit_unit"), prepared(BACKBONE, scale="unit_symmetric"),
             SOUND.but(model=spec(name="config", config=NORMED.replace("0.99", "0.9")))],
    "P118": [prepared(SOUND, scale="none")],
}  # fmt: skip
CASES = [(code, recipe) for code, recipes in FAULTS.items() for recipe in recipes]


def test_every_remedy_is_examined() -> None:
    elsewhere = {"G101", "T107", "X101"}  # edits without a fault that a recipe alone could show
    assert set(ABLE) - elsewhere == set(FAULTS)


@pytest.mark.parametrize(("code", "recipe"), CASES, ids=[c for c, _ in CASES])
def test_a_remedy_takes_its_fault_out_once(code: str, recipe: Recipe) -> None:
    mended = ABLE[code].remedy(recipe)
    assert mended is not None
    assert mended != recipe
    assert ABLE[code].remedy(mended) is None


@pytest.mark.parametrize(("code", "recipe"), CASES, ids=[c for c, _ in CASES])
def test_no_other_remedy_makes_the_same_edit(code: str, recipe: Recipe) -> None:
    mended = ABLE[code].remedy(recipe)
    same = [c for c, rule in ABLE.items() if c != code and rule.remedy(recipe) == mended]
    assert same == []


@pytest.mark.parametrize("sound", [SOUND, BACKBONE, SOUND.but(model=ModelSpec("cnn"))])
def test_a_sound_recipe_has_no_usual_suspect(sound: Recipe) -> None:
    usual = {code: r for code, r in ABLE.items() if hasattr(r, "SUSPECT")}
    assert {code for code, r in usual.items() if r.remedy(sound) is not None} == set()
    assert not ASKED_FOR & set(usual)


def test_what_the_remedies_arrive_at() -> None:
    def mended(code: str, recipe: Recipe) -> Recipe:
        found: Recipe | None = ABLE[code].remedy(recipe)
        assert found is not None
        return found

    assert [mended("T101", r).optimiser.rate for r in FAULTS["T101"][:3]] == [0.001, 0.001, 0.001]
    assert (
        mended(
            "T101", SOUND.but(model=ModelSpec("vgg16"), optimiser=Optimiser("adam", rate=1e-3))
        ).optimiser.rate
        == 1e-4
    )
    assert mended("T105", FAULTS["T105"][1]).optimiser.rate == 1.0
    one = mended("M101", FAULTS["M101"][0])
    assert (one.model.activation, one.loss) == ("sigmoid", "binary_crossentropy")
    assert mended("M111", FAULTS["M111"][2]).model.activation == "linear"
    resnet = prepared(BACKBONE, scale="image_max").but(model=ModelSpec("case2_resnet50", weights="imagenet"))
    assert mended("P103", resnet).preparation == Preparation(96, 96, scale="caffe", order="bgr")
    last = mended("M104", FAULTS["M104"][0]).stages[-1]
    assert (last.trains, last.rate_factor, last.cached) == ("all", 0.1, False)


TRAINED = Pipeline(Preparation(32, 32, kernel="area"))
USES: dict[str, Pipeline] = {
    "P101": TRAINED.but(preparation=Preparation(32, 32, kernel="area", scale="none")),
    "P102": TRAINED.but(decision=Decision("equals", 1.0)),
    "P105": TRAINED.but(preparation=Preparation(32, 32, kernel="area", order="bgr")),
    "P110": TRAINED.but(aligned=False),
    "P112": TRAINED.but(preparation=Preparation(32, 32, kernel="area", scale="unit_unit")),
    "P114": TRAINED.but(order=(1, 0)),
    "P115": TRAINED.but(preparation=Preparation(32, 32, kernel="nearest", antialias=False, geometry="crop")),
    "P116": TRAINED.but(mode="dropout"),
    "P117": TRAINED.but(decision=Decision("argmin")),
}


def test_every_mend_is_examined() -> None:
    assert set(MENDING) == set(USES)


@pytest.mark.parametrize("code", USES)
def test_a_mend_goes_back_to_training_and_no_other_does(code: str) -> None:
    assert MENDING[code].mend(USES[code], TRAINED) == TRAINED
    assert [c for c, r in MENDING.items() if r.mend(USES[code], TRAINED) is not None] == [code]
    assert MENDING[code].mend(TRAINED, TRAINED) is None


def test_one_score_against_a_threshold() -> None:
    trained = TRAINED.but(decision=Decision("threshold", 0.5))
    assert (
        MENDING["P114"].mend(trained.but(decision=Decision("threshold", 0.5, inverted=True)), trained)
        == trained
    )
    assert MENDING["P117"].mend(trained.but(decision=Decision("threshold", 0.9)), trained) == trained
    assert MENDING["P102"].mend(trained.but(decision=Decision("truncated")), trained) == trained


def layered(*layers: dict[str, object]) -> Recipe:
    config = json.dumps({"class_name": "Sequential", "config": {"layers": list(layers)}})
    return SOUND.but(model=ModelSpec("config", config=config, activation="softmax"))


def test_flips_and_large_turns_inside_the_network_are_taken_out() -> None:
    flips = {"class_name": "RandomFlip", "config": {"name": "flip"}}
    turns = {"class_name": "RandomRotation", "config": {"name": "turn", "factor": [-0.5, 0.5]}}
    slight = {"class_name": "RandomRotation", "config": {"name": "turn", "factor": 0.05}}
    mended = ABLE["D104"].remedy(layered(flips, turns))
    assert mended is not None and mended.model.config is not None
    assert architecture.kinds(mended.model.config) == ("Activation", "RandomRotation")
    assert architecture.settings(mended.model.config, "RandomRotation", "factor") == (0.05,)
    assert ABLE["D104"].remedy(mended) is None
    assert ABLE["D104"].remedy(layered(slight)) is None
