"""A trained network as it is served: pixels in, calibrated probabilities out."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np

from valscope.data.pixels import scale
from valscope.engines.keras_engine.backend import keras
from valscope.engines.keras_engine.net import KerasNet
from valscope.engines.keras_engine.objective import CLIP
from valscope.nouns.preparation import Preparation

INPUT, OUTPUT = "pixels", "probabilities"


def serving_model(net: KerasNet, preparation: Preparation | None, temperature: float) -> Any:
    """The network with the scale and channel order of `preparation` before it and a calibrated softmax behind it.

    Input: (n, height, width, channels), uint8 or float32 levels 0..255 in RGB order; without a preparation, whatever
    the network itself takes. Output: (n, classes). Only layers and operations of Keras itself, so that the file
    loads anywhere without valscope.
    """
    k = keras()
    model = _in_float32(net)
    inputs = k.Input(model.input_shape[1:], name=INPUT)
    outputs = model(inputs if preparation is None else _prepared(inputs, preparation), training=False)
    logits = _logits(outputs, net)
    if temperature != 1.0:
        logits = k.layers.Rescaling(1 / temperature, name="temperature")(logits)
    return k.Model(inputs, k.layers.Softmax(name=OUTPUT)(logits), name="served")


def _prepared(inputs: Any, preparation: Preparation) -> Any:
    """What `scale.apply` does. An affine map of three channels, their order included, is a 1 x 1 convolution."""
    k = keras()
    scaling = scale.affine(preparation)
    kernel = np.eye(preparation.channels, dtype=np.float32)
    if preparation.order == "bgr":
        kernel = kernel[:, ::-1]
    if scaling is None:
        inputs = _by_own(inputs, preparation.scale)
        scaling = np.ones(preparation.channels, np.float32), np.zeros(preparation.channels, np.float32)
        if preparation.order == "rgb":
            return inputs
    layer = k.layers.Conv2D(preparation.channels, 1, trainable=False, name="preparation")
    prepared = layer(inputs)
    layer.set_weights([(kernel * scaling[0])[None, None], scaling[1]])
    return prepared


def _by_own(inputs: Any, name: str) -> Any:
    """Each image by its own maximum, or by its own mean and deviation."""
    ops = keras().ops
    over: dict[str, Any] = {"axis": (1, 2, 3), "keepdims": True}
    if name == "image_max":
        return inputs / ops.maximum(ops.max(inputs, **over), 1.0)
    least = 1 / math.sqrt(math.prod(inputs.shape[1:]))
    return (inputs - ops.mean(inputs, **over)) / ops.maximum(ops.std(inputs, **over), least)


def _logits(outputs: Any, net: KerasNet) -> Any:
    """As `Objective.logits`, in the graph."""
    ops = keras().ops
    linear = net.recipe.model.activation == "linear"
    if net.recipe.model.outputs == "one":
        z = outputs if linear else _logit(outputs)
        return ops.concatenate([ops.zeros_like(z), z], axis=-1)
    return outputs if linear else ops.log(ops.maximum(outputs, CLIP))


def _logit(p: Any) -> Any:
    """Exact at both ends in float32, where 1 - CLIP is not CLIP away from 1."""
    ops = keras().ops
    return ops.log(ops.maximum(p, CLIP)) - ops.log(ops.maximum(1.0 - p, CLIP))


def _in_float32(net: KerasNet) -> Any:
    """The network computing in float32: other runtimes know nothing of mixed precision."""
    if net.recipe.precision == "float32":
        return net.model
    saving = keras().saving
    config = json.dumps(saving.serialize_keras_object(net.model)).replace(
        f'"{net.recipe.precision}"', '"float32"'
    )
    model = saving.deserialize_keras_object(json.loads(config))
    model.set_weights(net.model.get_weights())
    return model
