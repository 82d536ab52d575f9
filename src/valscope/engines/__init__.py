"""What a training needs from a deep-learning library: two small protocols.

`engines/keras_engine/` is the real one (Keras 3 on TensorFlow, torch or JAX); `engines/toy.py` is a NumPy
network that goes through the same training loop in milliseconds. Nothing outside this folder imports Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from valscope.errors import UsageError
from valscope.nouns.recipe import Recipe

Floats = NDArray[np.float32]
Labels = NDArray[np.int64]


class Net(Protocol):
    """A network that can be trained batch by batch. Inputs are float32, shape (batch, ...); labels are
    class numbers, whatever format the loss wants inside."""

    @property
    def parameters(self) -> int:
        """Number of weights."""

    @property
    def trainable_parameters(self) -> int:
        """Number of weights that the current stage trains."""

    @property
    def has_backbone(self) -> bool:
        """Whether there is a frozen part whose features can be computed once."""

    def start_stage(self, trains: str) -> None:
        """Freeze and unfreeze as `Stage.trains` says, with a fresh optimiser."""

    def features(self, x: Floats) -> Floats:
        """Output of the frozen part in inference mode, the input of `head()`; shape (batch, ...)."""

    def head(self) -> Net:
        """The trainable end as a net of its own on `features`, sharing its weights with this one."""

    def set_rate(self, rate: float) -> None:
        """Set the learning rate."""

    def train_batch(self, x: Floats, y: Labels, weight: Floats | None) -> tuple[float, float]:
        """One step. Returns this batch's mean loss and its accuracy, as seen in training mode."""

    def logits(self, x: Floats) -> Floats:
        """Shape (batch, classes); softmax of it gives the probabilities. Inference mode."""

    def score(self, x: Floats, y: Labels, weight: Floats | None = None) -> tuple[float, Floats]:
        """Mean loss of one batch as the training loss counts it, and the logits. Inference mode."""

    def outputs(self, x: Floats) -> tuple[Floats, Floats]:
        """Logits (batch, classes) and embeddings (batch, d): what the last layer sees, pooled over space."""

    def state(self) -> dict[str, NDArray[Any]]:
        """Everything that decides how training goes on: weights, optimiser, random seeds."""

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a `state()`."""

    def weights(self) -> dict[str, NDArray[Any]]:
        """Everything that decides predictions: weights and moving statistics."""

    def set_weights(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a `weights()`."""

    def save(self, path: Path) -> None:
        """Write the model file of a run."""


class Engine(Protocol):
    """Builds nets from recipes and loads them from files."""

    name: str
    model_file: str

    def build(self, recipe: Recipe, shape: tuple[int, ...]) -> Net:
        """A fresh net for inputs of `shape`, every random start drawn from `recipe.seed`."""

    def load(self, path: Path, recipe: Recipe) -> Net:
        """The net that `Net.save` wrote."""

    def versions(self) -> dict[str, str]:
        """Names and versions of the libraries behind it."""


def get_engine(name: str = "keras") -> Engine:
    """The engine called `name`: "keras" or "toy"."""
    if name == "keras":
        from valscope.engines.keras_engine import KerasEngine

        return KerasEngine()
    if name == "toy":
        from valscope.engines.toy import ToyEngine

        return ToyEngine()
    raise UsageError(f"There is no engine {name!r}; the engines are keras and toy.")
