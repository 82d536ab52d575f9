"""Edits of an architecture written as JSON."""

from __future__ import annotations

import json

import pytest

from valscope import architecture


def layer(kind: str, **config: object) -> dict[str, object]:
    return {"class_name": kind, "config": {"name": kind.lower(), "trainable": True, **config}}


def network(*layers: dict[str, object], trainable: bool = True) -> dict[str, object]:
    return {"class_name": "Sequential", "config": {"trainable": trainable, "layers": list(layers)}}


BACKBONE = network(
    layer("Conv2D", trainable=False),
    layer("BatchNormalization", trainable=False, momentum=0.99),
    trainable=False,
)
CONFIG = json.dumps(
    network(BACKBONE, layer("Flatten"), layer("Dense", units=3), layer("Activation", activation="softmax"))
)


def test_what_it_holds() -> None:
    assert "BatchNormalization" in architecture.kinds(CONFIG)
    assert architecture.settings(CONFIG, "BatchNormalization", "momentum") == (0.99,)
    assert architecture.output(CONFIG) == architecture.Output(3, "softmax")
    assert architecture.frozen(CONFIG) == 1
    assert architecture.networks(CONFIG) == ("", "")


def test_thawing_leaves_batchnorm_in_inference() -> None:
    thawed = architecture.thawed(CONFIG)
    assert architecture.frozen(thawed) == 0
    assert architecture.settings(thawed, "BatchNormalization", "trainable") == (False,)
    assert architecture.settings(thawed, "Conv2D", "trainable") == (True,)


def test_one_activation_at_the_end() -> None:
    changed = architecture.with_activation(CONFIG, "sigmoid")
    assert architecture.output(changed) == architecture.Output(3, "sigmoid")
    assert architecture.settings(changed, "Activation", "activation") == ("linear",)
    assert architecture.output(CONFIG).activation == "softmax"


def test_an_end_that_is_no_dense_layer_is_not_known() -> None:
    config = json.dumps(network(layer("Conv2D"), layer("LSTM", units=4)))
    assert architecture.output(config) == architecture.Output(None, None)


@pytest.mark.keras
def test_keras_builds_what_was_edited() -> None:
    import keras

    inner = keras.Sequential(
        [keras.Input((8, 8, 3)), keras.layers.Conv2D(4, 3), keras.layers.BatchNormalization()]
    )
    inner.trainable = False
    end = [keras.layers.Flatten(), keras.layers.Dense(3), keras.layers.Softmax()]
    model = keras.Sequential([keras.Input((8, 8, 3)), inner, *end])
    text = json.dumps(keras.saving.serialize_keras_object(model))
    assert architecture.output(text) == architecture.Output(3, "softmax")
    edited = architecture.with_activation(architecture.thawed(text), "sigmoid")
    built = keras.saving.deserialize_keras_object(json.loads(edited))
    assert len(built.trainable_weights) == 4
    assert not built.layers[0].layers[1].trainable
    assert built.layers[2].activation.__name__ == "sigmoid"
