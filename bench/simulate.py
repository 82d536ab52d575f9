"""Training logs with a known truth, drawn from logits: loss and accuracy belong together as in a real run.

Each image has a difficulty that stays; the margin of its true class grows over the epochs; cross-entropy and
accuracy are computed from the same logits. Training metrics are averaged over an epoch in which the model
changes, with dropout noise; validation is scored at its end.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np


@dataclass
class Run:
    """Columns of a simulated training, exact values, and what is true of it."""

    classes: int
    n_train: int
    n_val: int
    batch: int
    columns: dict[str, list[float]]
    counts: tuple[int, ...]
    truth: dict[str, object] = field(default_factory=dict)


def softmax_loss(logits: np.ndarray, labels: np.ndarray, clip: float | None = 1e-7) -> np.ndarray:
    z = logits - logits.max(1, keepdims=True)
    p = np.exp(z)
    p /= p.sum(1, keepdims=True)
    true = p[np.arange(len(labels)), labels]
    return -np.log(np.clip(true, clip, 1 - clip) if clip else np.maximum(true, 1e-300))


@dataclass
class World:
    """A data set: labels with class shares, and how hard each image is."""

    rng: np.random.Generator
    classes: int
    n: int
    shares: np.ndarray
    noise: float

    def __post_init__(self) -> None:
        self.labels = self.rng.choice(self.classes, self.n, p=self.shares)
        self.difficulty = self.rng.normal(0, self.noise, self.n)
        self.own = self.rng.normal(0, 1, (self.n, self.classes))

    def logits(self, margin: float, wobble: float, scale: float = 1.0) -> np.ndarray:
        z = 0.7 * self.own + self.rng.normal(0, wobble, self.own.shape)
        z[np.arange(self.n), self.labels] += margin + self.difficulty
        return z * scale


def shares(rng: np.random.Generator, classes: int) -> np.ndarray:
    if rng.random() < 0.5:
        return np.full(classes, 1 / classes)
    drawn = rng.dirichlet(np.full(classes, 4.0))
    drawn = np.maximum(drawn, 0.3 / classes)
    return drawn / drawn.sum()


def healthy(
    rng: np.random.Generator, *, overfit: float = 0.0, weighted: bool | None = None, vary: bool = False
) -> Run:
    """A training that learns. `overfit` lets logits of validation images grow without their margins."""
    classes = int(rng.choice([2, 2, 2, 3, 4, 5, 6, 10, 12, 20]))
    n_val = int(np.exp(rng.uniform(np.log(24), np.log(3000))))
    n_train = int(n_val * rng.uniform(1.5, 9))
    batch = int(rng.choice([b for b in (8, 10, 16, 20, 32, 32, 32, 64, 100, 128) if 3 * b <= n_train]))
    epochs = int(rng.integers(4, 31))
    p = shares(rng, classes)
    val = World(rng, classes, n_val, p, rng.uniform(0.5, 2.5))
    train = World(rng, classes, min(n_train, 1500), p, val.noise)
    top, speed = rng.uniform(1.5, 8), rng.uniform(1.5, 15)
    gap, dropout = rng.uniform(0.7, 1.0), rng.uniform(0, 0.8)
    wobble = rng.uniform(0.05, 0.5)
    weights = (
        1 / (classes * p) if (rng.random() < 0.25 if weighted is None else weighted) else np.ones(classes)
    )
    columns: dict[str, list[float]] = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    margin = 0.0
    for epoch in range(epochs):
        late = top * (1 - np.exp(-(epoch + 1) / speed))
        grown = 1 + overfit * epoch
        a, b = (
            train.logits((margin + late) / 2, wobble + dropout),
            val.logits(gap * late / grown, wobble, grown),
        )
        columns["loss"].append(float((softmax_loss(a, train.labels) * weights[train.labels]).mean()))
        columns["accuracy"].append(_share(a, train.labels, n_train))
        columns["val_loss"].append(float(softmax_loss(b, val.labels).mean()))
        columns["val_accuracy"].append(float((b.argmax(1) == val.labels).mean()))
        margin = late
    if vary:
        _vary(rng, columns)
    counts = tuple(int(c) for c in np.bincount(val.labels, minlength=classes))
    return Run(classes, n_train, n_val, batch, columns, counts, {"weights": tuple(weights)})


def _vary(rng: np.random.Generator, columns: dict[str, list[float]]) -> None:
    """What honest people add to a loss: penalties on weights, label smoothing, a scaled or squared loss."""
    kind = rng.random()
    epochs = len(columns["loss"])
    for name in ("loss", "val_loss"):
        if kind < 0.15:
            columns[name] = [
                x + float(p) for x, p in zip(columns[name], 2.0 * np.exp(-np.arange(epochs) / 6) + 0.1)
            ]
        elif kind < 0.25:
            columns[name] = [0.9 * x + 0.3 for x in columns[name]]
        elif kind < 0.32:
            columns[name] = [0.2 * x for x in columns[name]]


def _share(logits: np.ndarray, labels: np.ndarray, n: int) -> float:
    return round(float((logits.argmax(1) == labels).mean()) * n) / n


def keras_text(
    run: Run, form: str = "keras2", digits: int = 4, rng: np.random.Generator | None = None
) -> str:
    """The log as a program prints it: "keras2" (samples or steps, acc), "keras23" (accuracy), "keras3",
    "verbose2", "csv", "torch"."""
    rng = rng or np.random.default_rng(0)
    steps = -(-run.n_train // run.batch)
    epochs = len(run.columns["loss"])
    if form == "csv":
        names = list(run.columns)
        rows = [",".join(["epoch", *names])]
        rows += [
            ",".join([str(i), *(repr(float(np.float32(run.columns[n][i]))) for n in names)])
            for i in range(epochs)
        ]
        return "\n".join(rows) + "\n"
    lines = []
    for i in range(epochs):
        c = {k: v[i] for k, v in run.columns.items()}
        if form == "torch":
            percent = 100 * c.get("val_accuracy", 0)
            lines.append(
                f"Epoch [{i + 1}/{epochs}], Train Loss: {c['loss']:.{digits}f}, Train Acc: {100 * c['accuracy']:.2f}%, Val Loss: {c['val_loss']:.{digits}f}, Val Acc: {percent:.2f}%"
            )
            continue
        name = "acc" if form == "keras2" else "accuracy"
        metrics = " - ".join(
            f"{k.replace('accuracy', name)}: {_number(v, digits)}" for k, v in c.items()
        )  # fmt: skip
        lines.append(f"Epoch {i + 1}/{epochs}")
        if form == "keras2":
            count = run.n_train if run.truth.get("samples") else steps
            unit = (
                f"{rng.integers(80, 900)}us/step"
                if run.truth.get("samples")
                else f"{rng.integers(20, 400)}ms/step"
            )
            lines.append(
                f"{count}/{count} [==============================] - {rng.integers(2, 60)}s {unit} - {metrics}"
            )
        elif form == "verbose2":
            lines.append(f"{steps}/{steps} - {rng.integers(2, 60)}s - {metrics}")
        elif form == "keras3":
            lines.append(
                f"{steps}/{steps} ━━━━━━━━━━━━━━━━━━━━ {rng.integers(2, 60)}s {rng.integers(20, 400)}ms/step - {metrics}"
            )
        else:
            lines.append(
                f"{steps}/{steps} [==============================] - {rng.integers(2, 60)}s {rng.integers(20, 400)}ms/step - {metrics}"
            )
    return "\n".join(lines) + "\n"


def _number(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if abs(value) > 1e-3 or value == 0 else f"{value:.{digits}e}"
