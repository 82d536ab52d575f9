"""Whole networks in Keras' JSON: a chain of layers, or layers that branch and merge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from valscope.case.rebuild.layers import Entry, entry, made
from valscope.case.rebuild.notes import Notes, Unknown
from valscope.nouns.network import Layer


def sequential(entries: Sequence[Entry]) -> Entry:
    """A chain; its input is put in front when it is built."""
    own = {"name": "network", "trainable": True, "layers": list(entries)}
    return {"module": "keras", "class_name": "Sequential", "config": own, "registered_name": None}


def functional(layers: Sequence[Layer], notes: Notes) -> Entry:
    """Layers with their connections. Raises Unknown where a layer is used twice or several inputs stand."""
    starts = [n for n, layer in enumerate(layers) if layer.kind == "InputLayer"]
    if len(starts) > 1 or any(layer.shared_with is not None for layer in layers):
        raise Unknown(
            "the network has several inputs or uses a layer twice", "the saved model (.keras or .h5)"
        )
    root = f"l{starts[0]}" if starts else "start"
    entries = (
        [] if starts else [_named(made("InputLayer", {"batch_shape": [None], "dtype": "float32"}), root, [])]
    )
    for n, layer in enumerate(layers):
        if layer.kind == "InputLayer":
            entries.append(_named(made("InputLayer", {"batch_shape": [None], "dtype": "float32"}), root, []))
            continue
        one = (
            sequential([entry(inner, notes) for inner in layer.layers])
            if layer.layers
            else entry(layer, notes)
        )
        entries.append(_named(one, f"l{n}", _feeds(layer, n, root)))
    own = {
        "name": "network", "trainable": True, "layers": entries,
        "input_layers": [[root, 0, 0]], "output_layers": [[f"l{len(layers) - 1}", 0, 0]],
    }  # fmt: skip
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": own,
        "registered_name": "Functional",
    }


def _feeds(layer: Layer, at: int, root: str) -> list[str]:
    if not layer.inputs:
        return [f"l{at - 1}" if at else root]
    return [f"l{name[1:]}" if name.startswith("#") else root for name in layer.inputs]


def _named(one: Entry, name: str, feeds: Sequence[str]) -> Entry:
    one["config"]["name"] = name
    tensors: list[Any] = [
        {"class_name": "__keras_tensor__",
         "config": {"shape": [None], "dtype": "float32", "keras_history": [feed, 0, 0]}} for feed in feeds
    ]  # fmt: skip
    given = [tensors] if len(tensors) > 1 else tensors
    nodes: list[Any] = [{"args": given, "kwargs": {}}] if tensors else []
    return one | {"name": name, "inbound_nodes": nodes}
