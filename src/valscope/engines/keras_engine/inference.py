"""A network in inference mode on batches of any length, its graph built once.

Keras' `predict_on_batch` builds TensorFlow's graph for the length of the first batch, and again for the first
batch of another length: a tenth of a second for a small network, two for MobileNetV2 (two cores), wherever a
last batch is shorter. With the length left open there is one graph.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats
from valscope.engines.keras_engine.backend import keras


class Inference:
    """Calls `model`, which has one input, without training; weights may change between calls."""

    def __init__(self, model: Any) -> None:
        self._model = model
        graphs = keras().backend.backend() == "tensorflow"
        self._call: Callable[[Any], Any] = _any_length(model) if graphs else model.predict_on_batch

    def __call__(self, x: Floats) -> list[NDArray[Any]]:
        """Each output of the model for a batch of inputs (b, ...)."""
        found = self._call(x)
        outputs = found if isinstance(found, list | tuple) else [found]
        return [np.array(keras().ops.convert_to_numpy(output)) for output in outputs]


def _any_length(model: Any) -> Callable[[Any], Any]:
    import tensorflow as tf

    spec = tf.TensorSpec((None, *model.inputs[0].shape[1:]), model.inputs[0].dtype)
    graph: Callable[[Any], Any] = tf.function(
        lambda x: model(x, training=False), input_signature=[spec], autograph=False
    )
    return graph
