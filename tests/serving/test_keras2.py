"""Whole models that Keras 2 saved as .h5 give the answers they gave there. The files are written by bench/keras2_files.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from valscope.errors import ModelError
from valscope.keras2 import modern

FOLDER = Path(__file__).parent / "keras2"
REFUSED = {"keras1_sequential": "written by Keras 1.2.2", "with_lambda": "code of its own (Lambda lambda_1)"}
FILES = sorted(path.stem for path in FOLDER.glob("*.h5"))
HEADS = {"nested": "sigmoid", "stacked": "softmax", "sequential": "softmax", "preprocessing": "logits"}


def asked(name: str, mode: str = "moving") -> tuple[np.ndarray, np.ndarray, Any]:
    """(answers here, answers there, the model)"""
    from valscope.serving import open_served

    served = open_served(FOLDER / f"{name}.h5")
    there = np.load(FOLDER / f"{name}.npz")
    x = np.load(FOLDER / "inputs.npz")["x"] * there["most"]
    return served.outputs(x.astype(np.float32), mode), there["y"], served  # type: ignore[arg-type]


@pytest.mark.keras
@pytest.mark.parametrize("name", [name for name in FILES if name not in REFUSED])
def test_it_answers_as_in_keras_2(name: str) -> None:
    here, there, served = asked(name)
    assert there.std() > 0.01
    np.testing.assert_allclose(here, there, atol=1e-4)
    head = next(kind for part, kind in HEADS.items() if part in name)
    assert served.about.head.kind == head and served.about.format == "h5"


@pytest.mark.keras
@pytest.mark.parametrize("name", ["keras22_sequential", "keras22_nested_free"])
def test_batch_statistics_can_be_tried(name: str) -> None:
    moving, _, served = asked(name)
    batch, _, _ = asked(name, "batch")
    assert "batch" in served.about.modes and np.abs(moving - batch).max() > 1e-3


@pytest.mark.keras
@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_cannot_be_loaded_is_said_in_one_sentence(name: str) -> None:
    from valscope.serving import open_served

    with pytest.raises(ModelError) as error:
        open_served(FOLDER / f"{name}.h5")
    assert REFUSED[name] in str(error.value) and "\n" not in str(error.value)


@pytest.mark.keras
def test_a_layer_of_their_own_is_named(tmp_path: Path) -> None:
    import json
    import shutil

    import h5py

    from valscope.serving import open_served

    path = Path(shutil.copy(FOLDER / "sequential.h5", tmp_path))
    with h5py.File(path, "r+") as file:
        text = json.dumps(json.loads(file.attrs["model_config"])).replace('"Flatten"', '"MyPooling"')
        file.attrs["model_config"] = text
    with pytest.raises(ModelError, match="MyPooling"):
        open_served(path)


def convolution(**more: Any) -> dict[str, Any]:
    config = {
        "name": "conv2d_1",
        "filters": 4,
        "kernel_initializer": {"class_name": "Zeros", "config": {}},
        **more,
    }
    return {"class_name": "Conv2D", "config": config}


def test_a_bare_list_of_layers_gets_an_input() -> None:
    made = modern({"class_name": "Sequential", "config": [convolution(batch_input_shape=[None, 8, 8, 3])]})
    first, second = made["config"]["layers"]
    assert first["class_name"] == "InputLayer" and first["config"]["batch_shape"] == [None, 8, 8, 3]
    assert second["config"] == {"name": "conv2d_1", "filters": 4}


def test_a_setting_that_changes_something_is_kept_for_keras_to_refuse() -> None:
    norm = {
        "class_name": "BatchNormalizationV1",
        "config": {"name": "bn", "axis": [3], "renorm": True, "fused": True},
    }
    made = modern({"class_name": "Sequential", "config": {"name": "s", "layers": [norm]}})
    assert made["config"]["layers"][0] == {
        "class_name": "BatchNormalization", "config": {"name": "bn", "axis": 3, "renorm": True},
    }  # fmt: skip


def test_calls_of_a_model_inside_are_counted_from_nought() -> None:
    inner = {
        "class_name": "Model", "name": "net",
        "config": {"name": "net", "layers": [], "input_layers": [["a", 0, 0]], "output_layers": [["b", 0, 0]]},
        "inbound_nodes": [[["input_1", 0, 0, {}]]],
    }  # fmt: skip
    dense = {"class_name": "Dense", "name": "d", "config": {"name": "d", "units": 2},
             "inbound_nodes": [[["net", 1, 0, {}]]]}  # fmt: skip
    outer = {
        "name": "m",
        "layers": [inner, dense],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["d", 0, 0]],
    }
    made = modern({"class_name": "Model", "config": outer})
    assert made["class_name"] == "Functional"
    assert made["config"]["layers"][1]["inbound_nodes"] == [[["net", 0, 0, {}]]]
    assert made["config"]["output_layers"] == ["d", 0, 0]


@pytest.mark.parametrize(
    ("function", "scale", "offset"),
    [("math.truediv", 1 / 4, 0.0), ("math.subtract", 1.0, -4.0), ("__operators__.add", 1.0, 4.0)],
)
def test_arithmetic_inside_becomes_a_rescaling(function: str, scale: float, offset: float) -> None:
    layer = {"class_name": "TFOpLambda", "name": "op", "config": {"name": "op", "function": function},
             "inbound_nodes": [["input_1", 0, 0, {"y": 4.0, "name": None}]]}  # fmt: skip
    outer = {
        "name": "m",
        "layers": [layer],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["op", 0, 0]],
    }
    made = modern({"class_name": "Functional", "config": outer})["config"]["layers"][0]
    assert made["class_name"] == "Rescaling" and made["inbound_nodes"] == [[["input_1", 0, 0, {}]]]
    assert (made["config"]["scale"], made["config"]["offset"]) == (scale, offset)


def test_an_operation_that_is_no_arithmetic_stays() -> None:
    layer = {"class_name": "TFOpLambda", "name": "op", "config": {"name": "op", "function": "nn.relu"},
             "inbound_nodes": [["input_1", 0, 0, {}]]}  # fmt: skip
    outer = {
        "name": "m",
        "layers": [layer],
        "input_layers": [["input_1", 0, 0]],
        "output_layers": [["op", 0, 0]],
    }
    assert (
        modern({"class_name": "Functional", "config": outer})["config"]["layers"][0]["class_name"]
        == "TFOpLambda"
    )


@pytest.mark.keras
@pytest.mark.parametrize("name", ["nested_frozen", "keras22_nested_partly", "stacked"])
def test_weights_whose_names_tell_nothing_go_by_their_order(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("valscope.engines.keras_engine.old_files._place", lambda *given: None)
    here, there, _ = asked(name)
    np.testing.assert_allclose(here, there, atol=1e-4)
