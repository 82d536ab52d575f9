"""Rebuilt networks are built by Keras and trained for two steps."""

from __future__ import annotations

import os
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

import valscope
from tests.rebuild.given import arrays, case, photos
from tests.rebuild.test_scripts import FLOW, FUNCTIONAL, KERAS2, SEQUENCE, TF_DATA, recipe
from valscope.case import open_case
from valscope.engines import get_engine
from valscope.nouns.recipe import Recipe
from valscope.nouns.training import Training

pytestmark = pytest.mark.keras
RNG = np.random.default_rng(0)


def built(found: Recipe) -> tuple[Any, np.ndarray, np.ndarray]:
    assert found.preparation is not None
    net = get_engine().build(found, found.preparation.shape)
    net.start_stage(found.stages[0].trains)
    images = RNG.random((6, *found.preparation.shape)).astype(np.float32)
    return net, images, np.arange(6) % len(found.classes)


@pytest.mark.parametrize(
    "code", [KERAS2.format(shuffle=""), TF_DATA, SEQUENCE.format(draw="random.randint(0, 9)")]
)
def test_networks_from_code_train(tmp_path: Path, code: str) -> None:
    net, images, labels = built(recipe(tmp_path, code, photos(tmp_path / "photos")))
    losses = [net.train_batch(images, labels, None)[0] for _ in range(2)]
    assert np.isfinite(losses).all() and net.logits(images).shape == (6, 3)


