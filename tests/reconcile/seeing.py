"""A model that is a formula, and drawn images that it can classify: everything is known, nothing is slow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valscope.nouns.dataset import Arrays, Dataset
from valscope.nouns.pipeline import Decision, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.served import Head, ServedModel

SIDE = 16
CLASSES = ("apple", "brick", "cloud", "drain")
TRUE = Pipeline(Preparation(SIDE, SIDE, scale="unit", fast_decode=False))


class Formula:
    """Four classes by what is red or blue, above or below the middle; made for RGB divided by 255."""

    def __init__(self, head: str = "softmax", outputs: int = 4, **about) -> None:
        shape = (SIDE, SIDE, 3)
        self.about = ServedModel(
            "model.keras", "keras", shape, Head(head, outputs), inside="none", parameters=9
        )
        self.about = replace(self.about, **about)
        self.asked = 0

    def outputs(self, x, mode="moving"):
        self.asked += len(x)
        height = x.shape[1]
        red = (x[..., 0] - x[..., 2]).mean((1, 2))
        above = x[:, : height // 2].mean((1, 2, 3)) - x[:, height // 2 :].mean((1, 2, 3))
        dark = np.abs(x.mean((1, 2, 3)) - 0.5) - 0.35  # another scale looks like nothing it knows
        logits = np.stack([red + above, red - above, above - red, -red - above], 1)
        logits = np.where((dark > 0)[:, None], logits * 0 + [1.0, 0, 0, 0], logits * 20).astype(np.float32)
        if self.about.head.outputs == 1:
            z = np.where(dark > 0, 50.0, np.clip(red * 40, -50, 50))[:, None].astype(np.float32)
            return (1 / (1 + np.exp(-z))).astype(np.float32)
        if self.about.head.kind == "logits":
            return logits
        e = np.exp(logits - logits.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    def at(self, checkpoint):
        return self


def drawn(n: int = 160, seed: int = 0, noise: float = 0.1, classes=CLASSES, size=(SIDE, SIDE)) -> Dataset:
    """n images of the network's own size, so that nothing is to be resized."""
    rng = np.random.default_rng(seed)
    labels = np.arange(n) % len(classes)
    values = np.full((n, *size, 3), 0.5)
    for i, label in enumerate(labels):
        red, above = (
            (label < 2, label % 2 == 0) if len(classes) == 4 else (label == 1, bool(rng.random() < 0.5))
        )
        values[i, ..., 0] += 0.1 if red else -0.1
        values[i, ..., 2] += -0.1 if red else 0.1
        values[i, : size[0] // 2] += 0.08 if above else -0.08
        values[i] += rng.normal(0, noise, 3) * [1, 0, -1] + rng.normal(0, 0.02, (*size, 3))
    pixels = np.clip(values * 255, 0, 255).astype(np.uint8)
    names = tuple(f"row {i}" for i in range(n))
    return Dataset(classes, labels.astype(np.int64), Arrays(pixels), names, "drawn")


def formula_one() -> tuple[Formula, Pipeline]:
    """The same with a single sigmoid unit for two classes."""
    return Formula("sigmoid", 1), TRUE.but(decision=Decision("threshold", 0.5))
