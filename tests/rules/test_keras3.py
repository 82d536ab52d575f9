"""What the rules say of Keras, asked of Keras itself: symptoms that older versions had are not taken on trust.

Each test is a small training of seconds. What differs between backends is asked of the backend that runs.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from valscope import architecture
from valscope.lab.modes import modes_trial
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe
from valscope.nouns.training import Serving
from valscope.rules import batchnorm_statistics, frozen_backbone, last_layer
from valscope.worlds import draw
from valscope.worlds.write import write_images

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def keras() -> Any:
    return pytest.importorskip("keras")


def blobs(n: int = 240, classes: int = 2, seed: int = 0) -> tuple[Any, Any]:
    """Vectors of 8 numbers around one centre a class; separable."""
    rng = np.random.default_rng(seed)
    y = rng.permutation(np.arange(n) % classes)
    centres = np.random.default_rng(9).normal(0, 2, (classes, 8))
    return (centres[y] + rng.normal(0, 1, (n, 8))).astype("float32"), y.astype("int64")


def dense(keras: Any, units: int, activation: str, loss: Any, seed: int = 0, rate: float = 0.01) -> Any:
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(16, "relu"), keras.layers.Dense(units, activation)]
    )
    model.compile(keras.optimizers.Adam(rate), loss, metrics=["accuracy"])
    return model


def on_tensorflow(keras: Any) -> bool:
    return bool(keras.backend.backend() == "tensorflow")


def test_softmax_over_one_unit_freezes_the_accuracy_whatever_the_loss_does(keras: Any) -> None:
    """M101. On TensorFlow the loss is taken from the logits and falls all the same."""
    x, y = blobs()
    model = dense(keras, 1, "softmax", "binary_crossentropy")
    history = model.fit(x, y[:, None], epochs=15, verbose=0).history
    assert model.predict(x, verbose=0).min() > 1 - 1e-6
    assert len({round(a, 6) for a in history["accuracy"]}) == 1
    falls = history["loss"][-1] < 0.5 * history["loss"][0]
    assert falls == on_tensorflow(keras)
    mended = last_layer.remedy(recipe("softmax", "one", "binary_crossentropy"))
    assert mended is not None
    model = dense(keras, 1, mended.model.activation, mended.loss)
    assert model.fit(x, y[:, None], epochs=15, verbose=0).history["accuracy"][-1] > 0.9


def recipe(activation: Any, outputs: Any = "classes", loss: Any = "crossentropy") -> Recipe:
    spec = ModelSpec("features", activation=activation, outputs=outputs)
    return Recipe("x", ("a", "b"), None, model=spec, loss=loss, optimiser=Optimiser("adam", 0.01))


def test_softmax_with_from_logits_is_the_same_training_on_tensorflow(keras: Any) -> None:
    """M101 weighs it little, and a recipe cannot express it: the lab would acquit it there."""
    x, y = blobs(classes=3)
    twice = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with pytest.warns(UserWarning) if on_tensorflow(keras) else _nothing():
        double = (
            dense(keras, 3, "softmax", twice).fit(x, y, epochs=8, shuffle=False, verbose=0).history["loss"]
        )
    once = dense(keras, 3, "softmax", "sparse_categorical_crossentropy")
    single = once.fit(x, y, epochs=8, shuffle=False, verbose=0).history["loss"]
    assert np.allclose(double, single, atol=1e-4) == on_tensorflow(keras)


class _nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...


def test_binary_crossentropy_over_two_softmax_units_is_nearly_the_same_training(keras: Any) -> None:
    """M111 acquits it: elsewhere both elements say -ln p of the true class, TensorFlow's Keras counts two sigmoids
    over the logits behind the softmax. Either way it learns as much."""
    x, y = blobs()
    hot = np.eye(2, dtype="float32")[y]
    logged: dict[str, Any] = {}
    for loss in ("binary_crossentropy", "categorical_crossentropy"):
        model = dense(keras, 2, "softmax", loss)
        logged[loss] = model.fit(x, hot, epochs=8, shuffle=False, verbose=0).history
    same = np.allclose(*(h["loss"] for h in logged.values()), rtol=1e-3)
    assert same != on_tensorflow(keras)
    scores = [h["accuracy"][-1] for h in logged.values()]
    assert abs(scores[0] - scores[1]) < 0.02


def test_no_clip_bounds_the_loss_where_logits_are_taken(keras: Any) -> None:
    """L205 trusts the clip only where a log says old Keras: here one wrong answer costs more than 16.118."""
    end = keras.Sequential([keras.Input((2,)), keras.layers.Activation("softmax")])
    end.compile("sgd", "binary_crossentropy")
    loss = end.evaluate(np.array([[50.0, -50.0]]), np.array([[0.0, 1.0]]), verbose=0)
    assert (loss > 16.2) == on_tensorflow(keras)


def test_accuracy_is_chosen_by_the_shape_of_the_output(keras: Any) -> None:
    """L207 speaks of old Keras only: binary_crossentropy over five outputs counts images here."""
    x, y = blobs(classes=5)
    model = dense(keras, 5, "softmax", "binary_crossentropy")
    printed = model.evaluate(x, np.eye(5, dtype="float32")[y], verbose=0)[1]
    images = float((model.predict(x, verbose=0).argmax(1) == y).mean())
    assert printed == pytest.approx(images, abs=1e-6)


def test_validation_split_takes_the_tail_before_it_shuffles(keras: Any) -> None:
    """S101: of rows sorted by class the last class is validated and never trained."""
    x, y = blobs(300, 3)
    order = np.argsort(y, kind="stable")
    model = dense(keras, 3, "softmax", "sparse_categorical_crossentropy")
    history = model.fit(
        x[order], y[order], validation_split=1 / 3, epochs=10, shuffle=True, verbose=0
    ).history
    assert history["accuracy"][-1] > 0.9
    assert max(history["val_accuracy"][3:]) == 0
    assert not (model.predict(x, verbose=0).argmax(1) == 2).any()


def test_relu_at_the_end_never_learns_a_class_whose_unit_has_died(keras: Any) -> None:
    """M101: with relu for probabilities the training is far from what a softmax reaches."""
    x, y = blobs(classes=4)
    scores = []
    for activation in ("relu", "softmax"):
        model = dense(keras, 4, activation, "sparse_categorical_crossentropy")
        scores.append(model.fit(x, y, epochs=15, verbose=0).history["accuracy"][-1])
    assert scores[1] > 0.9
    assert scores[0] < scores[1] - 0.1


def test_training_false_does_not_keep_an_unfrozen_backbone_in_inference(keras: Any) -> None:
    """M104 and T104 freeze BatchNorm layer by layer: the argument alone does not do it."""

    def moved(still: bool) -> bool:
        keras.utils.set_random_seed(0)
        inner = keras.Sequential(
            [keras.Input((8,)), keras.layers.Dense(8), keras.layers.BatchNormalization()]
        )
        for layer in inner.layers if still else ():
            layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)
        inputs = keras.Input((8,))
        model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(inner(inputs, training=False)))
        model.compile("adam", "sparse_categorical_crossentropy")
        x, y = blobs()
        model.fit(x + 5, y, epochs=1, verbose=0)
        mean = keras.ops.convert_to_numpy(inner.layers[-1].moving_mean)
        return bool(abs(mean).max() > 1e-3)

    assert moved(still=False)
    assert not moved(still=True)


def test_a_thawed_network_trains_all_but_its_batchnorm(keras: Any) -> None:
    """M104's edit of a foreign architecture is what Keras builds."""
    inner = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(8), keras.layers.BatchNormalization()], name="inner"
    )
    inner.trainable = False
    model = keras.Sequential([keras.Input((8,)), inner, keras.layers.Dense(2, "softmax")])
    spec = ModelSpec(
        "config", config=json.dumps(keras.saving.serialize_keras_object(model)), activation="softmax"
    )
    mended = frozen_backbone.remedy(recipe("softmax").but(model=spec))
    assert mended is not None
    assert mended.model.config is not None
    built = keras.saving.deserialize_keras_object(json.loads(mended.model.config))
    assert len(model.trainable_weights) == 2
    assert len(built.trainable_weights) == 4


