"""Real Keras files: heads, inference modes, nested backbones, nothing changed by asking."""

import numpy as np
import pytest

from valscope.errors import ModelError
from valscope.serving import open_served

pytestmark = pytest.mark.keras

X = np.random.default_rng(0).uniform(0, 1, (16, 16, 16, 3)).astype(np.float32)


@pytest.fixture(scope="module")
def keras():
    from valscope.engines.keras_engine.backend import keras

    return keras()


def body(keras, nested=True):
    """A Sequential with a nested backbone that has BatchNorm, and dropout after it."""
    layers = keras.layers
    inner_input = keras.Input((16, 16, 3))
    inner = layers.BatchNormalization(name="norm")(layers.Conv2D(4, 3, name="conv")(inner_input))
    backbone = keras.Model(inner_input, inner, name="backbone")
    return keras.Sequential(
        [keras.Input((16, 16, 3)), backbone, layers.GlobalAveragePooling2D(), layers.Dropout(0.5)]
    )


def saved(model, tmp_path, name="model.keras"):
    model.save(tmp_path / name)
    return open_served(tmp_path / name)


@pytest.mark.parametrize(
    ("units", "activation", "kind"),
    [
        (1, "sigmoid", "sigmoid"),
        (1, None, "logit"),
        (3, "softmax", "softmax"),
        (3, None, "logits"),
        (3, "sigmoid", "sigmoids"),
    ],
)
@pytest.mark.parametrize("ending", [".keras", ".h5"])
def test_the_head_is_read_from_the_layers(keras, tmp_path, units, activation, kind, ending):
    model = body(keras)
    model.add(keras.layers.Dense(units, activation=activation))
    served = saved(model, tmp_path, f"model{ending}")
    assert (served.about.head.kind, served.about.head.outputs) == (kind, units)
    np.testing.assert_allclose(served.outputs(X), model.predict(X, verbose=0), rtol=1e-4, atol=1e-5)


def test_each_mode_touches_its_own_layers_and_changes_no_weight(keras, tmp_path):
    model = body(keras)
    model.add(keras.layers.Dense(3))
    model.get_layer("backbone").get_layer("norm").moving_mean.assign([1.0, 2, 3, 4])
    served = saved(model, tmp_path)
    assert served.about.modes == ("moving", "batch", "dropout")
    inner = served._model.model
    before = [w.numpy().copy() for w in inner.variables]
    moving = served.outputs(X, "moving")
    batch = served.outputs(X, "batch")
    dropped = served.outputs(X, "dropout")
    for old, new in zip(before, inner.variables, strict=True):
        np.testing.assert_array_equal(old, new.numpy())
    np.testing.assert_allclose(moving, inner(X, training=False).numpy(), rtol=1e-4, atol=1e-5)
    # batch statistics, no dropout: as by hand
    conv = inner.get_layer("backbone").get_layer("conv")(X).numpy()
    normed = (conv - conv.mean((0, 1, 2))) / np.sqrt(conv.var((0, 1, 2)) + 1e-3)
    dense = inner.layers[-1]
    by_hand = normed.mean((1, 2)) @ dense.kernel.numpy() + dense.bias.numpy()
    np.testing.assert_allclose(batch, by_hand, rtol=1e-3, atol=1e-4)
    assert not np.allclose(dropped, moving) and not np.allclose(dropped, batch)
    np.testing.assert_array_equal(moving, served.outputs(X, "moving"))


def test_the_classifying_output_is_chosen_by_its_width_and_said(keras, tmp_path):
    x = keras.Input((16, 16, 3))
    flat = keras.layers.Flatten()(x)
    boxes = keras.layers.Dense(4, name="boxes")(flat)
    kinds = keras.layers.Dense(3, activation="softmax", name="kinds")(flat)
    model = keras.Model(x, [kinds, boxes])
    model.save(tmp_path / "two.keras")
    served = open_served(tmp_path / "two.keras", classes=3)
    assert (served.about.head.kind, served.about.head.name) == ("softmax", "kinds")
    assert "kinds" in served.about.notes[0]
    np.testing.assert_allclose(served.outputs(X), model.predict(X, verbose=0)[0], rtol=1e-4, atol=1e-5)


