"""Networks given as JSON: their differences layer by layer."""

from __future__ import annotations

import json

from valscope import architecture
from valscope.lab.changes import changes_between
from valscope.lab.config_changes import config_changes
from valscope.nouns.recipe import ModelSpec
from valscope.nouns.trial import Change


def network(activation: str | None, frozen: int = 0, units: int = 3) -> str:
    layers = [
        {"class_name": "Conv2D", "config": {"name": f"conv_{i}", "trainable": i >= frozen}} for i in range(4)
    ]
    head = {"class_name": "Dense", "config": {"name": "dense", "units": units, "activation": activation}}
    return json.dumps({"class_name": "Sequential", "config": {"name": "net", "layers": [*layers, head]}})


def test_a_setting_of_one_layer() -> None:
    found = config_changes("model.config", network("relu"), network("softmax", units=2))
    assert found == (
        Change("model.config.dense.units", "3", "2"), Change("model.config.dense.activation", "relu", "softmax"),
    )  # fmt: skip


def test_the_same_change_of_many_layers_is_one() -> None:
    found = config_changes("model.config", network("relu", frozen=3), network("relu"))
    assert found == (Change("model.config.3 layers.trainable", "no", "yes"),)


def test_what_is_no_json_or_has_other_layers_is_left_to_the_whole() -> None:
    assert config_changes("c", "{", network("relu")) == ()
    assert config_changes("c", None, network("relu")) == ()
    assert config_changes("c", network(None), network(None)) == ()
    before, after = ModelSpec("config", config="one"), ModelSpec("config", config="two")
    assert changes_between(before, after) == (Change("config", "one", "two"),)


def test_changes_of_a_recipe_are_those_of_its_layers() -> None:
    before, after = ModelSpec("config", config=network(None)), ModelSpec("config", config=network("softmax"))
    assert changes_between(before, after) == (Change("config.dense.activation", "none", "softmax"),)


def test_a_layer_without_a_name_goes_by_its_class() -> None:
    before, after = (
        json.dumps({"config": {"layers": [{"class_name": "Dense", "config": {"units": u}}]}}) for u in (1, 3)
    )
    assert config_changes("c", before, after) == (Change("c.Dense.units", "1", "3"),)


def test_a_layer_that_is_made_to_pass_is_one_change() -> None:
    flip = {"class_name": "RandomFlip", "config": {"name": "flip", "mode": "horizontal", "seed": None}}
    before = json.dumps({"class_name": "Sequential", "config": {"layers": [flip]}})
    found = config_changes("model.config", before, architecture.without(before, "RandomFlip"))
    assert found == (Change("model.config.flip.layer", "RandomFlip", "none"),)