def normalising(keras: Any, momentum: float) -> Any:
    keras.utils.set_random_seed(0)
    chain = [
        keras.Input((8,)),
        keras.layers.Dense(16, "relu"),
        keras.layers.BatchNormalization(momentum=momentum),
    ]
    model = keras.Sequential([*chain, keras.layers.Dense(2, "softmax")])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def test_few_updates_leave_batchnorm_behind_and_a_lower_momentum_catches_up(keras: Any) -> None:
    """T104: training reads the batch, inference the averages. After 12 updates 0.99 has moved by 11 %."""
    x, y = blobs(256)
    x = 40 * x + 300  # far from the averages' start, 0 and 1
    gaps = {}
    for momentum in (0.99, 0.5):
        model = normalising(keras, momentum)
        trained = model.fit(x, y, batch_size=128, epochs=6, verbose=0).history["accuracy"][-1]
        gaps[momentum] = trained - model.evaluate(x, y, verbose=0)[1]
    assert gaps[0.99] > 0.2
    assert gaps[0.5] < 0.1


def test_the_remedy_for_batchnorm_edits_what_keras_reads(keras: Any) -> None:
    config = json.dumps(keras.saving.serialize_keras_object(normalising(keras, 0.99)))
    spec = ModelSpec("config", config=config, activation="softmax")
    mended = batchnorm_statistics.remedy(recipe("softmax").but(model=spec))
    assert mended is not None
    assert mended.model.config is not None
    assert architecture.settings(mended.model.config, "BatchNormalization", "momentum") == (0.9,)
    assert keras.saving.deserialize_keras_object(json.loads(mended.model.config)).layers[1].momentum == 0.9


