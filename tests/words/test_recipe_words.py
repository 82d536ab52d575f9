"""A recipe in words: faults are named as plainly as good practice."""

from __future__ import annotations

import pytest
from example_results import TRASH, history, recipe

from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Optimiser, Split, Stage
from valscope.words.recipe import (
    GEOMETRY,
    SCALES,
    augmentation,
    class_weights,
    feeding,
    model,
    optimiser,
    preparation,
    recipe_terms,
    split,
    stage,
)


def test_a_recipe_is_told_term_by_term() -> None:
    terms = dict(recipe_terms(recipe(TRASH), history(3)))
    assert terms["Model"] == "mobilenetv2, from ImageNet weights; dropout 0.2, 6 outputs (logits)"
    assert terms["Optimiser"] == "adam, rate 0.00121 (range test)"
    assert terms["Class weights"] == "none"
    assert terms["Data"] == "photos"


@pytest.mark.parametrize("scale", SCALES)
def test_every_scale_has_words(scale: str) -> None:
    assert SCALES[scale] in preparation(Preparation(8, 8, scale=scale))  # type: ignore[arg-type]


def test_every_setting_of_the_nouns_has_words() -> None:
    from typing import get_args

    from valscope.nouns import preparation as p
    from valscope.nouns import recipe as r
    from valscope.words import recipe as w

    assert set(get_args(p.Scale)) == set(SCALES)
    assert set(get_args(p.Geometry)) == set(GEOMETRY)
    assert set(get_args(r.Loss)) == set(w.LOSSES)
    assert set(get_args(r.SplitKind)) == set(w.SPLITS)
    assert set(get_args(r.Grouping)) == set(w.GROUPING)
    assert set(get_args(r.Order)) == set(w.ORDERS)


def test_width_comes_before_height() -> None:
    words = preparation(Preparation(height=45, width=115, colour="grey"))
    assert words.startswith("115 × 45 pixels (width × height), grey;")


def test_feature_vectors_need_no_preparation() -> None:
    assert preparation(None) == "feature vectors, used as they are"


def test_faults_are_named() -> None:
    assert "not shuffled" in split(Split("tail"))
    assert "some twice and some never" in feeding(Feed(order="with_replacement"))
    assert "carried over" in feeding(Feed(carried_counter=True))
    assert "BatchNorm of the frozen part in training mode" in model(
        ModelSpec("vgg19", batchnorm="training"), 2
    )
    assert "(relu)" in model(ModelSpec(activation="relu"), 3)


def test_augmentation_says_what_and_how_much() -> None:
    words = augmentation(Augmentation(flip_horizontal=True, rotate=0.03, zoom=0.1))
    assert words == "horizontal flips, turns up to 10.8° and zoom up to 10 %; training images only"
    assert augmentation(Augmentation()) == "none"


def test_few_class_weights_are_listed_and_many_are_bounded() -> None:
    assert class_weights(("a", "b"), (0.5, 1.5)) == "b 1.5 and a 0.5"
    assert class_weights(tuple("abcdefgh"), tuple(range(1, 9))) == "1 (a) to 8 (h)"


def test_a_given_rate_is_told_from_a_found_one() -> None:
    given = recipe(TRASH, optimiser=Optimiser("sgd", 0.01, momentum=0.9), schedule="cosine")
    assert optimiser(given, history(3)) == "sgd, rate 0.01; momentum 0.9; falling to 0 along a cosine"
    assert optimiser(recipe(TRASH), []) == "adam, rate from a range test"


def test_stages() -> None:
    assert stage(Stage(30)) == "30 epochs, all layers"
    assert stage(Stage(1, "head", cached=True)) == "1 epoch, head only on features computed once"
    words = "up to 9 epochs, last 20 layers, rate × 0.1, stops after 3 epochs without a lower validation loss"
    assert stage(Stage(9, "top:20", 0.1, patience=3)) == words
