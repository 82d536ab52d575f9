"""The architecture in a saved file as Keras 3 takes it, whatever Keras wrote it. Pure edits of plain objects."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from valscope.evidence.kinds import canonical

Config = dict[str, Any]
NETWORKS = {
    "Sequential": "keras",
    "Functional": "keras.src.models.functional",
    "Model": "keras.src.models.functional",
}
# Settings of Keras 1 and 2 that no layer of Keras 3 takes.
GONE = ("batch_input_shape", "ragged", "sparse", "implementation", "time_major", "renorm", "renorm_clipping",
        "renorm_momentum", "fused", "virtual_batch_size", "adjustment", "input_dtype", "trainable_weights")  # fmt: skip
KEPT = "kept"  # an entry of this name marks a layer whose weights come from the saved file


def modern(config: Mapping[str, Any]) -> Config:
    """A whole network as Keras 3 serialises one."""
    return _entry(copy.deepcopy(dict(config)))


def _entry(entry: Config) -> Config:
    kind = canonical(str(entry.get("class_name", "")))
    own = entry.get("config")
    if isinstance(own, list):  # Keras 1 and early 2 wrote a Sequential's layers alone
        own = {"layers": own}
    own = _settings(kind, dict(own) if isinstance(own, Mapping) else {}, "module" in entry)
    if isinstance(own.get("layers"), list):
        listed = [dict(layer) for layer in own["layers"] if isinstance(layer, Mapping)]
        own["layers"] = [*_start(listed), *map(_entry, listed)]
        kind = "Functional" if kind == "Model" else kind
    module = entry.get("module") or NETWORKS.get(kind, "keras.layers")
    registered = entry.get("registered_name")
    return {**entry, "module": module, "class_name": kind, "config": own, "registered_name": registered}


def _settings(kind: str, own: Config, written_by_3: bool) -> Config:
    if written_by_3:
        return own
    shape = own.get("batch_input_shape") or own.get("batch_shape")
    kept = {k: v for k, v in own.items() if k not in GONE}
    if kind == "InputLayer" and shape is not None:
        return {"batch_shape": shape, "dtype": "float32", "name": own.get("name")}
    if isinstance(kept.get("dtype"), Mapping):
        del kept["dtype"]
    if kind == "BatchNormalization" and isinstance(kept.get("axis"), list):
        kept["axis"] = kept["axis"][0]
    if kind == "LeakyReLU" and "alpha" in kept:
        kept["negative_slope"] = kept.pop("alpha")
    return kept


def _start(layers: list[Config]) -> list[Config]:
    """The input of a Sequential of Keras 2, which has its shape on its first layer."""
    first = layers[0] if layers else {}
    shape = (first.get("config") or {}).get("batch_input_shape")
    if shape is None or first.get("class_name") == "InputLayer" or first.get("inbound_nodes"):
        return []
    own = {"batch_shape": shape, "dtype": "float32"}
    return [{"module": "keras.layers", "class_name": "InputLayer", "registered_name": None, "config": own}]


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
