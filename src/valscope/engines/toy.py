"""A small NumPy network behind the same protocol as Keras: one hidden layer, Adam or SGD, dropout, noise as
augmentation. It exists so that feeding, resuming, early stopping and the rules are tested in milliseconds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels
from valscope.nouns.recipe import Recipe

SIDE = 8  # images are averaged down to SIDE x SIDE before the first layer
HIDDEN = 32


class ToyEngine:
    """Builds and loads `ToyNet`."""

    name = "toy"
    model_file = "model.npz"

    def build(self, recipe: Recipe, shape: tuple[int, ...]) -> ToyNet:
        """A fresh net, drawn from the recipe's seed; its images are averaged down to SIDE x SIDE."""
        return ToyNet(recipe, _fresh(recipe, shape))

    def load(self, path: Path, recipe: Recipe) -> ToyNet:
        """The net that `ToyNet.save` wrote."""
        with np.load(path, allow_pickle=False) as file:
            return ToyNet(recipe, dict(file))

    def versions(self) -> dict[str, str]:
        """NumPy's version."""
        return {"numpy": np.__version__}


class ToyNet:
    """input -> relu(HIDDEN) -> dropout -> logits, trained with softmax cross-entropy."""

    def __init__(self, recipe: Recipe, weights: dict[str, NDArray[Any]]) -> None:
        self.recipe = recipe
        self.rng = np.random.default_rng([recipe.seed, 7])
        self._weights = weights
        self._moments: dict[str, NDArray[Any]] = {}
        self._rate = recipe.optimiser.rate or 1e-2
        self._steps = 0

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return sum(w.size for w in self._weights.values())

    @property
    def trainable_parameters(self) -> int:
        """All of them."""
        return self.parameters

    @property
    def has_backbone(self) -> bool:
        """False: everything is trained."""
        return False

    def start_stage(self, trains: str) -> None:
        """Forget the optimiser's moments."""
        self._moments, self._steps = {}, 0

    def features(self, x: Floats) -> Floats:
        """Images averaged down and centred; vectors as they are."""
        if x.ndim == 2:
            return x
        height, width = x.shape[1:3]
        rows = np.linspace(0, height, min(SIDE, height) + 1).astype(int)[:-1]
        columns = np.linspace(0, width, min(SIDE, width) + 1).astype(int)[:-1]
        sums = np.add.reduceat(np.add.reduceat(x, rows, axis=1), columns, axis=2)
        area = (height / len(rows)) * (width / len(columns))
        return np.asarray((sums / area).reshape(len(x), -1), dtype=np.float32)

    def head(self) -> ToyNet:
        """Itself: its features are idempotent."""
        return self

    def set_rate(self, rate: float) -> None:
        """Set the learning rate."""
        self._rate = rate

    def train_batch(self, x: Floats, y: Labels, weight: Floats | None) -> tuple[float, float]:
        """One gradient step with dropout and, if the recipe augments, pixel noise."""
        f = self.features(x)
        if self.recipe.augmentation:
            f = f + self.rng.normal(0, 0.05, f.shape).astype(np.float32)
        w = self._weights
        hidden = np.maximum(f @ w["a"] + w["b"], 0)
        keep = 1.0 - self.recipe.model.dropout
        mask = (self.rng.random(hidden.shape) < keep).astype(np.float32) / keep
        dropped = hidden * mask
        logits = dropped @ w["c"] + w["d"]
        sample = np.ones(len(y), np.float32) if weight is None else weight
        p = _softmax(logits)
        error = (p - np.eye(len(self.recipe.classes), dtype=np.float32)[y]) * sample[:, None] / len(y)
        back = (error @ w["c"].T) * mask * (hidden > 0)
        self._update({"a": f.T @ back, "b": back.sum(0), "c": dropped.T @ error, "d": error.sum(0)})
        losses = -np.log(np.clip(p[np.arange(len(y)), y], 1e-7, 1)) * sample
        return float(losses.mean()), float((p.argmax(1) == y).mean())

    def logits(self, x: Floats) -> Floats:
        """Shape (batch, classes)."""
        return self.outputs(x)[0]

    def score(self, x: Floats, y: Labels, weight: Floats | None = None) -> tuple[float, Floats]:
        """Mean cross-entropy of a batch, and its logits."""
        logits = self.logits(x)
        p = np.clip(_softmax(logits)[np.arange(len(y)), y], 1e-7, 1)
        return float(np.mean(-np.log(p) * (1.0 if weight is None else weight))), logits

    def outputs(self, x: Floats) -> tuple[Floats, Floats]:
        """Logits, and the hidden layer of shape (batch, HIDDEN)."""
        w = self._weights
        hidden = np.maximum(self.features(x) @ w["a"] + w["b"], 0)
        return np.asarray(hidden @ w["c"] + w["d"], np.float32), np.asarray(hidden, np.float32)

    def state(self) -> dict[str, NDArray[Any]]:
        """Weights, moments, step count and the generator's state."""
        rng = np.frombuffer(json.dumps(self.rng.bit_generator.state).encode(), np.uint8)
        return {
            **{f"w/{k}": v.copy() for k, v in self._weights.items()},
            **{f"m/{k}": v.copy() for k, v in self._moments.items()},
            "steps": np.array(self._steps), "rng": rng,
        }  # fmt: skip

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a `state()`."""
        self._weights = {k[2:]: v.copy() for k, v in state.items() if k.startswith("w/")}
        self._moments = {k[2:]: v.copy() for k, v in state.items() if k.startswith("m/")}
        self._steps = int(state["steps"])
        self.rng.bit_generator.state = json.loads(bytes(state["rng"].tobytes()).decode())

    def weights(self) -> dict[str, NDArray[Any]]:
        """Copies of the four arrays."""
        return {k: v.copy() for k, v in self._weights.items()}

    def set_weights(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Take copies of the four arrays."""
        self._weights = {k: np.asarray(v).copy() for k, v in weights.items()}

    def save(self, path: Path) -> None:
        """Write the four arrays."""
        with path.open("wb") as file:
            np.savez(file, **cast(Any, self._weights))

    def _update(self, gradients: dict[str, Any]) -> None:
        self._steps += 1
        for name, gradient in gradients.items():
            if self.recipe.optimiser.name == "sgd":
                self._weights[name] = self._weights[name] - np.float32(self._rate) * gradient
                continue
            first = self._moments.get(f"1{name}", 0) * 0.9 + 0.1 * gradient
            second = self._moments.get(f"2{name}", 0) * 0.999 + 0.001 * gradient**2
            self._moments[f"1{name}"], self._moments[f"2{name}"] = first, second
            step = (first / (1 - 0.9**self._steps)) / (np.sqrt(second / (1 - 0.999**self._steps)) + 1e-7)
            self._weights[name] = (self._weights[name] - self._rate * step).astype(np.float32)


def _fresh(recipe: Recipe, shape: tuple[int, ...]) -> dict[str, NDArray[Any]]:
    """Weights drawn from the recipe's seed for inputs of `shape`."""
    rng = np.random.default_rng([recipe.seed, 3])
    k = len(recipe.classes)
    inputs = shape[0] if len(shape) == 1 else min(SIDE, shape[0]) * min(SIDE, shape[1]) * shape[2]
    return {
        "a": (rng.normal(size=(inputs, HIDDEN)) * np.sqrt(2 / inputs)).astype(np.float32),
        "b": np.zeros(HIDDEN, np.float32),
        "c": (rng.normal(size=(HIDDEN, k)) * np.sqrt(1 / HIDDEN)).astype(np.float32),
        "d": np.zeros(k, np.float32),
    }


def _softmax(logits: Floats) -> Floats:
    shifted = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(shifted / shifted.sum(1, keepdims=True), dtype=np.float32)
