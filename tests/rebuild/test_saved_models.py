"""Trainings rebuilt from saved models: what starts afresh, what keeps its weights, what cannot be known."""

from __future__ import annotations

import json
from pathlib import Path

import h5py
import pytest

from tests.rebuild.given import case, keras_file, layer, photos
from valscope.case import open_case
from valscope.case.rebuild.foreign import modern
from valscope.nouns.training import Training

INPUT = layer("InputLayer", batch_shape=[None, 16, 16, 3])
CONV = layer("Conv2D", filters=4, kernel_size=[3, 3], activation="relu")
END = (layer("Flatten"), layer("Dense", units=3, activation="softmax"))


def rebuilt(tmp_path: Path, *layers: dict, code: str = "", **settings: object) -> Training:
    model = keras_file(tmp_path / "model.keras", *layers, **settings)  # type: ignore[arg-type]
    data = photos(tmp_path / "photos")
    found = case(tmp_path, code, model, data) if code else open_case([str(model), str(data)])
    assert isinstance(found.training, Training), found.training
    return found.training


def test_all_layers_of_a_plain_network_start_afresh(tmp_path: Path) -> None:
    made = rebuilt(tmp_path, INPUT, CONV, *END, rate=0.02)
    assert (made.origin, made.recipe.model.weights, made.recipe.stages[0].trains) == ("saved", "none", "all")
    assert (made.recipe.optimiser.rate, made.recipe.loss, made.recipe.preparation.height) == (
        0.02,
        "crossentropy",
        16,
    )
    assert any("how pixel values are scaled" in sentence for sentence in made.assumed)


def test_a_frozen_layer_keeps_its_weights(tmp_path: Path) -> None:
    frozen = layer("Conv2D", filters=4, kernel_size=[3, 3], activation="relu", trainable=False)
    made = rebuilt(tmp_path, INPUT, frozen, *END)
    assert made.recipe.model.weights.endswith("model.keras") and made.recipe.stages[0].trains == "head"
    assert made.recipe.stages[0].cached and any("keep their weights" in sentence for sentence in made.assumed)


def test_a_network_that_scales_itself_gets_bytes(tmp_path: Path) -> None:
    made = rebuilt(tmp_path, INPUT, layer("Rescaling", scale=1 / 255, offset=0.0), CONV, *END)
    assert made.recipe.preparation is not None and made.recipe.preparation.scale == "none"


def test_code_beside_the_model_tells_the_rest(tmp_path: Path) -> None:
    code = """
        model = build_model()
        model.compile(optimizer=Adam(learning_rate=0.05), loss='categorical_crossentropy')
        gen = ImageDataGenerator(rescale=1./255, validation_split=0.25)
        a = gen.flow_from_directory('photos', target_size=(16, 16), batch_size=7, subset='training')
        b = gen.flow_from_directory('photos', target_size=(16, 16), batch_size=7, subset='validation')
        model.fit(a, epochs=11, validation_data=b)
    """
    made = rebuilt(tmp_path, INPUT, CONV, *END, code=code)
    assert made.origin == "saved" and made.recipe.split.kind == "class_head"
    assert (made.recipe.feed.batch, made.recipe.stages[0].epochs, made.recipe.optimiser.rate) == (7, 11, 0.05)
    assert made.recipe.preparation is not None and made.recipe.preparation.scale == "unit"


def test_layers_with_code_of_their_own_are_never_rebuilt(tmp_path: Path) -> None:
    model = keras_file(tmp_path / "m.keras", INPUT, layer("Lambda", function="x"), *END)
    found = open_case([str(model), str(photos(tmp_path / "photos"))]).training
    assert not found and "re-scored, never rebuilt" in found.reason


def test_one_output_cannot_tell_three_classes(tmp_path: Path) -> None:
    model = keras_file(
        tmp_path / "m.keras", INPUT, layer("Flatten"), layer("Dense", units=1, activation="sigmoid")
    )
    found = open_case([str(model), str(photos(tmp_path / "photos"))]).training
    assert not found and "one output" in found.reason


@pytest.mark.parametrize("listed", [True, False])
def test_an_architecture_of_keras_2(tmp_path: Path, listed: bool) -> None:
    layers = [
        {
            "class_name": "Convolution2D",
            "config": {
                "name": "c",
                "batch_input_shape": [None, 16, 16, 3],
                "filters": 4,
                "kernel_size": [3, 3],
            },
        },
        {"class_name": "LeakyReLU", "config": {"name": "l", "alpha": 0.1}},
        {"class_name": "Flatten", "config": {"name": "f"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "softmax"}},
    ]
    config = {"class_name": "Sequential", "config": layers if listed else {"name": "s", "layers": layers}}
    found = modern(config)
    first, second = found["config"]["layers"][1:3]
    assert (
        found["module"] == "keras"
        and first["class_name"] == "Conv2D"
        and "batch_input_shape" not in first["config"]
    )
    assert second["config"]["negative_slope"] == 0.1
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["training_config"] = json.dumps(
            {
                "loss": "categorical_crossentropy",
                "optimizer_config": {"class_name": "SGD", "config": {"lr": 0.1}},
            }
        )
        file.create_group("model_weights")
    made = open_case([str(tmp_path / "old.h5"), str(photos(tmp_path / "photos"))]).training
    assert isinstance(made, Training) and (made.recipe.optimiser.name, made.recipe.optimiser.rate) == (
        "sgd",
        0.1,
    )


@pytest.mark.parametrize("lost", ["input_layers", "output_layers", "name"])
def test_a_broken_architecture_of_keras_2_is_refused_in_a_sentence(tmp_path: Path, lost: str) -> None:
    dense = {"name": "d", "units": 3, "activation": "softmax"}
    layers = [
        {"class_name": "InputLayer", "name": "i", "config": {"name": "i", "batch_input_shape": [None, 16, 16, 3]},
         "inbound_nodes": []},
        {"class_name": "Flatten", "name": "f", "config": {"name": "f"}, "inbound_nodes": [[["i", 0, 0, {}]]]},
        {"class_name": "Dense", "name": "d", "config": dense, "inbound_nodes": [[["f", 0, 0, {}]]]},
    ]  # fmt: skip
    own = {"name": "m", "layers": layers, "input_layers": [["i", 0, 0]], "output_layers": [["d", 0, 0]]}
    if lost == "name":
        del layers[0]["config"]["name"]  # type: ignore[union-attr]
    else:
        del own[lost]
    with h5py.File(tmp_path / "old.h5", "w") as file:
        file.attrs["keras_version"] = "2.4.3"
        file.attrs["model_config"] = json.dumps({"class_name": "Functional", "config": own})
        file.attrs["training_config"] = json.dumps(
            {
                "loss": "categorical_crossentropy",
                "optimizer_config": {"class_name": "Adam", "config": {"lr": 0.01}},
            }
        )
    found = open_case([str(tmp_path / "old.h5"), str(photos(tmp_path / "photos"))]).training
    assert not found and "not one that Keras writes" in found.reason
