"""Writes the .h5 files of Keras 2 that tests/serving reads:  python -m bench.keras2_files [PART...]

Runs where Keras 2 is installed, apart from this project's environment:

    python -m venv keras2 && keras2/bin/pip install tf-keras==2.21.* tensorflow-cpu==2.21.*
    TF_USE_LEGACY_KERAS=1 keras2/bin/python -m bench.keras2_files

Each network is trained for a few steps on noise, so that BatchNorm's moving statistics are no round numbers, and
saved whole in the old HDF5 format, beside an .npz with what the network answers in inference mode to inputs.npz.
Keras 2.2 and TensorFlow 1.x cannot be installed on a present Python. Their files differ from these in the JSON of
the architecture alone, which is rewritten here to the form they had.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["TF_USE_LEGACY_KERAS"] = "1"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

FOLDER = Path(__file__).resolve().parent.parent / "tests" / "serving" / "keras2"
SIDE, CLASSES, SEED = 16, 3, 20
Config = dict[str, Any]


def keras() -> Any:
    import tf_keras

    return tf_keras


def sequential() -> Any:
    """Convolutions with BatchNorm and Dropout, one after the other."""
    k = keras().layers
    return keras().Sequential([
        k.Conv2D(6, 3, padding="same", input_shape=(SIDE, SIDE, 3), name="conv2d_1"),
        k.BatchNormalization(name="batch_normalization_1"),
        k.Activation("relu", name="activation_1"),
        k.MaxPooling2D(name="max_pooling2d_1"),
        k.Conv2D(8, 3, activation="relu", name="conv2d_2"),
        k.BatchNormalization(name="batch_normalization_2"),
        k.Dropout(0.4, name="dropout_1"),
        k.Flatten(name="flatten_1"),
        k.Dense(CLASSES, activation="softmax", name="dense_1"),
    ], name="sequential_1")  # fmt: skip


def backbone() -> Any:
    """A small network without its last layer, with two ways that join."""
    k = keras().layers
    x = inputs = keras().Input((SIDE, SIDE, 3), name="input_1")
    x = k.Conv2D(6, 3, strides=2, padding="same", use_bias=False, name="block1_conv")(x)
    x = short = k.BatchNormalization(name="block1_bn")(x)
    x = k.ReLU(6.0, name="block1_relu")(x)
    x = k.DepthwiseConv2D(3, padding="same", use_bias=False, name="block2_depthwise")(x)
    x = k.BatchNormalization(name="block2_bn")(x)
    x = k.Add(name="block2_add")([x, short])
    return keras().Model(inputs, x, name="small_net")


def nested() -> Any:
    """The backbone as one layer of a functional model."""
    k = keras().layers
    inputs = keras().Input((SIDE, SIDE, 3), name="input_2")
    x = k.GlobalAveragePooling2D(name="pool")(backbone()(inputs))
    x = k.Dropout(0.3, name="dropout_1")(x)
    return keras().Model(inputs, k.Dense(1, activation="sigmoid", name="dense_1")(x), name="model_1")


def stacked() -> Any:
    """The backbone and a head of its own, put into a Sequential: the commonest way to fine-tune in Keras 2.2."""
    k = keras().layers
    top = keras().Sequential([
        k.Flatten(input_shape=(SIDE // 2, SIDE // 2, 6), name="flatten_1"),
        k.Dense(5, activation="relu", name="dense_1"),
        k.Dropout(0.5, name="dropout_1"),
        k.Dense(CLASSES, activation="softmax", name="dense_2"),
    ], name="sequential_1")  # fmt: skip
    return keras().Sequential([backbone(), top], name="sequential_2")


def preprocessing() -> Any:
    """Pixels 0..255 scaled by operations on tensors, as preprocess_input does inside a model, and a call in inference
    mode."""
    k = keras().layers
    inputs = keras().Input((SIDE, SIDE, 3), name="input_3")
    x = inputs / 127.5 - 1.0
    x = k.GlobalAveragePooling2D(name="pool")(backbone()(x, training=False))
    return keras().Model(inputs, k.Dense(CLASSES, name="dense_1")(x), name="model_2")


def nothing(model: Any) -> None:
    """Leaves all layers trainable."""


def whole(model: Any) -> None:
    """Freezes the backbone as a whole."""
    model.trainable = False


def part(model: Any) -> None:
    """Freezes its first layers, BatchNorm among them."""
    for layer in model.layers[:3]:
        layer.trainable = False


def older(config: Any, edit: Callable[[Config], None]) -> Any:
    """A JSON tree in which `edit` has changed every object, the outer ones first."""
    if isinstance(config, dict):
        edit(config)
        return {key: older(value, edit) for key, value in config.items()}
    return [older(value, edit) for value in config] if isinstance(config, list) else config


def as_keras22(item: Config) -> None:
    """What Keras 2.2.4 wrote: no `module` or `registered_name`, "Model" for a functional one, `batch_input_shape`,
    initialisers by their general name, and no input layer in a Sequential."""
    for gone in (
        "module",
        "registered_name",
        "build_config",
        "build_input_shape",
        "groups",
        "keepdims",
        "ragged",
    ):
        item.pop(gone, None)
    if item.get("class_name") == "Functional":
        item["class_name"] = "Model"
        item["config"].pop("trainable", None)
    if item.get("class_name") == "GlorotUniform":
        item.update(class_name="VarianceScaling",
                    config={"scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None})  # fmt: skip
    if item.get("class_name") == "Sequential":
        layers = item["config"]["layers"]
        if layers[0]["class_name"] == "InputLayer":
            shape = layers.pop(0)["config"]["batch_input_shape"]
            if layers[0]["class_name"] not in ("Functional", "Model"):
                layers[0]["config"] = {"batch_input_shape": shape, **layers[0]["config"]}
    if item.get("class_name") == "BatchNormalization" and isinstance(item["config"]["axis"], list):
        item["config"]["axis"] = -1


def as_keras20(item: Config) -> None:
    """Keras 2.0 to 2.2.2 wrote a Sequential as a bare list of layers."""
    as_keras22(item)
    if item.get("class_name") == "Sequential":
        item["config"] = item["config"]["layers"]


def as_tf114(item: Config) -> None:
    """tf.keras of TensorFlow 1.14: versioned class names, axes as lists, a type with every initialiser."""
    as_keras22(item)
    if item.get("class_name") == "BatchNormalization":
        item["class_name"] = "BatchNormalizationV1"
        item["config"].update(axis=[3], dtype="float32")
    if item.get("class_name") in ("Zeros", "Ones"):
        item["config"] = {"dtype": "float32"}


def as_keras1(item: Config) -> None:
    """Keras 1: other class names and arguments."""
    as_keras20(item)
    if item.get("class_name") == "Conv2D":
        config = item["config"]
        rows, columns = config.pop("kernel_size")
        item["class_name"] = "Convolution2D"
        config.update(nb_filter=config.pop("filters"), nb_row=rows, nb_col=columns, border_mode=config.pop("padding"),
                      subsample=config.pop("strides"), dim_ordering="tf", init="glorot_uniform")  # fmt: skip
    if item.get("class_name") == "Dense":
        item["config"]["output_dim"] = item["config"].pop("units")


def trained(model: Any, most: float = 1.0) -> Any:
    """A few steps on noise from 0 to `most`."""
    import numpy as np

    noise = np.random.default_rng(SEED)
    outputs = model.output_shape[-1]
    losses = keras().losses
    logits = model.layers[-1].get_config().get("activation") == "linear"
    loss = "binary_crossentropy" if outputs == 1 else losses.SparseCategoricalCrossentropy(from_logits=logits)
    model.compile(keras().optimizers.Adam(0.03), loss, metrics=["accuracy"])
    x = noise.uniform(0, most, (64, SIDE, SIDE, 3)).astype("float32")
    model.fit(x, noise.integers(0, max(2, outputs), 64), epochs=8, batch_size=16, verbose=0)
    return model


def write(
    name: str, model: Any, edit: Callable[[Config], None] | None = None, version: str = "", most: float = 1.0
) -> None:
    """The file and what it answers."""
    import h5py
    import numpy as np

    x = np.random.default_rng(SEED + 1).uniform(0, 1, (6, SIDE, SIDE, 3)).astype("float32")
    np.savez_compressed(FOLDER / "inputs.npz", x=x)
    np.savez_compressed(FOLDER / f"{name}.npz", y=model.predict(x * most, verbose=0), most=most)
    path = FOLDER / f"{name}.h5"
    model.save(path, include_optimizer=False)
    if edit is not None:
        with h5py.File(path, "r+") as file:
            text = json.dumps(older(json.loads(file.attrs["model_config"]), edit))
            file.attrs["model_config"] = text.encode()
            for group in (file, file["model_weights"]):
                group.attrs["keras_version"] = version.encode()
    print(f"{path.name:24}{path.stat().st_size:7} bytes")


def write_sequential() -> None:
    """One network in the words of five versions."""
    plain = trained(sequential())
    write("sequential", plain)
    write("keras22_sequential", plain, as_keras22, "2.2.4")
    write("keras20_sequential", plain, as_keras20, "2.0.8")
    write("tf114_sequential", plain, as_tf114, "2.2.4-tf")
    write("keras1_sequential", plain, as_keras1, "1.2.2")


def write_stacked() -> None:
    """A backbone and a head in a Sequential."""
    deep = trained(stacked())
    write("stacked", deep)
    write("keras22_stacked", deep, as_keras22, "2.2.4")


def write_nested() -> None:
    """A backbone in a functional model, trained, then frozen as people freeze one: its weights come in another order."""
    model = trained(nested())
    for name, freeze in (("free", nothing), ("partly", part), ("frozen", whole)):
        freeze(model.get_layer("small_net"))
        write(f"nested_{name}", model)
        write(f"keras22_nested_{name}", model, as_keras22, "2.2.4")


def write_preprocessing() -> None:
    """A model that scales by itself and gives logits."""
    write("preprocessing", trained(preprocessing(), 255.0), most=255.0)


def write_lambda() -> None:
    """One that brings code of its own."""
    k = keras()
    write("with_lambda", trained(k.Sequential([
        *sequential().layers[:-1],
        k.layers.Lambda(lambda x: x * 2.0, name="lambda_1"),
        k.layers.Dense(CLASSES, activation="softmax", name="dense_1"),
    ])))  # fmt: skip


PARTS = {
    "sequential": write_sequential, "stacked": write_stacked, "nested": write_nested,
    "preprocessing": write_preprocessing, "lambda": write_lambda,
}  # fmt: skip


def main() -> None:
    keras().utils.set_random_seed(SEED)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()


if __name__ == "__main__":
    main()
