"""Layers of a network in Keras' JSON, and what feeds what: taking one out, renaming one, putting one at the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Config = dict[str, Any]


def layers_of(config: Config) -> list[Config]:
    """The entries of a network's layers; empty for any other layer."""
    own = config.get("config")
    found = own.get("layers") if isinstance(own, dict) else None
    return found if isinstance(found, list) else []


def take_out(config: Config, entry: Config) -> None:
    """Remove a layer of one input; what it fed is fed by what fed it."""
    layers_of(config).remove(entry)
    name, nodes = _name(entry), entry.get("inbound_nodes")
    if nodes:
        _redirect(config, name, next(histories(nodes))[0])


def _redirect(config: Config, old: str, new: str) -> None:
    for history in histories([layer.get("inbound_nodes") for layer in layers_of(config)]):
        if history[0] == old:
            history[0] = new
    own = config["config"]
    for place in ("output_layers", "input_layers"):
        for history in _ends(own.get(place)):
            if history[0] == old:
                history[0] = new


def histories(value: Any) -> Iterator[list[Any]]:
    """Every [layer, node, tensor] in a list of inbound nodes."""
    if isinstance(value, dict):
        history = value.get("keras_history")
        if isinstance(history, list):
            yield history
        for name, inner in value.items():
            yield from histories(inner) if name != "keras_history" and isinstance(inner, dict | list) else ()
    elif isinstance(value, list):
        if len(value) >= 3 and isinstance(value[0], str) and isinstance(value[1], int):
            yield value
            return
        for inner in value:
            yield from histories(inner)


def _ends(value: Any) -> Iterator[list[Any]]:
    if isinstance(value, list) and value and isinstance(value[0], str):
        yield value
    elif isinstance(value, list):
        for inner in value:
            yield from _ends(inner)


def _name(entry: Config) -> str:
    return str(entry.get("name") or entry["config"].get("name") or "")


def rename(config: Config, entry: Config, name: str) -> None:
    """Give a layer another name, everywhere; one that has this name already gets another."""
    for other in layers_of(config):
        if other is not entry and _name(other) == name:
            rename(config, other, f"{name}_before")
    old = _name(entry)
    entry["config"]["name"] = name
    if "name" in entry or entry.get("inbound_nodes"):
        entry["name"] = name
        _redirect(config, old, name)


def append_activation(config: Config, own: Config) -> None:
    """An Activation layer at the end."""
    entry: Config = {
        "module": "keras.layers",
        "class_name": "Activation",
        "config": own,
        "registered_name": None,
    }
    last = layers_of(config)[-1]
    if last.get("inbound_nodes"):
        tensor = {"class_name": "__keras_tensor__", "config": {
            "shape": [None, None], "dtype": "float32", "keras_history": [_name(last), 0, 0]}}  # fmt: skip
        entry |= {"name": own["name"], "inbound_nodes": [{"args": [tensor], "kwargs": {}}]}
        _redirect_output(config, own["name"])
    layers_of(config).append(entry)


def _redirect_output(config: Config, name: str) -> None:
    for history in _ends(config["config"].get("output_layers")):
        history[0] = name
