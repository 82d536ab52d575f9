"""Shapes, activations and numbers as scripts write them."""

from __future__ import annotations

from typing import Any

from valscope.evidence.script.build.makers import kind_of
from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.values import Call, Function, Value

ACTIVATIONS = {
    "ReLU": "relu", "LeakyReLU": "leaky_relu", "ELU": "elu", "PReLU": "prelu", "Softmax": "softmax",
    "Sigmoid": "sigmoid", "Tanh": "tanh", "LogSoftmax": "log_softmax", "GELU": "gelu", "SiLU": "silu",
}  # fmt: skip


def activation(value: Value | None) -> str | None:
    """ "relu" of 'relu', tf.nn.relu, keras.activations.relu, ReLU(), None when it cannot be told."""
    if value is None or is_none(value):
        return "linear" if value is not None else None
    plain = constant(value)
    if isinstance(plain, str):
        return plain.lower().rpartition(".")[2]
    if isinstance(value, Function):
        return value.name
    if isinstance(value, Call):
        found = kind_of(value)
        return ACTIVATIONS.get(found[0]) if found else None
    name = last_name(value)
    return {"LeakyReLU": "leaky_relu"}.get(name, name) or None


def shape_of(value: Value | None) -> tuple[int | None, ...] | None:
    """A written shape; an entry that is not literal is None, and so is the whole when it is no tuple."""
    from valscope.evidence.script.flow.values import Items

    if isinstance(value, Items) and not value.open:
        plain = [constant(item) for item in value.items]
        return tuple(entry if type(entry) is int else None for entry in plain)
    single = constant(value)
    return (single,) if type(single) is int else None


def border_of(plain: Any) -> tuple[tuple[int, ...], ...] | None:
    """((top, bottom), (left, right)) of the three ways to write it."""
    if type(plain) is int:
        return ((plain, plain), (plain, plain))
    if not isinstance(plain, tuple) or len(plain) != 2:
        return None
    if all(type(entry) is int for entry in plain):
        return ((plain[0], plain[0]), (plain[1], plain[1]))
    if all(isinstance(entry, tuple) and len(entry) == 2 for entry in plain):
        return tuple((int(a), int(b)) for a, b in plain)
    return None


def pair_of(plain: Any) -> tuple[int, ...] | None:
    """(n, n) of n, and a tuple of numbers as it is."""
    if type(plain) is int:
        return (plain, plain)
    if isinstance(plain, tuple) and plain and all(type(entry) is int for entry in plain):
        return plain
    return None


def text_of(value: Value | None) -> str | None:
    """A string, None for anything else."""
    plain = constant(value)
    return plain if isinstance(plain, str) else None
