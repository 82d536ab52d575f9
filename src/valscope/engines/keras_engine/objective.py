"""Loss, last activation and label format, kept in agreement; and the faulty pairs that users write."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels
from valscope.engines.keras_engine.backend import keras
from valscope.nouns.recipe import Optimiser, Recipe

CLIP = 1e-7  # keras.config.epsilon(): probabilities are clipped here before a logarithm


class Objective:
    """How one recipe's outputs become a loss, an accuracy and logits."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.classes = len(recipe.classes)
        self.one = recipe.model.outputs == "one"
        self.linear = recipe.model.activation == "linear"
        # whether the loss takes outputs for logits: a fault where the last activation says otherwise
        self.from_logits = self.linear if recipe.from_logits is None else recipe.from_logits
        self.loss = self._loss()

    @property
    def units(self) -> int:
        """Number of output units."""
        return 1 if self.one else self.classes

    @property
    def _by_sign(self) -> bool:
        """Whether one output stands for class 1 above 0, and not above 1/2."""
        return self.linear and self.from_logits

    @property
    def _one_hot(self) -> bool:
        return not self.one and (
            self.recipe.loss != "crossentropy"
            or not (self.linear and self.from_logits)
            or self.recipe.label_smoothing > 0
        )

    def format(self, y: Labels) -> NDArray[Any]:
        """Class numbers in the format that the loss takes."""
        if self.one:
            return y.astype(np.float32)[:, None]
        return np.eye(self.classes, dtype=np.float32)[y] if self._one_hot else y

    def logits(self, outputs: Floats) -> Floats:
        """Outputs as logits, shape (batch, classes): log-probabilities unless the last layer is linear."""
        if self.one:
            z = outputs[:, 0] if self._by_sign else _logit(outputs[:, 0])
            return np.stack([np.zeros_like(z), z], 1).astype(np.float32)
        if self.linear:
            return outputs.astype(np.float32)
        return np.log(np.clip(outputs, CLIP, None)).astype(np.float32)

    def accuracy(self) -> Any:
        """A fresh accuracy metric that fits the label format."""
        metrics = keras().metrics
        if self.one:
            return metrics.BinaryAccuracy(name="right", threshold=0.0 if self._by_sign else 0.5)
        return (
            metrics.CategoricalAccuracy("right")
            if self._one_hot
            else metrics.SparseCategoricalAccuracy("right")
        )

    def _loss(self) -> Any:
        losses = keras().losses
        smoothing = self.recipe.label_smoothing
        if self.recipe.loss == "mse":
            return losses.MeanSquaredError()
        if self.one or self.recipe.loss == "binary_crossentropy":
            return losses.BinaryCrossentropy(from_logits=self.from_logits, label_smoothing=smoothing)
        if self._one_hot:
            return losses.CategoricalCrossentropy(from_logits=self.from_logits, label_smoothing=smoothing)
        return losses.SparseCategoricalCrossentropy(from_logits=True)


def make_optimiser(spec: Optimiser) -> Any:
    """The Keras optimiser that `spec` names; its rate is set before each step."""
    optimisers = keras().optimizers
    classes = {
        "adam": optimisers.Adam, "adamw": optimisers.AdamW, "sgd": optimisers.SGD,
        "rmsprop": optimisers.RMSprop, "adadelta": optimisers.Adadelta, "adagrad": optimisers.Adagrad,
        "nadam": optimisers.Nadam,
    }  # fmt: skip
    options: dict[str, Any] = {"learning_rate": spec.rate or 1e-3, "clipnorm": spec.clip_norm}
    if spec.name in ("sgd", "rmsprop"):
        options["momentum"] = spec.momentum
    if spec.weight_decay:
        options["weight_decay"] = spec.weight_decay
    return classes[spec.name](**options)


def _logit(p: NDArray[Any]) -> NDArray[Any]:
    p = np.clip(p.astype(np.float64), CLIP, 1 - CLIP)
    return np.asarray(np.log(p) - np.log1p(-p))
