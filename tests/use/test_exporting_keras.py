"""The exported formats on Keras itself: the same probabilities, by the code in the README, as a stranger runs it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toyruns import COLOURS, draw, toy_run

from valscope.engines import get_engine
from valscope.exporting import FORMATS, export
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Recipe
from valscope.prediction import predict
from valscope.run import Run
from valscope.scoring import softmax

pytestmark = pytest.mark.keras
NEEDS = {"onnx": "tf2onnx", "litert": "ai_edge_litert", "savedmodel": "tensorflow"}
CAFFE = Preparation(12, 10, scale="caffe", order="bgr", geometry="crop")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A small network in BGR order with ImageNet means, calibrated."""
    return toy_run(
        tmp_path_factory.mktemp("runs") / "caffe", preparation=CAFFE, engine="keras", steps=8, temperature=1.7
    )


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("photos")
    return [draw(folder / f"{i}.png", list(COLOURS)[i % 3], (17 + i, 20), seed=i) for i in range(5)]


@pytest.mark.parametrize("to", FORMATS)
def test_the_code_in_the_readme_gives_what_the_run_gives(
    run: Run, photos: list[Path], here: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    if to in NEEDS:
        pytest.importorskip(NEEDS[to])
    done = export(run, to, "out")
    assert done.difference < 1e-4
    (source,) = re.findall(r"```python\n(.*?)```", Path("out/README.md").read_text(), re.DOTALL)
    monkeypatch.chdir("out")
    space: dict[str, Any] = {}
    exec(source, space)
    expected = [p.probabilities for p in predict(run, photos)]
    np.testing.assert_allclose(space["predict"](photos), expected, atol=1e-4)
    assert space["classes"] == list(run.classes)


def test_a_keras_file_takes_bytes_and_floats(run: Run, here: Path) -> None:
    import keras

    export(run, "keras", "net.keras")
    model = keras.saving.load_model("net.keras", compile=False)
    x = np.random.default_rng(0).integers(0, 255, (3, *CAFFE.shape)).astype(np.uint8)
    np.testing.assert_allclose(
        model.predict(x, verbose=0), model.predict(x.astype(np.float32), verbose=0), atol=1e-6
    )


def test_an_onnx_file_names_its_input_its_output_and_its_classes(run: Run, here: Path) -> None:
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("tf2onnx")
    export(run, "onnx", "net.onnx")
    model = onnx.load("net.onnx")
    assert ([v.name for v in model.graph.input], [v.name for v in model.graph.output]) == (
        ["pixels"],
        ["probabilities"],
    )
    assert {p.key: p.value for p in model.metadata_props}["classes"] == '["blue", "green", "red"]'


SPECS = {
    "linear": ModelSpec("cnn"),
    "softmax": ModelSpec("cnn", activation="softmax"),
    "sigmoid": ModelSpec("cnn", activation="sigmoid"),
    "one linear": ModelSpec("cnn", outputs="one"),
    "one sigmoid": ModelSpec("case1", activation="sigmoid", outputs="one"),
}
PREPARATIONS = {
    "unit": Preparation(20, 16),
    "grey": Preparation(20, 16, colour="grey", scale="imagenet"),
    "imagenet": Preparation(20, 16, scale="imagenet"),
    "caffe": Preparation(20, 16, scale="caffe", order="bgr"),
    "maximum": Preparation(20, 16, scale="image_max"),
    "maximum of bgr": Preparation(20, 16, scale="image_max", order="bgr"),
    "none": Preparation(20, 16, scale="none"),
}


@pytest.mark.parametrize(
    ("spec", "preparation", "precision"),
    [
        *((spec, "unit", "float32") for spec in SPECS),
        *(("linear", name, "float32") for name in PREPARATIONS),
        ("one sigmoid", "caffe", "float32"),
        ("linear", "symmetric", "mixed_bfloat16"),
    ],
)
def test_the_served_network_is_the_run_in_one_graph(spec: str, preparation: str, precision: Any) -> None:
    from valscope.data.pixels.prepare import network_input
    from valscope.engines.keras_engine.serving import serving_model

    prepared = PREPARATIONS.get(preparation, Preparation(20, 16, scale="symmetric"))
    classes = ("a", "b") if SPECS[spec].outputs == "one" else ("a", "b", "c")
    recipe = Recipe("x", classes, prepared, SPECS[spec], precision=precision)
    net = get_engine("keras").build(recipe, prepared.shape)
    x = np.random.default_rng(0).integers(0, 255, (6, *prepared.shape)).astype(np.uint8)
    logits = net.logits(network_input(x, prepared))
    temperature = max(0.5, float(np.abs(logits).max()))  # so that the network is not sure of anything
    expected = softmax(logits, temperature)
    model = serving_model(net, prepared, temperature)  # type: ignore[arg-type]
    assert np.ptp(expected, axis=0).max() > 1e-4  # it tells the images apart
    np.testing.assert_allclose(
        model.predict_on_batch(x), expected, atol=1e-5 if precision == "float32" else 2e-2
    )
    assert str(model.layers[-1].dtype_policy.name) == "float32"
