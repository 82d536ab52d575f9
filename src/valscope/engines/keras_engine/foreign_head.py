"""Which outputs of a model classify, and what kind of numbers they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.served import Head, HeadKind

_PASSING = ("Reshape", "Flatten", "Dropout", "Identity", "Squeeze", "GetItem", "Cast")


@dataclass(frozen=True, slots=True)
class Chosen:
    """An output of a model.

    place  position or key among several outputs, None where there is one.
    head   None where no layer tells what kind of numbers it gives.
    """

    place: int | str | None
    outputs: int
    head: Head | None
    name: str = ""
    others: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def pick(self, found: Any) -> Any:
        """The chosen one of what the model returned."""
        if isinstance(found, dict):
            return found[self.place] if self.place in found else next(iter(found.values()))
        if isinstance(found, list | tuple):
            return found[self.place if isinstance(self.place, int) else 0]
        return found

    def measured(self, values: NDArray[np.float32]) -> Head:
        """The head that gives such values (n, k)."""
        inside = bool(np.isfinite(values).all() and values.min() >= 0 and values.max() <= 1)
        kind: HeadKind
        if values.shape[1] == 1:
            kind = "sigmoid" if inside else "logit"
        elif inside and np.allclose(values.sum(1), 1, atol=1e-3):
            kind = "softmax"
        else:
            kind = "sigmoids" if inside else "logits"
        return Head(kind, values.shape[1], self.name, self.others)


def choose_head(model: Any, classes: int | None) -> Chosen:
    """The output whose width is the number of classes (or one for two classes); the last such one."""
    if not getattr(model, "outputs", None):  # a subclassed model: only asking tells
        return Chosen(None, 0, None)
    named = _named_outputs(model)
    widths = {place: _width(tensor) for place, _, tensor in named}
    wanted = [
        p for p, w in widths.items() if classes is not None and (w == classes or (w == 1 and classes == 2))
    ]
    place = (wanted or list(widths))[-1]
    name, tensor = next((n, t) for p, n, t in named if p == place)
    width = widths[place] or 0
    others = tuple(n for p, n, _ in named if p != place)
    notes: tuple[str, ...] = ()
    if others:
        notes = (f"Of {len(named)} outputs, {name!r} ({width} wide) is taken as the one that classifies.",)
    activation = _activation(tensor)
    kind = _kind(activation, width)
    shown = name if others else ""
    head = Head(kind, width, shown, others) if kind is not None else None
    return Chosen(place if others else None, width, head, shown, others, notes)


def _named_outputs(model: Any) -> list[tuple[int | str, str, Any]]:
    """(place, name, tensor) of each output."""
    structure = getattr(model, "_outputs_struct", None)
    if isinstance(structure, dict):
        return [(key, str(key), tensor) for key, tensor in structure.items()]
    names = list(getattr(model, "output_names", None) or [])
    return [
        (i, str(names[i]) if i < len(names) else f"output {i}", tensor)
        for i, tensor in enumerate(model.outputs)
    ]


def _width(tensor: Any) -> int | None:
    sizes = list(tensor.shape[1:])
    if any(size is None for size in sizes):
        return None
    return int(np.prod(sizes)) if sizes else 1


def _activation(tensor: Any, depth: int = 0) -> str | None:
    """Name of the last activation before a tensor; None where no layer says it."""
    history = getattr(tensor, "_keras_history", None)
    if history is None or depth > 20:
        return None
    operation, _, at = history
    kind = type(operation).__name__
    if hasattr(operation, "layers") and getattr(operation, "outputs", None):
        return _activation(operation.outputs[at], depth + 1)
    if kind in ("Softmax", "Sigmoid"):
        return kind.lower()
    if hasattr(operation, "activation"):
        return str(getattr(operation.activation, "__name__", "")) or None
    if kind in _PASSING:
        inputs = operation._inbound_nodes[0].input_tensors if operation._inbound_nodes else []
        return _activation(inputs[0], depth + 1) if inputs else None
    return None


def _kind(activation: str | None, width: int) -> HeadKind | None:
    one: dict[str, HeadKind] = {
        "sigmoid": "sigmoid",
        "linear": "logit",
        "tanh": "logit",
        "softmax": "sigmoid",
    }
    many: dict[str, HeadKind] = {"softmax": "softmax", "linear": "logits", "sigmoid": "sigmoids"}
    return (one if width == 1 else many).get(activation or "") if width else None
