"""Networks whose architecture a recipe holds as JSON: whole ones, and heads on a ready-made backbone."""

from __future__ import annotations

from typing import Any

from valscope.engines.keras_engine.backend import keras
from valscope.engines.keras_engine.fitted import fitted, gathered
from valscope.engines.keras_engine.kept import keep_weights, kept_names, split_place
from valscope.errors import ModelError
from valscope.nouns.recipe import ModelSpec

Shape = tuple[int, ...]


def from_config(shape: Shape, outputs: int, spec: ModelSpec) -> Any:
    """Any Keras architecture given as JSON, with its input from the data and its last layer from the recipe. Its
    layers start afresh, but for those that are marked to keep the weights of the file `spec.weights`. Safe mode
    refuses Lambda layers and code of others.

    Raises ModelError where Keras cannot build it.
    """
    config = fitted(spec.config or "", shape, outputs, spec.activation)
    names = kept_names(config)  # before it is built: Keras takes settings out of what it is given
    model = _built(config, "network", shape)
    keep_weights(model, names, spec.weights)
    return model


def divided(model: Any, spec: ModelSpec, shape: Shape, outputs: int) -> tuple[Any, Any, Any] | None:
    """(backbone, head, features) of a network whose first layers keep their weights and whose last ones are a chain:
    what may be frozen, what is trained on its features, and the network that gives them. None for others."""
    if spec.weights == "none":
        return None
    config = fitted(spec.config or "", shape, outputs, spec.activation)
    count = split_place(config)
    if not count:
        return None
    k = keras()
    names = [str(entry.get("name") or entry["config"]["name"]) for entry in config["config"]["layers"]]
    last, behind = model.get_layer(names[-count - 1]), [model.get_layer(name) for name in names[-count:]]
    # not last.output: of a network used as a layer that is its own output, and not that of its call here
    vectors = last._inbound_nodes[-1].output_tensors[0]
    features = k.Model(model.inputs[0], vectors)
    # not called "head": its embeddings are what the last layer sees, as those of the model that is saved
    head = k.Sequential([k.Input(vectors.shape[1:]), *behind], name="tail")
    networks = [layer for layer in features.layers if getattr(layer, "layers", None)]
    return networks[0] if len(networks) == 1 else features, head, features


def pool_and_head(spec: ModelSpec, shape: Shape, outputs: int) -> tuple[Any, Any]:
    """What stands behind a backbone whose output has `shape`: the layers that only gather its features, and the
    head that is trained on them. Raises ModelError as `from_config` does."""
    k = keras()
    gathering, config = gathered(spec.config or "")
    chain = [k.saving.deserialize_keras_object(layer, safe_mode=True) for layer in gathering]
    pool = k.Sequential([k.Input(shape), *(chain or [k.layers.Identity()])], name="pool")
    features = pool.output_shape[1:]
    return pool, _built(fitted(config, features, outputs, spec.activation), "head", features)


def _built(config: Any, name: str, shape: Shape) -> Any:
    config["config"]["name"] = name
    try:
        return keras().saving.deserialize_keras_object(config, safe_mode=True)
    except Exception as error:  # Keras raises almost anything for a shape or a setting that does not fit
        reason = _first_line(error)
        raise ModelError(f"The recipe's network cannot be built on inputs of {shape}: {reason}") from None


def _first_line(error: Exception) -> str:
    text = str(error).strip()
    return text.splitlines()[0][:300] if text else type(error).__name__
