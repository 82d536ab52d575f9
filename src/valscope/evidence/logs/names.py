"""Metric names: as printed, and the canonical ones that the laws ask for."""

from __future__ import annotations

import re

# Keras resolves "accuracy" to one of these and, in some versions, prints what it resolved to.
_ACCURACY = {
    "acc", "accuracy", "categorical_accuracy", "sparse_categorical_accuracy", "binary_accuracy",
    "categorical_acc", "sparse_categorical_acc", "binary_acc",
}  # fmt: skip
_PARTS = re.compile(r"^(?:val|valid|validation|vol|vall)_?(?=[a-z])")


def canonical(name: str) -> str:
    """ "acc" is "accuracy", "val_categorical_accuracy" is "val_accuracy"; other names stay as printed."""
    lower = name.lower()
    part = _PARTS.match(lower)
    base = lower[part.end() :] if part else lower
    if base in _ACCURACY:
        base = "accuracy"
    elif base != "loss":
        return name
    return f"val_{base}" if part else base
