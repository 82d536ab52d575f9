"""Saved models of every kind, sound, damaged and hostile; no Keras is imported to read them."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from valscope.codec import from_plain, to_plain
from valscope.errors import ModelError
from valscope.evidence.saved import is_saved, read_saved
from valscope.nouns.counts import counts
from valscope.nouns.saved import SavedModel
from valscope.nouns.shapes import shapes


def layer(kind: str, module: str | None = "keras.layers", **config: Any) -> dict[str, Any]:
    config.setdefault("name", kind.lower())
    entry: dict[str, Any] = {"class_name": kind, "config": config}
    return entry if module == "" else {"module": module, **entry, "registered_name": None}


def sequential(*layers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {"name": "net", "layers": list(layers)},
        **more,
    }


SMALL = sequential(
    layer("InputLayer", batch_shape=[None, 20, 24, 3]),
    layer("Rescaling", scale=1 / 255, offset=0.0),
    layer(
        "Conv2D",
        filters=8,
        kernel_size=[3, 3],
        strides=[1, 1],
        padding="valid",
        activation="relu",
        use_bias=True,
    ),
    layer("MaxPooling2D", pool_size=[2, 2], strides=[2, 2], padding="valid"),
    layer("Flatten"),
    layer("Dense", units=3, activation="softmax", use_bias=True),
    compile_config={
        "optimizer": {"class_name": "Adam", "config": {"learning_rate": 9.999999747378752e-05}},
        "loss": {
            "class_name": "CategoricalCrossentropy",
            "config": {"from_logits": False, "label_smoothing": 0.1},
        },
        "metrics": ["accuracy", {"class_name": "AUC", "config": {}}],
    },
)


def keras_file(path: Path, config: Any = SMALL, weights: bytes | None = None, **extra: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", config if isinstance(config, str) else json.dumps(config))
        archive.writestr("metadata.json", '{"keras_version": "3.4.1", "date_saved": "2024-07-01@10:00:00"}')
        if weights is not None:
            archive.writestr("model.weights.h5", weights)
        for name, data in extra.items():
            archive.writestr(name, data)
    return path


def weight_bytes(*sizes: int) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w") as stored:
        for number, size in enumerate(sizes):
            stored[f"layers/l{number}/vars/0"] = np.zeros(size, np.float32)
        stored["optimizer/vars/0"] = np.zeros(1000, np.float32)
    return stream.getvalue()


def hdf5_file(path: Path, config: Any, training: Any = None, **attributes: str) -> Path:
    with h5py.File(path, "w") as stored:
        if config is not None:
            stored.attrs["model_config"] = json.dumps(config)
        if training is not None:
            stored.attrs["training_config"] = json.dumps(training)
        for name, value in attributes.items():
            stored.attrs[name] = value
        stored["model_weights/dense/kernel"] = np.zeros((4, 2), np.float32)
        stored["optimizer_weights/m"] = np.zeros(99, np.float32)
    return path


def test_a_keras_archive(tmp_path: Path) -> None:
    model = read_saved(keras_file(tmp_path / "a.keras", weights=weight_bytes(10, 20)), "a.keras")
    assert model.format == "keras" and model.keras_version and model.keras_version.value == "3.4.1"
    assert model.network and model.network.input_shape == (20, 24, 3)
    assert [x.kind for x in model.network.layers][1:3] == ["Rescaling", "Conv2D"]
    assert shapes(model.network)[-1] == (3,) and model.weights == 30
    assert model.inside == "unit" and model.scaling[0].value == "x * 0.00392157 + 0"
    assert model.last_activation and model.last_activation.value == "softmax"
    assert model.unsafe == () and model.frozen == () and model.backbones == ()
    compiled = model.compiled
    assert compiled and compiled.loss and compiled.loss.value == "categorical_crossentropy"
    assert (
        compiled.rate
        and compiled.rate.value == 1e-4
        and compiled.optimiser
        and compiled.optimiser.value == "adam"
    )
    assert compiled.label_smoothing and compiled.label_smoothing.value == 0.1
    assert [metric.value for metric in compiled.metrics] == ["accuracy", "AUC"]
    assert from_plain(SavedModel, to_plain(model)) == model


def test_an_h5_file_of_keras_2(tmp_path: Path) -> None:
    config = {
        "class_name": "Model",
        "config": {
            "name": "model_1",
            "layers": [
                layer("InputLayer", "", name="input_1", batch_input_shape=[None, 64, 64, 3]),
                {
                    "class_name": "TFOpLambda",
                    "config": {"name": "tf.math.truediv", "function": "math.truediv"},
                    "name": "div",
                    "inbound_nodes": [["input_1", 0, 0, {"y": 127.5, "name": None}]],
                },
                {
                    "class_name": "TFOpLambda",
                    "config": {"name": "tf.math.subtract", "function": "math.subtract"},
                    "name": "sub",
                    "inbound_nodes": [["div", 0, 0, {"y": 1.0, "name": None}]],
                },
                {
                    "class_name": "Functional",
                    "config": {"name": "mobilenetv2_1.00_64", "trainable": False, "layers": []},
                    "name": "mobilenetv2_1.00_64",
                    "inbound_nodes": [[["sub", 0, 0, {"training": False}]]],
                },
                layer("Dense", "", name="dense_1", units=1, activation="sigmoid"),
            ],
        },
    }
    training = {"loss": "binary_crossentropy", "metrics": ["acc"],
                "optimizer_config": {"class_name": "RMSprop", "config": {"lr": 0.0020000000949949026}}}  # fmt: skip
    model = read_saved(
        hdf5_file(tmp_path / "m.h5", config, training, keras_version="2.2.4", backend="tensorflow")
    )
    assert (
        model.format == "h5" and model.backend and model.backend.value == "tensorflow" and model.weights == 8
    )
    assert model.inside == "symmetric"
    assert [backbone.name for backbone in model.backbones] == ["MobileNetV2"]
    assert model.backbones[0].training and model.backbones[0].training.value is False
    assert model.backbones[0].expects == "symmetric" and model.frozen == ("mobilenetv2_1.00_64",)
    assert model.compiled and model.compiled.rate and model.compiled.rate.value == 0.002
    assert model.unsafe == ()


def test_keras_1_lists_layers_without_a_name(tmp_path: Path) -> None:
    config = {
        "class_name": "Sequential",
        "config": [layer("Dense", "", batch_input_shape=[None, 7], output_dim=3)],
    }
    model = read_saved(hdf5_file(tmp_path / "old.h5", config))
    assert model.network and model.network.layers[0].kind == "Dense" and model.network.input_shape == (7,)


def test_weights_alone(tmp_path: Path) -> None:
    model = read_saved(hdf5_file(tmp_path / "w.weights.h5", None, keras_version="2.3.1"))
    assert model.format == "weights" and model.network is None and model.keras_version


def test_what_could_run_code_is_listed(tmp_path: Path) -> None:
    own = {"module": None, "class_name": "Patchy", "config": {"name": "p"}, "registered_name": "mine>Patchy"}
    config = sequential(
        layer("InputLayer", batch_shape=[None, 9, 9, 1]),
        layer("Lambda", name="halve", function={"class_name": "__lambda__", "config": {"code": "4wEA"}}),
        own,
        layer("Dense", units=2, activation={"class_name": "function", "config": "relu"}),
    )
    model = read_saved(keras_file(tmp_path / "l.keras", config))
    assert [fact.value for fact in model.unsafe] == ["Lambda halve", "Patchy p"]
    assert model.inside == "unknown" and model.compiled is None
    assert model.last_activation and model.last_activation.value == "relu"
    old = read_saved(
        hdf5_file(tmp_path / "l.h5", sequential(layer("Strange", ""), layer("Dense", "", units=2)))
    )
    assert [fact.value for fact in old.unsafe] == ["Strange strange"]


def test_shared_and_branching_inputs(tmp_path: Path) -> None:
    def after(name: str, *before: str) -> dict[str, Any]:
        tensors = [{"class_name": "__keras_tensor__", "config": {"keras_history": [b, 0, 0]}} for b in before]
        args = [tensors] if len(tensors) > 1 else tensors
        return {"name": name, "inbound_nodes": [{"args": args, "kwargs": {}}]}

    config = {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": {
            "name": "f",
            "layers": [
                layer("InputLayer", name="i", batch_shape=[None, 8, 8, 3])
                | {"name": "i", "inbound_nodes": []},
                layer("Conv2D", name="a", filters=4, kernel_size=[1, 1], padding="same") | after("a", "i"),
                layer("Conv2D", name="b", filters=5, kernel_size=[3, 3], padding="same") | after("b", "i"),
                layer("Concatenate", name="c", axis=-1) | after("c", "a", "b"),
            ],
        },
    }
    network = read_saved(keras_file(tmp_path / "f.keras", config)).network
    assert network and [x.inputs for x in network.layers] == [(), (), ("#0",), ("#1", "#2")]
    assert shapes(network)[-1] == (8, 8, 9)
    assert [count.total if count else None for count in counts(network)] == [0, 16, 140, 0]


REFUSED = {
    "model.pt": (b"PK\x03\x04", "pickle"),
    "model.pkl": (b"\x80\x04", "pickle"),
    "model.onnx": (b"x", "ONNX"),
    "model.tflite": (b"x", "TensorFlow Lite"),
    "saved_model.pb": (b"x", "TensorFlow graph"),
    "model.keras": (b"\x80\x04\x95abc", "pickle"),
    "text.h5": (b"just text", "neither"),
    "empty.h5": (b"", "empty"),
    "cut.keras": (b"PK\x03\x04 and then nothing", "cut short"),
    "cut.h5": (b"\x89HDF\r\n\x1a\n" + b"\0" * 40, "cut short"),
}


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_refused_says_why(tmp_path: Path, name: str) -> None:
    data, words = REFUSED[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(ModelError, match=words):
        read_saved(tmp_path / name)


def test_folders_and_absent_files(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="does not exist"):
        read_saved(tmp_path / "no.keras")
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "saved_model.pb").write_bytes(b"x")
    assert is_saved(tmp_path / "saved") and not is_saved(tmp_path / "train.py")
    with pytest.raises(ModelError, match="SavedModel folder"):
        read_saved(tmp_path / "saved")


def test_archives_that_are_no_model(tmp_path: Path) -> None:
    for name, words in (("archive/data.pkl", "PyTorch"), ("photo.jpg", "without config.json")):
        path = tmp_path / "x.keras"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, b"x")
        with pytest.raises(ModelError, match=words):
            read_saved(path)


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.keras"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("config.json", b" " * 70_000_000)
    assert path.stat().st_size < 200_000
    with pytest.raises(ModelError, match="far more than any architecture"):
        read_saved(path)


@pytest.mark.parametrize("config", ["[1, 2]", "nonsense", '{"config": ' * 3000, "null", '"text"'])
def test_configurations_that_are_none(tmp_path: Path, config: str) -> None:
    with pytest.raises(ModelError, match=r"config\.json"):
        read_saved(keras_file(tmp_path / "c.keras", config))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
WORDS = [
    "name",
    "units",
    "layers",
    "batch_shape",
    "scale",
    "axis",
    "padding",
    "activation",
    "size",
    "function",
]
ENTRY = st.fixed_dictionaries(
    {},
    optional={
        "class_name": st.sampled_from(["Dense", "Conv2D", "Functional", "Embedding", "TFOpLambda"]) | JSON,
        "config": st.dictionaries(st.sampled_from(WORDS), JSON) | JSON,
        "inbound_nodes": JSON, "module": JSON, "registered_name": JSON, "name": JSON,
    },
)  # fmt: skip
COMPILED = JSON | st.fixed_dictionaries({"loss": JSON, "optimizer": JSON, "metrics": JSON})


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(layers=st.lists(ENTRY, max_size=4), compiled=COMPILED)
def test_no_configuration_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, layers: list[Any], compiled: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.keras"
    config = {"class_name": "Sequential", "config": {"layers": layers}, "compile_config": compiled}
    with contextlib.suppress(ModelError):
        read_saved(keras_file(path, config))


def test_reading_a_model_imports_no_backend(tmp_path: Path) -> None:
    path = keras_file(tmp_path / "a.keras", weights=weight_bytes(3))
    code = (
        "import sys; from valscope.evidence.saved import read_saved; read_saved(sys.argv[1]);"
        "print([m for m in ('keras', 'tensorflow', 'torch', 'jax') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


@pytest.mark.weights
def test_real_files_count_as_their_networks_do() -> None:
    root = os.environ.get("VALSCOPE_WEIGHTS")
    if not root:
        pytest.skip("VALSCOPE_WEIGHTS names no folder of weight files")
    for name in ("resnet20_cifar10", "squeezenet11_imagenet_top", "efficientnet_lite0_imagenet_notop"):
        model = read_saved(Path(root) / f"{name}.keras")
        assert model.network is not None
        assert sum(count.total for count in counts(model.network) if count) == model.weights
        assert None not in shapes(model.network)
    assert read_saved(Path(root) / "mobilenetv2_imagenet_notop.weights.h5").weights == 2_257_984


@pytest.mark.keras
def test_what_keras_saves_is_read_as_it_was_built(tmp_path: Path) -> None:
    import keras
    from keras import layers

    base = keras.applications.MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3))
    base.trainable = False
    inputs = keras.Input((96, 96, 3))
    x = base(layers.Rescaling(1 / 127.5, offset=-1)(inputs), training=False)
    outputs = layers.Dense(5, activation="softmax")(layers.GlobalAveragePooling2D()(x))
    built = keras.Model(inputs, outputs)
    built.compile(
        keras.optimizers.SGD(0.01, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    for name in ("m.keras", "m.h5"):
        built.save(tmp_path / name)
        model = read_saved(tmp_path / name)
        assert model.network and model.weights == built.count_params()
        assert sum(count.total for count in counts(model.network) if count) == built.count_params()
        assert shapes(model.network)[-1] == (5,) and model.inside == "symmetric"
        assert [backbone.name for backbone in model.backbones] == ["MobileNetV2"]
        assert model.compiled and model.compiled.rate and model.compiled.rate.value == 0.01
        assert model.unsafe == () and model.frozen == (base.name,)
    built.save_weights(tmp_path / "m.weights.h5")
    assert read_saved(tmp_path / "m.weights.h5").weights == built.count_params()
