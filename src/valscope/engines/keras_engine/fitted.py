"""A foreign architecture, given as JSON, made to fit a recipe: its input from the data, its last layer from the
recipe's loss and classes, its first weights from the recipe's seed. Pure edits of plain objects."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

from valscope.engines.keras_engine.wiring import Config, append_activation, layers_of, rename, take_out
from valscope.errors import ModelError

WEIGHTED = ("Dense", "Conv1D", "Conv2D", "Conv3D", "SeparableConv2D", "Conv2DTranspose")
ACTIVATING = ("Activation", "Softmax", "ReLU", "LeakyReLU", "ELU", "PReLU")
GATHERING = ("Flatten", "Global", "AveragePooling", "MaxPooling", "Reshape", "Permute")
# Written by Keras for the shape that the network had when it was saved, and for the machine that saved it.
STALE = (
    "build_config",
    "compile_config",
    "build_input_shape",
    "shared_object_id",
    "batch_input_shape",
    "input_shape",
)


def fitted(text: str, shape: Sequence[int], units: int, activation: str) -> Config:
    """The architecture for inputs of `shape` and this last layer, which is called "output".

    Raises ModelError for a text that is no architecture, or one whose end is no layer with weights.
    """
    config = with_input(unseeded(read(text)), shape)
    return with_output(config, units, activation)


def read(text: str) -> Config:
    """The architecture in a text. Raises ModelError for a text that is none."""
    try:
        config = json.loads(text)
    except ValueError as error:
        raise ModelError(
            f"The recipe's config is not JSON ({error}); give the text of a Keras architecture."
        ) from None
    if not isinstance(config, dict) or not layers_of(config):
        raise ModelError("The recipe's config has no layers; give the text of a Keras architecture.")
    return config


def gathered(text: str) -> tuple[list[Config], str]:
    """A head in two: its first layers as far as they have neither weights nor chance in them, and the rest as text.

    Raises ModelError as `fitted` does.
    """
    config = read(text)
    layers = [entry for entry in layers_of(config) if entry.get("class_name") != "InputLayer"]
    count = gathering(layers)
    own = config["config"] | {"layers": layers[count:]}
    return [_cleaned(entry) for entry in layers[:count]], json.dumps(config | {"config": own})


def gathering(layers: Sequence[Config]) -> int:
    """How many layers at the beginning have neither weights nor chance in them; the last layer is never one."""
    count = 0
    while count < len(layers) - 1 and str(layers[count].get("class_name")).startswith(GATHERING):
        count += 1
    return count


def unseeded(config: Config) -> Config:
    """A copy without seeds of its own and without what belongs to one saved state."""
    found: Config = _cleaned(copy.deepcopy(config))
    return found


def _cleaned(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {k: _cleaned(v) for k, v in value.items() if k not in STALE}
        return kept | {"seed": None} if "seed" in kept else kept
    return [_cleaned(v) for v in value] if isinstance(value, list) else value


def with_input(config: Config, shape: Sequence[int]) -> Config:
    """The network on inputs of this shape, whatever it had before."""
    layers = layers_of(config)
    first = next((entry for entry in layers if entry.get("class_name") == "InputLayer"), None)
    own = {"batch_shape": [None, *shape], "dtype": "float32"}
    if first is None:
        layers.insert(
            0, {"module": "keras.layers", "class_name": "InputLayer", "config": own, "registered_name": None}
        )
    else:
        name = first["config"].get("name")
        first["config"] = own | ({"name": name} if name else {})
    return config


def with_output(config: Config, units: int, activation: str) -> Config:
    """The network with this many outputs and this activation at its end; a layer that only activates goes."""
    holder = _holder(config)
    tail = list(_tail(holder))
    last, after = tail[-1], tail[:-1]
    passing = [entry for entry in after if entry.get("class_name") not in ACTIVATING]
    for entry in after:
        if entry not in passing:
            take_out(holder, entry)
    own = last["config"]
    own["units" if last["class_name"] == "Dense" else "filters"] = units
    own |= {"activation": activation, "trainable": True, "dtype": "float32"}
    rename(holder, last, "output")
    if (
        passing and activation != "linear"
    ):  # an activation before pooling is another network than one after it
        own["activation"] = "linear"
        append_activation(holder, {"activation": activation, "dtype": "float32", "name": "answer"})
    return config


def _holder(config: Config) -> Config:
    """The innermost network whose last layer is the network's end."""
    last = layers_of(config)[-1]
    return _holder(last) if layers_of(last) else config


def _tail(config: Config) -> Iterator[Config]:
    """From the last layer back to the last one that has outputs of its own."""
    for entry in reversed(layers_of(config)):
        yield entry
        if entry.get("class_name") in WEIGHTED:
            return
    raise ModelError(
        "The recipe's config does not end in a Dense or convolution layer; it cannot be given outputs."
    )