def test_one_unit_and_a_branching_network_train(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    data = photos(tmp_path / "data", ("left", "right"), parts=("train", "validation"))
    for found in (
        recipe(tmp_path / "a", FLOW, data),
        recipe(tmp_path / "b", FUNCTIONAL, arrays(tmp_path / "data.npz")),
    ):
        net, images, labels = built(found)
        assert np.isfinite(net.train_batch(images, labels, None)[0])
        assert net.outputs(images)[0].shape == (6, len(found.classes))


def test_what_a_remedy_edits_changes_the_network(tmp_path: Path) -> None:
    from dataclasses import replace

    found = recipe(tmp_path, KERAS2.format(shuffle=""), photos(tmp_path / "photos", ("left", "right")))
    sides = {}
    for activation, outputs in (("softmax", "classes"), ("sigmoid", "one"), ("linear", "classes")):
        model = replace(found.model, activation=activation, outputs=outputs)
        net, _, _ = built(
            found.but(model=model, loss="binary_crossentropy" if outputs == "one" else "crossentropy")
        )
        last = net.model.layers[-1]
        sides[activation] = (last.units, last.activation.__name__)
    assert sides == {"softmax": (2, "softmax"), "sigmoid": (1, "sigmoid"), "linear": (2, "linear")}


def test_outputs_that_the_loss_takes_for_probabilities(tmp_path: Path) -> None:
    from dataclasses import replace

    found = recipe(tmp_path, KERAS2.format(shuffle=""), photos(tmp_path / "photos"))
    found = found.but(model=replace(found.model, activation="linear"), from_logits=False)
    net, images, labels = built(found)
    raw = np.asarray(net.model(images))
    taken = np.clip(raw / raw.sum(1, keepdims=True), 1e-7, 1 - 1e-7)
    assert net.score(images, labels)[0] == pytest.approx(
        -np.log(taken[np.arange(6), labels]).mean(), rel=1e-3
    )
    assert (net.logits(images).argmax(1) == raw.argmax(1)).all()


def test_the_seed_decides_the_first_weights(tmp_path: Path) -> None:
    found = recipe(tmp_path, KERAS2.format(shuffle=""), photos(tmp_path / "photos"))
    first, images, _ = built(found)
    again, other = built(found)[0], built(found.but(seed=1))[0]
    assert (first.logits(images) == again.logits(images)).all()
    assert not np.allclose(first.logits(images), other.logits(images))


BACKBONE = """
    base = keras.applications.MobileNetV2(include_top=False, weights=None, input_shape=(32, 32, 3))
    {freeze}
    x = GlobalAveragePooling2D()(base.output)
    x = Dropout(0.3)(x)
    x = Dense(8, activation='relu')(x)
    model = Model(base.input, Dense(3, activation='softmax')(x))
    model.compile('adam', 'categorical_crossentropy')
    model.fit(train, epochs=2)
"""


@pytest.mark.parametrize(
    ("freeze", "trains"),
    [
        ("base.trainable = False", "head"),
        ("for layer in base.layers[:100]: layer.trainable = False", "from:100"),
        ("for layer in base.layers[:-8]: layer.trainable = False", "from:-8"),
        ("pass", "all"),
    ],
)
def test_a_head_on_a_ready_made_network(tmp_path: Path, freeze: str, trains: str) -> None:
    found = recipe(tmp_path, BACKBONE.format(freeze=freeze), photos(tmp_path / "photos"))
    assert (found.model.name, found.stages[0].trains) == ("mobilenetv2", trains)
    net, images, labels = built(found)
    head = 1280 * 8 + 8 + 8 * 3 + 3
    assert net.trainable_parameters == head if trains == "head" else net.trainable_parameters > head
    if trains == "head":
        assert found.stages[0].cached and net.features(images).shape == (6, 1280)
        assert np.allclose(net.head().logits(net.features(images)), net.logits(images), atol=1e-4)
    assert np.isfinite(net.train_batch(images, labels, None)[0])


def saved(path: Path, nested: bool, flat: bool = False) -> np.ndarray:
    """A small frozen network with a trained head, and the frozen kernel; a flat head has a BatchNorm of its own and takes
    maps."""
    import keras

    start = keras.Input((16, 16, 3))
    layers = [
        keras.layers.Conv2D(4, 3, activation="relu", name="low"),
        keras.layers.BatchNormalization(name="norm"),
    ]
    for one in layers[: 1 if flat else 2]:
        one.trainable = False
    if nested:
        inner = keras.Sequential([keras.Input((16, 16, 3)), *layers], name="body")
        inner.trainable = False
        x = inner(start)
    else:
        x = layers[1](layers[0](start))
    x = keras.layers.Flatten()(x) if flat else keras.layers.GlobalAveragePooling2D()(x)
    out = keras.layers.Dense(3, activation="softmax")(keras.layers.Dense(5)(x))
    model = keras.Model(start, out)
    model.compile("adam", "categorical_crossentropy")
    model.save(path)
    return np.asarray(layers[0].kernel)


@pytest.mark.parametrize("nested", [True, False])
@pytest.mark.parametrize("ending", ["keras", "h5"])
def test_frozen_layers_of_a_saved_model_keep_their_weights(tmp_path: Path, nested: bool, ending: str) -> None:
    kernel = saved(tmp_path / f"model.{ending}", nested)
    made = open_case([str(tmp_path / f"model.{ending}"), str(photos(tmp_path / "photos"))]).training
    assert isinstance(made, Training), made
    net, images, labels = built(made.recipe)
    assert net.has_backbone and net.features(images).shape == (6, 4)
    assert np.allclose(net.head().logits(net.features(images)), net.logits(images), atol=1e-5)
    assert net.trainable_parameters == 4 * 5 + 5 + 5 * 3 + 3
    net.train_batch(images, labels, None)
    assert any(np.allclose(np.asarray(w), kernel) for w in net.model.weights if w.shape == kernel.shape)
    net.start_stage("all")  # thawed, they go on from the same weights
    assert net.trainable_parameters > 4 * 5 + 5 + 5 * 3 + 3


@pytest.mark.parametrize("flat", [True, False])
def test_a_network_and_its_head_give_the_same_embeddings(tmp_path: Path, flat: bool) -> None:
    """The head is scored on cached features, the whole network serves: who is unsure must not depend on it."""
    saved(tmp_path / "model.keras", nested=not flat, flat=flat)
    made = open_case([str(tmp_path / "model.keras"), str(photos(tmp_path / "photos"))]).training
    assert isinstance(made, Training), made
    net, images, _ = built(made.recipe)
    features = net.features(images)
    assert features.ndim == (4 if flat else 2)
    for one, other in zip(net.outputs(images), net.head().outputs(features), strict=True):
        assert one.ndim == 2 and np.allclose(one, other, atol=1e-5)


USER = """
    import os, numpy as np
    from tensorflow import keras
    from tensorflow.keras.utils import to_categorical, load_img, img_to_array
    X, Y = [], []
    for label in sorted(os.listdir('Dataset')):
        for file in sorted(os.listdir('Dataset/' + label)):
            X.append(img_to_array(load_img('Dataset/' + label + '/' + file, target_size=(32, 32))))
            Y.append(int(label))
    X = np.array(X) / 255
    Y = to_categorical(Y, 10)
    model = keras.models.Sequential()
    model.add(keras.layers.Conv2D(16, (3, 3), activation='relu', input_shape=(32, 32, 3)))
    model.add(keras.layers.MaxPooling2D((2, 2)))
    model.add(keras.layers.Flatten())
    model.add(keras.layers.Dense(32, activation='relu'))
    model.add(keras.layers.Dense(10, activation='softmax'))
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss='categorical_crossentropy', metrics=['accuracy'])
    model.fit(X, Y, batch_size=32, epochs=2, validation_split=0.2)
"""


@pytest.mark.data
def test_a_users_script_on_photographs_is_trained(tmp_path: Path) -> None:
    root = os.environ.get("VALSCOPE_DATA")
    if not root:
        pytest.skip("VALSCOPE_DATA does not name the folder of image sets")
    made = case(tmp_path, dedent(USER), Path(root) / "sign_digits").training
    assert isinstance(made, Training) and made.recipe.split.kind == "tail"
    run = valscope.train(made.data, tmp_path / "run", recipe=made.recipe)
    history = run.history()
    assert len(history) == 2 and history[-1]["val_accuracy"] < 0.2 < history[-1]["accuracy"] + 0.2


OLD_FILES = sorted((Path(__file__).parent.parent / "serving" / "keras2").glob("*.h5"))
NOT_REBUILT = {
    "keras1_sequential": "written by Keras 1.2.2",
    "with_lambda": "never rebuilt",
    "nested_partly": "trained further",
    "keras22_nested_partly": "trained further",
}


@pytest.mark.parametrize("file", OLD_FILES, ids=lambda path: path.stem)
def test_models_of_keras_2_start_again(tmp_path: Path, file: Path) -> None:
    """Each file becomes a network that trains, or a sentence that says why not."""
    one = "nested" in file.stem
    loss = "binary_crossentropy" if one else "sparse_categorical_crossentropy"
    code = f"""
        model.compile(optimizer=Adam(learning_rate=0.001), loss='{loss}')
        model.fit(x / 255., y, epochs=2, batch_size=8, validation_split=0.25)
    """
    data = arrays(tmp_path / "d.npz", (16, 16, 3), classes=2 if one else 3)
    found = case(tmp_path, code, file, data).training
    if file.stem in NOT_REBUILT:
        assert not found and NOT_REBUILT[file.stem] in found.reason
        return
    assert isinstance(found, Training), found
    net, images, labels = built(found.recipe)
    assert np.isfinite(net.train_batch(images, labels, None)[0])
    logits, embeddings = net.outputs(images)
    assert logits.shape == (6, 2 if one else 3) and len(embeddings) == 6