def test_scaling_inside_is_found(keras, tmp_path):
    layers = keras.layers
    model = keras.Sequential(
        [keras.Input((16, 16, 3)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(2)]
    )
    assert saved(model, tmp_path).about.inside == "unit"


def test_flat_and_grey_and_channels_first_inputs_are_images_too(keras, tmp_path):
    layers = keras.layers
    flat = saved(keras.Sequential([keras.Input((16 * 16 * 3,)), layers.Dense(2)]), tmp_path, "flat.keras")
    assert flat.about.shape == (16, 16, 3) and flat.outputs(X).shape == (16, 2)
    grey = saved(
        keras.Sequential([keras.Input((16, 16)), layers.Flatten(), layers.Dense(2)]), tmp_path, "grey.keras"
    )
    assert grey.about.shape == (16, 16, 1) and grey.outputs(X[..., :1]).shape == (16, 2)
    first = saved(
        keras.Sequential([keras.Input((3, 16, 20)), layers.Flatten(), layers.Dense(2)]), tmp_path, "f.keras"
    )
    assert first.about.shape == (16, 20, 3)


def test_two_inputs_and_weights_alone_are_refused(keras, tmp_path):
    a, b = keras.Input((16, 16, 3)), keras.Input((16, 16, 3))
    two = keras.Model([a, b], keras.layers.Flatten()(keras.layers.Add()([a, b])))
    two.save(tmp_path / "two.keras")
    with pytest.raises(ModelError, match="2 inputs"):
        open_served(tmp_path / "two.keras")
    two.save_weights(tmp_path / "two.weights.h5")
    with pytest.raises(ModelError, match="without an architecture"):
        open_served(tmp_path / "two.weights.h5")


def test_weights_of_another_file_are_the_same_network(keras, tmp_path):
    model = body(keras)
    model.add(keras.layers.Dense(3))
    served = saved(model, tmp_path)
    model.layers[-1].bias.assign([1.0, 2.0, 3.0])
    model.save_weights(tmp_path / "epoch9.weights.h5")
    other = served.at(str(tmp_path / "epoch9.weights.h5"))
    np.testing.assert_allclose(other.outputs(X), model.predict(X, verbose=0), rtol=1e-4, atol=1e-5)
    assert not np.allclose(served.outputs(X), other.outputs(X))


def test_onnx_is_asked_the_same(keras, tmp_path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tf2onnx")
    model = body(keras)
    model.add(keras.layers.Dense(3, activation="softmax"))
    model(X)
    model.export(tmp_path / "m.onnx", format="onnx", verbose=False)
    served = open_served(tmp_path / "m.onnx")
    assert served.about.head.kind == "softmax" and served.about.modes == ("moving",)
    np.testing.assert_allclose(served.outputs(X), model.predict(X, verbose=0), rtol=1e-3, atol=1e-4)


def test_a_savedmodel_is_asked_where_it_is_trusted(keras, tmp_path):
    if keras.backend.backend() != "tensorflow":
        pytest.skip("a SavedModel is TensorFlow's")
    model = body(keras)
    model.add(keras.layers.Dense(3))
    model(X)
    model.export(tmp_path / "graph", format="tf_saved_model", verbose=False)
    served = open_served(tmp_path / "graph", trust=True)
    np.testing.assert_allclose(served.outputs(X), model.predict(X, verbose=0), rtol=1e-4, atol=1e-5)
    assert "inference modes were not checked: a SavedModel holds" in served.about.notes[0]


def test_a_subclassed_model_that_loads_is_asked(keras, tmp_path):
    @keras.saving.register_keras_serializable("mine")
    class Mine(keras.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.flat, self.out = keras.layers.Flatten(), keras.layers.Dense(3, activation="softmax")

        def call(self, x):
            return self.out(self.flat(x))

    model = Mine()
    model.build((None, 16, 16, 3))
    wanted = model(X).numpy()
    model.save(tmp_path / "mine.keras")
    served = open_served(tmp_path / "mine.keras")  # its class is known here, because this process defined it
    assert served.about.head.kind == "softmax"
    np.testing.assert_allclose(served.outputs(X), wanted, rtol=1e-4, atol=1e-5)
