"""Arithmetic on tensors inside a saved network, and what feeds a layer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from valscope.nouns.network import Layer

# Arithmetic as layers: of tf.keras ("math.truediv") and of Keras 3 ("TrueDivide").
_SIGNS = {
    "truediv": "/", "divide": "/", "truedivide": "/", "multiply": "*", "mul": "*", "subtract": "-", "sub": "-",
    "add": "+",
}  # fmt: skip


def operation(layer: Layer, entry: Mapping[str, Any], kind: str, config: Mapping[str, Any]) -> Layer:
    """Arithmetic on tensors; with one number in it, it is a scaling."""
    function = str(config.get("function") or config.get("name") or kind) if kind == "TFOpLambda" else kind
    sign = _SIGNS.get(function.rpartition(".")[2].lower().replace("_", ""))
    number = _operand(entry)
    if sign is None or number is None:
        return layer.but(kind="Operation", name=sign or function.rpartition(".")[2])
    scale, offset = {"/": (1 / number if number else None, 0.0), "*": (number, 0.0),
                     "+": (1.0, number), "-": (1.0, -number)}[sign]  # fmt: skip
    return layer.but(kind="Operation", name=sign, scale=scale, offset=offset)


def _operand(entry: Mapping[str, Any]) -> float | None:
    """The one number among an operation's arguments."""
    for node in _nodes(entry):
        given = [value for arguments in _arguments(node) for value in arguments]
        found = [
            float(value) for value in given if isinstance(value, int | float) and not isinstance(value, bool)
        ]
        if len(found) == 1:
            return found[0]
    return None


def _arguments(node: Any) -> Iterator[list[Any]]:
    """Arguments that are no tensors, of one call: Keras 3 writes {"args", "kwargs"}, Keras 2 [name, 0, 0, {...}]
    or a list of such."""
    if isinstance(node, Mapping):
        args, kwargs = node.get("args"), node.get("kwargs")
        yield [
            *(args if isinstance(args, list) else []),
            *(kwargs.values() if isinstance(kwargs, Mapping) else []),
        ]
        return
    for call in node if node and isinstance(node[0], list) else [node]:
        if isinstance(call, list) and len(call) > 3 and isinstance(call[3], Mapping):
            yield list(call[3].values())


def _nodes(entry: Mapping[str, Any]) -> list[Any]:
    nodes = entry.get("inbound_nodes")
    return [node for node in nodes if isinstance(node, Mapping | list)] if isinstance(nodes, list) else []


def inbound(entry: Mapping[str, Any]) -> list[str]:
    """Names of the layers that feed this one, at its first call."""
    nodes = _nodes(entry)
    return list(_tensors(nodes[0])) if nodes else []


def _tensors(node: Any, depth: int = 0) -> Iterator[str]:
    if depth > 8:
        return
    if isinstance(node, Mapping):
        history = node.get("keras_history")
        if isinstance(history, list) and history:
            yield str(history[0])
            return
        for key in ("args", "kwargs", "config"):
            yield from _tensors(node.get(key), depth + 1)
        if "args" not in node and "config" not in node:
            for value in node.values():
                yield from _tensors(value, depth + 1) if isinstance(value, Mapping | list) else ()
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and all(isinstance(n, int) for n in node[1:3]):
            yield node[0]
            return
        for value in node:
            yield from _tensors(value, depth + 1)


def training_of(entry: Mapping[str, Any]) -> bool | None:
    """The argument training=, where the network was built with one that is fixed."""
    for node in _nodes(entry)[:1]:
        if isinstance(node, Mapping):
            words = node.get("kwargs")
        else:
            calls = node if node and isinstance(node[0], list) else [node]
            words = next((call[3] for call in calls if isinstance(call, list) and len(call) > 3), None)
        value = words.get("training") if isinstance(words, Mapping) else None
        return value if isinstance(value, bool) else None
    return None


def number_of(value: Any) -> float | None:
    """A number as float, None for anything else."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
