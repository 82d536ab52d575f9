"""The architecture in a saved file as Keras 3 takes it, whatever Keras wrote it. Pure edits of plain objects."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from valscope import keras2
from valscope.evidence.kinds import canonical

Config = dict[str, Any]
NETWORKS = {
    "Sequential": "keras",
    "Functional": "keras.src.models.functional",
    "Model": "keras.src.models.functional",
}
KEPT = "kept"  # an entry of this name marks a layer whose weights come from the saved file


def modern(config: Mapping[str, Any], version: str = "") -> Config:
    """A whole network as Keras 3 serialises one; `version` of Keras saved it."""
    own = copy.deepcopy(dict(config))
    old = version.startswith("2") if version else "'module'" not in repr(own)
    return _entry(keras2.modern(own, trains=True) if old else own)


def _entry(entry: Config) -> Config:
    """A layer or network with the module that its class stands in, which Keras 2 did not write."""
    kind, own = canonical(str(entry.get("class_name", ""))), dict(entry.get("config") or {})
    if isinstance(own.get("layers"), list):
        own["layers"] = [_entry(dict(layer)) for layer in own["layers"] if isinstance(layer, Mapping)]
        kind = "Functional" if kind == "Model" else kind
    module = entry.get("module") or NETWORKS.get(kind, "keras.layers")
    registered = entry.get("registered_name")
    return {**entry, "module": module, "class_name": kind, "config": own, "registered_name": registered}


def mark_kept(config: Config) -> int:
    """Mark the layers that are saved as not trainable and have weights; those inside a frozen network with it.
    The number of marked layers of the network itself."""
    count = 0
    for layer in config["config"].get("layers", []):
        own = layer["config"]
        if own.get("trainable") is False and weighs(layer):
            layer[KEPT] = True
        elif isinstance(own.get("layers"), list):
            inner = [one for one in own["layers"] if weighs(one)]
            if inner and all(one["config"].get("trainable") is False for one in inner):
                layer[KEPT] = True
            elif mark_kept(layer):
                count += 1
        count += KEPT in layer
    return count


def half_kept(config: Config) -> bool:
    """Whether a network inside is frozen in part only."""
    return any(
        KEPT not in layer
        and isinstance(layer["config"].get("layers"), list)
        and mark_kept(copy.deepcopy(layer)) > 0
        for layer in config["config"].get("layers", [])
    )


def weighs(layer: Config) -> bool:
    """Whether a layer has weights."""
    inner = layer["config"].get("layers")
    if isinstance(inner, list):
        return any(weighs(one) for one in inner)
    kind = str(layer.get("class_name"))
    return kind.startswith(("Dense", "Conv", "SeparableConv", "Depthwise", "BatchNorm", "LayerNorm", "PReLU", "Embed",
                            "LSTM", "GRU", "Normalization", "GroupNorm"))  # fmt: skip
