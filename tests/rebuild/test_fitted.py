"""Architectures as JSON, made to fit a recipe: pure edits, nothing is built."""

from __future__ import annotations

import json

import pytest

from tests.rebuild.given import layer
from valscope.case.rebuild.graph import functional, sequential
from valscope.case.rebuild.layers import entry, made
from valscope.case.rebuild.notes import Notes
from valscope.engines.keras_engine.fitted import fitted, gathered
from valscope.engines.keras_engine.kept import kept_names, split_place
from valscope.engines.keras_engine.wiring import layers_of
from valscope.errors import ModelError
from valscope.evidence.script import read_script
from valscope.nouns.network import Layer


def chain(*layers: dict) -> str:
    return json.dumps(sequential(list(layers)))


def kinds(config: dict) -> list[str]:
    return [one["class_name"] for one in layers_of(config)]


SMALL = (
    layer("Conv2D", filters=4, kernel_size=[3, 3]),
    layer("Flatten"),
    layer("Dense", units=9, activation="softmax"),
)


def test_the_last_layer_is_the_recipes() -> None:
    config = fitted(chain(*SMALL), (8, 8, 3), 1, "sigmoid")
    last = layers_of(config)[-1]["config"]
    assert (last["units"], last["activation"], last["name"], last["dtype"]) == (
        1,
        "sigmoid",
        "output",
        "float32",
    )
    assert layers_of(config)[0]["config"]["batch_shape"] == [None, 8, 8, 3]


@pytest.mark.parametrize("end", [layer("Activation", activation="softmax"), layer("Softmax")])
def test_a_layer_that_only_activates_is_taken_out(end: dict) -> None:
    config = fitted(chain(*SMALL[:2], layer("Dense", units=9), end), (8, 8, 3), 5, "linear")
    assert kinds(config) == ["InputLayer", "Conv2D", "Flatten", "Dense"]
    assert layers_of(config)[-1]["config"]["activation"] == "linear"


def test_an_activation_after_pooling_stays_there() -> None:
    text = chain(
        layer("Conv2D", filters=9, kernel_size=[1, 1]), layer("GlobalAveragePooling2D"), layer("Softmax")
    )
    config = fitted(text, (8, 8, 3), 4, "softmax")
    assert kinds(config) == ["InputLayer", "Conv2D", "GlobalAveragePooling2D", "Activation"]
    assert layers_of(config)[1]["config"]["filters"] == 4


def test_seeds_and_the_shape_of_one_saved_state_are_left_out() -> None:
    start = {"class_name": "GlorotUniform", "config": {"seed": 77}}
    dense = layer("Dense", units=3, kernel_initializer=start) | {"build_config": {"input_shape": [None, 5]}}
    config = fitted(chain(dense), (7,), 3, "softmax")
    last = layers_of(config)[-1]
    assert last["config"]["kernel_initializer"]["config"]["seed"] is None and "build_config" not in last


def test_a_branching_network_loses_its_last_activation() -> None:
    facts = read_script("i = Input((8, 8, 3))\nx = Conv2D(4, 3, padding='same')(i)\ny = Conv2D(4, 3, padding='same')(x)\n"
                        "x = Add()([x, y])\nx = Flatten()(x)\nx = Dense(5)(x)\no = Activation('softmax')(x)\nm = Model(i, o)")  # fmt: skip
    text = json.dumps(functional(facts.networks[0].layers, Notes()))
    config = fitted(text, (8, 8, 3), 5, "linear")
    assert kinds(config)[-1] == "Dense" and config["config"]["output_layers"] == [["output", 0, 0]]


def test_a_head_is_divided_into_what_gathers_and_what_learns() -> None:
    text = chain(layer("GlobalAveragePooling2D"), layer("Dropout", rate=0.5), layer("Dense", units=3))
    before, rest = gathered(text)
    assert [one["class_name"] for one in before] == ["GlobalAveragePooling2D"]
    assert kinds(json.loads(rest)) == ["Dropout", "Dense"]


def test_layers_that_keep_their_weights_are_named_and_the_head_begins_behind_them() -> None:
    kept = layer("Conv2D", filters=4, kernel_size=[3, 3]) | {"kept": True}
    text = chain(
        layer("InputLayer", batch_shape=[None, 8, 8, 3]), kept, layer("Flatten"), layer("Dense", units=3)
    )
    config = fitted(text, (8, 8, 3), 3, "softmax")
    assert kept_names(config) == [("conv2d",)] and split_place(config) == 1


@pytest.mark.parametrize("text", ["", "[]", "{}", chain(layer("Flatten"))])
def test_what_is_no_classifier_gets_a_sentence(text: str) -> None:
    with pytest.raises(ModelError, match="config"):
        fitted(text, (8, 8, 3), 3, "softmax")


@pytest.mark.parametrize(
    ("line", "setting", "value"),
    [
        ("Conv2D(8, 5, strides=2, padding='same', input_shape=(9, 9, 1))", "kernel_size", [5, 5]),
        ("Conv2D(8, 5, strides=2, padding='same', input_shape=(9, 9, 1))", "strides", [2, 2]),
        ("MaxPooling2D((2, 3))", "pool_size", [2, 3]),
        ("Dense(7, activation='elu', kernel_initializer='he_normal')", "activation", "elu"),
        ("Dropout(0.4)", "rate", 0.4),
        ("LeakyReLU(alpha=0.2)", "negative_slope", 0.2),
        ("BatchNormalization(momentum=0.8)", "momentum", 0.8),
        ("ZeroPadding2D((1, 2))", "padding", [[1, 1], [2, 2]]),
    ],
)
def test_settings_of_layers(line: str, setting: str, value: object) -> None:
    network = read_script(f"m = Sequential()\nm.add({line})\nm.add(Dense(2))").networks[0]
    assert entry(network.layers[0], Notes())["config"][setting] == value


@pytest.mark.parametrize(
    ("written", "kind", "settings"),
    [
        ("'l2'", "L2", {"l2": 0.01}),
        ("regularizers.l2(0.001)", "L2", {"l2": 0.001}),
        ("tf.keras.regularizers.L1(l1=2e-4)", "L1", {"l1": 2e-4}),
        ("l1_l2(l1=1e-5, l2=1e-4)", "L1L2", {"l1": 1e-5, "l2": 1e-4}),
    ],
)
def test_penalties(written: str, kind: str, settings: dict) -> None:
    network = read_script(
        f"m = Sequential()\nm.add(Dense(3, kernel_regularizer={written}))\nm.add(Dense(2))"
    ).networks[0]
    found = entry(network.layers[0], Notes())["config"]["kernel_regularizer"]
    assert (found["class_name"], found["config"]) == (kind, settings)


def test_every_layer_is_one_of_keras_own() -> None:
    assert made("Dense", {"units": 2})["module"] == "keras.layers"
    assert entry(Layer("Add"), Notes())["config"] == {}
