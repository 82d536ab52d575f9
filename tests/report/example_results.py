"""Results as a training would leave them, from a few numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from valscope.nouns.dataset import Notice
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, ModelSpec, Optimiser, Recipe, Stage
from valscope.nouns.result import (
    Baseline,
    Bin,
    Calibration,
    ClassResult,
    Mistake,
    Optimism,
    PartRow,
    Result,
    Scores,
    Share,
    Unsure,
)
from valscope.stats import clopper_pearson

HOSTILE = (
    "<script>alert(1)</script>",
    "\"><img src=x onerror='alert(1)'>",
    "</style></svg></table>",
    "{{ 31337 * 3 }}{% raw %}",
    "long" * 300,
    "line\nbreak\x1b[31m\x00",
    "\u202egpj.live",
    "caf\udce9 &amp; عربي",
)
TINY = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
TRASH = ("cardboard", "glass", "metal", "paper", "plastic", "trash")


def share(k: int, n: int) -> Share:
    low, high = clopper_pearson(k, n)
    return Share(k / n if n else None, low, high, k, n)


def confusion(k: int, n: int, accuracy: float, seed: int = 0) -> tuple[tuple[int, ...], ...]:
    """A matrix of about n images with uneven classes and mistakes that favour a few pairs."""
    rng = np.random.default_rng(seed)
    sizes = rng.multinomial(n, rng.dirichlet(np.full(k, 8.0)))
    alike = rng.dirichlet(np.full(k, 0.4), size=k)
    rows = np.zeros((k, k), int)
    for i, size in enumerate(sizes):
        off = alike[i].copy()
        off[i] = 0
        p = (1 - accuracy) * off / off.sum() if off.sum() else off
        p[i] = 1 - p.sum()
        rows[i] = rng.multinomial(size, p)
    return tuple(tuple(int(v) for v in row) for row in rows)


def scores(
    classes: Sequence[str], counts: Sequence[Sequence[int]], part: str = "test", **more: Any
) -> Scores:
    table = np.asarray(counts).reshape(len(classes), len(classes))
    n, right = int(table.sum()), int(np.trace(table))
    per_class = tuple(
        ClassResult(
            name, int(table[i].sum()), share(int(table[i, i]), int(table[i].sum())),
            share(int(table[i, i]), int(table[:, i].sum())),
        )
        for i, name in enumerate(classes)
    )  # fmt: skip
    recalls = [c.recall.value for c in per_class if c.recall.value is not None]
    mean = float(np.mean(recalls)) if recalls else None
    half = 0.0 if mean is None else min(0.5, 1.2 / math.sqrt(n))
    balanced = Share(mean, max(0.0, (mean or 0) - half), min(1.0, (mean or 0) + half) if n else 1.0, right, n)
    matrix = tuple(tuple(int(v) for v in row) for row in table)
    return Scores(part, n, share(right, n), balanced, per_class, matrix, **more)


def bins(n: int, seed: int = 0) -> tuple[Bin, ...]:
    if n == 0:
        return ()
    rng = np.random.default_rng(seed)
    made = []
    for middle, part in ((0.35, 0.04), (0.5, 0.08), (0.65, 0.12), (0.8, 0.2), (0.93, 0.56)):
        size = max(1, round(part * n))
        made.append(Bin(middle, share(int(rng.binomial(size, middle - 0.03)), size)))
    return tuple(made)


def history(epochs: int, stages: Sequence[tuple[str, int]] = (("all", 10**6),)) -> list[dict[str, Any]]:
    rng = np.random.default_rng(1)
    names = [name for name, length in stages for _ in range(min(length, epochs))][:epochs]
    rows = []
    for i, name in enumerate(names):
        t = i / max(1.0, epochs / 4)
        loss, val = 1.8 * math.exp(-t) + 0.03, 1.5 * math.exp(-t) + 0.35 + 0.09 * t
        rows.append({
            "epoch": i + 1, "stage": name,
            "loss": loss + rng.normal(0, 0.02), "accuracy": min(1.0, 0.99 - 0.7 * math.exp(-t)),
            "val_loss": val + abs(rng.normal(0, 0.04)), "val_accuracy": 0.88 - 0.5 * math.exp(-t) + rng.normal(0, 0.01),
            "rate": 0.00121, "seconds": 4.2,
        })  # fmt: skip
    return rows


def mistakes(
    classes: Sequence[str], counts: Sequence[Sequence[int]], most: int, thumbnail: str = TINY
) -> tuple[Mistake, ...]:
    pairs = [(i, j) for i, row in enumerate(counts) for j, n in enumerate(row) if i != j for _ in range(n)]
    return tuple(
        Mistake(f"{classes[i]}/{classes[i]}{17 * number + 3}.jpg", classes[i], classes[j], 0.99 - 0.01 * number, thumbnail)
        for number, (i, j) in enumerate(pairs[:most])
    )  # fmt: skip


def recipe(classes: Sequence[str], **changes: Any) -> Recipe:
    made = Recipe(
        data="photos", classes=tuple(classes), preparation=Preparation(160, 160, scale="symmetric"),
        model=ModelSpec("mobilenetv2", weights="imagenet"), augmentation=Augmentation(flip_horizontal=True, rotate=0.03),
        optimiser=Optimiser("adam", None), stages=(Stage(20, "head", patience=5), Stage(20, "top:20", 0.1, patience=5)),
    )  # fmt: skip
    return made.but(**changes)


def sample(classes: Sequence[str] = TRASH, n: int = 379, accuracy: float = 0.87, **changes: Any) -> Result:
    """A finished training on `classes`, scored on n test images."""
    counts = changes.pop("counts", None) or confusion(len(classes), n, accuracy)
    tested = scores(classes, counts, log_loss=0.41, ece=0.021, bins=bins(n))
    largest = max(sum(row) for row in counts)
    sizes = [sum(row) for row in counts]
    parts = (("train", 5), ("val", 1), ("test", 1))
    fields: dict[str, Any] = {
        "run": "runs/photos", "classes": tuple(classes), "scores": tested,
        "validation": scores(classes, confusion(len(classes), n, accuracy + 0.02, seed=3), "val"),
        "baselines": (
            Baseline("majority", share(largest, tested.n), f"always says {classes[0]}"),
            Baseline("colour and size", share(round(0.6 * tested.accuracy.k), tested.n), "sees no shapes"),
            Baseline("logistic on features", share(round(0.8 * tested.accuracy.k), tested.n), "on frozen features"),
        ),
        "optimism": Optimism(0.013, 31, n, 22, accuracy + 0.02),
        "calibration": Calibration(1.42, 0.081, 0.023, n),
        "unsure": Unsure(0.43, 12.1, share(min(n, 1 + n // 30), n)),
        "mistakes": mistakes(classes, counts, 24),
        "split": tuple(PartRow(part, tuple(times * size for size in sizes)) for part, times in parts),
        "notes": (
            "Class weights were not used: the largest class has 4.3 times the images of the smallest, below 5.",
            "Flips are used: mirrored images were told from their originals in 51.2 % of cases, no better than chance.",
        ),
        "notices": (),
        "epochs": 31, "parameters": 2_231_366, "seconds": 252.0,
        "versions": {"valscope": "0.1.0", "keras": "3.15.1", "tensorflow": "2.21.0", "numpy": "2.3.4"},
    }  # fmt: skip
    return Result(**(fields | changes))


def hostile() -> Result:
    result = sample(HOSTILE, n=160, accuracy=0.6)
    return replace(
        result,
        run=HOSTILE[0], status=HOSTILE[1], versions={HOSTILE[0]: HOSTILE[1]}, notes=HOSTILE,
        baselines=tuple(replace(b, name=HOSTILE[0], note=HOSTILE[1]) for b in result.baselines),
        notices=tuple(Notice(name, name, HOSTILE) for name in HOSTILE),
        split=tuple(replace(row, part=HOSTILE[0]) for row in result.split),
        mistakes=tuple(replace(m, name=HOSTILE[1], thumbnail="https://example.org/x.png") for m in result.mistakes),
    )  # fmt: skip