def test_raw_pixels_do_no_harm_behind_batchnorm(keras: Any) -> None:
    """P118 is a suspect and no finding by itself: the recipe of such a network is left alone."""
    from valscope.rules import input_scale

    x, y = blobs()
    raw = np.clip(30 * x + 128, 0, 255)
    scores = []
    for scale in (1.0, 1 / 255):
        keras.utils.set_random_seed(0)
        chain = [
            keras.Input((8,)),
            keras.layers.Dense(16),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
        ]
        model = keras.Sequential([*chain, keras.layers.Dense(2, "softmax")])
        model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
        scores.append(model.fit(raw * scale, y, epochs=12, verbose=0).history["accuracy"][-1])
    assert abs(scores[0] - scores[1]) < 0.05
    config = json.dumps(keras.saving.serialize_keras_object(model))
    spec = ModelSpec("config", config=config, activation="softmax")
    images = recipe("softmax").but(model=spec, preparation=Preparation(8, 8, scale="none"))
    assert input_scale.remedy(images) is None
    assert input_scale.remedy(images.but(model=replace(spec, name="case1", config=None))) is not None


def test_adadelta_stands_still_at_its_default_rate(keras: Any) -> None:
    """T105: Keras' default of 0.001 is a thousandth of what the method is meant for."""
    from valscope.rules import learning_rate_too_low

    x, y = blobs()
    usual = learning_rate_too_low.TINY["adadelta"][1]
    assert float(keras.optimizers.Adadelta().learning_rate) <= learning_rate_too_low.TINY["adadelta"][0]
    falls = []
    for rate in (None, usual):
        model = dense(keras, 2, "softmax", "sparse_categorical_crossentropy")
        optimiser = keras.optimizers.Adadelta() if rate is None else keras.optimizers.Adadelta(rate)
        model.compile(optimiser, "sparse_categorical_crossentropy", metrics=["accuracy"])
        losses = model.fit(x, y, epochs=8, verbose=0).history["loss"]
        falls.append(1 - losses[-1] / losses[0])
    assert falls[0] < 0.10
    assert falls[1] > 0.5


def test_a_saved_model_tells_whether_its_statistics_arrived(keras: Any, tmp_path: Path) -> None:
    """T104 by measuring: the same weights, stored statistics against those of mixed batches."""
    images = draw.blobs(0, (120, 120), side=12)
    data = write_images(images, tmp_path)
    trials = []
    for epochs, batch, rate in ((3, 120, 0.05), (40, 16, 0.01)):
        keras.utils.set_random_seed(0)
        chain = [keras.Input((12, 12, 3)), keras.layers.Flatten()]
        for _ in range(2):
            chain += [
                keras.layers.Dense(16, use_bias=False),
                keras.layers.BatchNormalization(),
                keras.layers.ReLU(),
            ]
        model = keras.Sequential([*chain, keras.layers.Dense(2, "softmax")])
        model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
        x = images.images.astype("float32")  # raw pixels: the averages start far away
        model.fit(x, images.labels, batch_size=batch, epochs=epochs, verbose=0)
        path = tmp_path / f"{epochs}.keras"
        model.save(path)
        use = Serving(str(path), str(data), Pipeline(Preparation(12, 12, scale="none")))
        trials.append(modes_trial(use, "T104", "BatchNorm"))
    few, many = trials
    assert few is not None
    assert many is not None
    assert few.treated.mean > 0.9
    assert few.ruling == "CONFIRMED"
    assert many.ruling == "REFUTED"
