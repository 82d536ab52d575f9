"""Whole models that Keras 2 saved as HDF5: the architecture rewritten, the weights put in their places by name.

Keras 3 fills weights in by position. Keras 2 wrote those of a nested model in an order that depends on what was
frozen when it was saved, so that gamma and moving variance, which have one shape, could change places unseen.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines.keras_engine.backend import keras
from valscope.errors import ModelError
from valscope.keras2 import modern

Named = list[tuple[str, NDArray[Any]]]


def written_by(path: Path) -> str:
    """Version of Keras that wrote an HDF5 file, "" where it does not say or is no such file."""
    import h5py

    try:
        with h5py.File(path, "r") as file:
            inner = file.get("model_weights")
            about = [file.attrs, *([inner.attrs] if inner is not None else [])]
            return next((_text(a["keras_version"]) for a in about if "keras_version" in a), "")
    except OSError:
        return ""


def is_old(version: str) -> bool:
    """Whether that is Keras 1 or 2, under TensorFlow's name or its own."""
    return version[:2] in ("1.", "2.")


def load_old(path: Path, version: str) -> Any:
    """The model, uncompiled. Raises ModelError for what cannot be rewritten; whatever Keras raises for the rest."""
    import h5py

    if version.startswith("1."):
        raise ModelError(
            f"{path} was written by Keras {version}, whose layers later versions do not know; load it in Keras 2.0 to "
            "2.3 and save it again."
        )
    with h5py.File(path, "r") as file:
        config = modern(json.loads(_text(file.attrs["model_config"])))
        build = keras().Sequential if config["class_name"] == "Sequential" else keras().Model
        with warnings.catch_warnings():  # what Keras would write in another way today
            warnings.simplefilter("ignore")
            model = build.from_config(config["config"])
        groups = [
            _weights(file["model_weights"], name) for name in _names(file["model_weights"], "layer_names")
        ]
        _fill(model, [named for named in groups if named], str(path))
    return model


def _weights(group: Any, layer: str) -> Named:
    inner = group[layer]
    return [(name, np.asarray(inner[name])) for name in _names(inner, "weight_names")]


def _names(group: Any, what: str) -> list[str]:
    """A list of names, which a large one has in pieces."""
    if what in group.attrs:
        return [_text(name) for name in group.attrs[what]]
    found: list[str] = []
    for piece in count():
        if f"{what}{piece}" not in group.attrs:
            return found
        found += [_text(name) for name in group.attrs[f"{what}{piece}"]]
    return found


def _fill(model: Any, groups: list[Named], path: str) -> None:
    """By name where every name has one variable of its shape, else by position."""
    named = [item for group in groups for item in group]
    places = _places(model)
    found = [_place(name, value.shape, places) for name, value in named]
    variables = [v for v in found if v is not None]
    if len(variables) == len(named) == len(places) and len({id(v) for v in variables}) == len(named):
        for variable, (_, value) in zip(variables, named, strict=True):
            variable.assign(value)
        return
    _in_order(model, groups, path)


def _places(model: Any) -> list[tuple[str, str, Any]]:
    """(name of the layer, name of the variable, variable) of everything that a file holds."""
    return [
        (layer.name, v.name, v) for layer in _leaves(model) for v in layer.weights if "seed" not in v.name
    ]


def _leaves(model: Any) -> Iterator[Any]:
    for layer in model.layers:
        if getattr(layer, "layers", None):
            yield from _leaves(layer)
        else:
            yield layer


def _place(name: str, shape: tuple[int, ...], places: list[tuple[str, str, Any]]) -> Any:
    """The one variable that a name such as "small_net/block1_bn/gamma:0" means."""
    *above, last = name.split(":")[0].split("/")
    fitting = [v for layer, own, v in places if own == last and layer in above and tuple(v.shape) == shape]
    return fitting[0] if len(fitting) == 1 else None


def _in_order(model: Any, groups: list[Named], path: str) -> None:
    """Layer by layer: what is trained before what is not, as Keras 2 wrote it."""
    layers = [layer for layer in model.layers if _ordered(layer)]
    if len(layers) != len(groups):
        raise ModelError(
            f"{path} has weights for {len(groups)} layers, but its architecture has {len(layers)}."
        )
    for layer, named in zip(layers, groups, strict=True):
        wanted = _ordered(layer)
        if [tuple(v.shape) for v in wanted] != [value.shape for _, value in named]:
            raise ModelError(f"{path} has weights of other shapes than its layer {layer.name}.")
        for variable, (_, value) in zip(wanted, named, strict=True):
            variable.assign(value)


def _ordered(layer: Any) -> list[Any]:
    every = [*layer.trainable_weights, *layer.non_trainable_weights]
    return [v for v in every if "seed" not in v.name]


def _text(value: Any) -> str:
    return value.decode("utf-8") if isinstance(value, bytes) else str(value)
