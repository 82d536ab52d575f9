"""A Keras model behind the `Net` protocol."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats, Labels
from valscope.engines.keras_engine.backend import keras, random_state, seeded, set_random_state
from valscope.engines.keras_engine.inference import Inference
from valscope.engines.keras_engine.objective import Objective, make_optimiser
from valscope.nouns.recipe import Recipe


class KerasNet:
    """model      prepared images -> output; what is saved and served.
    backbone   the part that may be frozen, or None.
    head       features -> output, sharing its layers with `model`, or None.
    augment    image -> image, used in training only, or None.
    """

    def __init__(
        self,
        recipe: Recipe,
        model: Any,
        backbone: Any = None,
        head: Any = None,
        pool: Any = None,
        augment: Any = None,
    ) -> None:
        self.recipe, self.model = recipe, model
        self.objective = Objective(recipe)
        self._backbone, self._head = backbone, head
        self._features = None if pool is None else Inference(pool)
        self._trainer = model
        if augment is not None:
            k = keras()
            inputs = k.Input(model.input_shape[1:])
            self._trainer = k.Model(inputs, model(augment(inputs)))
        self._inference: Inference | None = None

    @property
    def parameters(self) -> int:
        """Number of weights."""
        return int(self.model.count_params())

    @property
    def trainable_parameters(self) -> int:
        """Number of weights that the current stage trains."""
        return sum(int(np.prod(w.shape)) for w in self._trainer.trainable_weights)

    @property
    def has_backbone(self) -> bool:
        """Whether there is a frozen part whose features can be computed once."""
        return self._backbone is not None

    def start_stage(self, trains: str) -> None:
        """Freeze and unfreeze, then compile with a fresh optimiser."""
        if self._backbone is not None:
            _unfreeze(self._backbone, trains)
            if self.recipe.model.batchnorm == "inference":
                _still(self._backbone)
        with seeded(self.recipe.seed, self.recipe.precision):
            self._trainer.compile(
                optimizer=make_optimiser(self.recipe.optimiser),
                loss=self.objective.loss,
                metrics=[self.objective.accuracy()],
                jit_compile=False,
            )
            self._trainer.optimizer.build(self._trainer.trainable_variables)

    def features(self, x: Floats) -> Floats:
        """The backbone's pooled output, shape (batch, d)."""
        if self._features is None:
            raise ValueError(f"{self.model.name} has no frozen part")
        return self._features(x)[0]

    def head(self) -> KerasNet:
        """The head on features; compiled, sharing its layers with this net."""
        net = KerasNet(self.recipe, self._head)
        net.start_stage("all")
        return net

    def set_rate(self, rate: float) -> None:
        """Set the learning rate."""
        self._trainer.optimizer.learning_rate = rate

    def train_batch(self, x: Floats, y: Labels, weight: Floats | None) -> tuple[float, float]:
        """One step. Returns the batch's mean loss and accuracy in training mode."""
        self._trainer.reset_metrics()
        result = self._trainer.train_on_batch(x, self.objective.format(y), weight, return_dict=True)
        return float(result["loss"]), float(result["right"])

    def logits(self, x: Floats) -> Floats:
        """Shape (batch, classes)."""
        return self.objective.logits(self._outputs(x)[0])

    def score(self, x: Floats, y: Labels, weight: Floats | None = None) -> tuple[float, Floats]:
        """Mean loss and logits of one batch in inference mode."""
        outputs = self._outputs(x)[0]
        if self.recipe.model.activation == "linear":
            loss = self.objective.loss(self.objective.format(y), outputs, sample_weight=weight)
            return float(keras().ops.convert_to_numpy(loss)), self.objective.logits(outputs)
        # Keras takes the logits behind a softmax where it still has them; only its own step sees those.
        self._trainer.reset_metrics()
        result = self._trainer.test_on_batch(x, self.objective.format(y), weight, return_dict=True)
        return float(result["loss"]), self.objective.logits(outputs)

    def outputs(self, x: Floats) -> tuple[Floats, Floats]:
        """Logits (batch, classes) and embeddings (batch, d): what the head gets where there is one, else what
        the last layer sees, pooled over space."""
        outputs, embeddings = self._outputs(x)
        return self.objective.logits(outputs), embeddings

    def _outputs(self, x: Floats) -> tuple[NDArray[Any], NDArray[Any]]:
        """What the network says itself, and the embeddings: one graph for all that is not training."""
        if self._inference is None:
            whole = self.model.name != "head"
            self._inference = Inference(_two_ended(self.model) if whole else self.model)
        found = self._inference(x)
        return (found[0], found[1]) if len(found) > 1 else (found[0], x)

    def state(self) -> dict[str, NDArray[Any]]:
        """Weights, moving statistics, seed generators and the optimiser's variables."""
        variables = {f"v{i}": v for i, v in enumerate(self._trainer.variables)}
        moments = {f"o{i}": v for i, v in enumerate(self._trainer.optimizer.variables)}
        drawn = random_state()
        own = {} if drawn is None else {"random": drawn}
        return {name: _array(v) for name, v in {**variables, **moments}.items()} | own

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a `state()`."""
        for i, variable in enumerate(self._trainer.variables):
            variable.assign(state[f"v{i}"])
        for i, variable in enumerate(self._trainer.optimizer.variables):
            variable.assign(state[f"o{i}"])
        if "random" in state:
            set_random_state(state["random"])

    def weights(self) -> dict[str, NDArray[Any]]:
        """Weights and moving statistics."""
        return {f"w{i}": _array(w) for i, w in enumerate(self.model.weights)}

    def set_weights(self, weights: Mapping[str, NDArray[Any]]) -> None:
        """Go back to a `weights()`."""
        for i, variable in enumerate(self.model.weights):
            variable.assign(weights[f"w{i}"])

    def save(self, path: Path) -> None:
        """Write the model as `.keras`."""
        self.model.save(path)


def _array(tensor: Any) -> NDArray[Any]:
    return np.array(keras().ops.convert_to_numpy(tensor))


def _unfreeze(backbone: Any, trains: str) -> None:
    """`trains`: "all", "head", "top:N", N counting backbone layers that have weights, or "from:N", N counting all."""
    backbone.trainable = trains != "head"
    if trains.startswith("from:"):
        for layer in backbone.layers[: int(trains[5:])]:
            layer.trainable = False
        return
    if not trains.startswith("top:"):
        return
    weighted = [layer for layer in backbone.layers if layer.weights]
    for layer in weighted[: max(0, len(weighted) - int(trains[4:]))]:
        layer.trainable = False


def _still(backbone: Any) -> None:
    """Keep BatchNorm on its stored statistics. Calling the backbone with training=False does not: while the
    model trains, Keras 3.15 passes training=True on to nested models (functional.py, operation_fn)."""
    for layer in backbone.layers:
        if isinstance(layer, keras().layers.BatchNormalization):
            layer.trainable = False


def _two_ended(model: Any) -> Any:
    """The model with a second output: the input of its last layer or last network, averaged over space."""
    k = keras()
    last = model.layers[-1]
    # a layer may be called in several networks: its call in this one gives this one's output
    calls = last._inbound_nodes
    call = next((c for c in calls if any(t is model.outputs[0] for t in c.output_tensors)), calls[-1])
    tensor = call.input_tensors[0]
    if isinstance(tensor, list):
        tensor = tensor[0]
    while len(tensor.shape) > 2:
        tensor = k.ops.mean(tensor, axis=1)
    # not model.input: in a Sequential that belongs to another call of it
    return k.Model(model.inputs[0], [model.outputs[0], tensor])
