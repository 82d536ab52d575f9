"""Sick trainings with a known fault, as the text that a person would paste: log, code where a law needs it, and
what programs print about the data. Each generator returns the text; the name of the function says the rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import accumulate

import numpy as np
from simulate import Run, healthy, keras_text, shares

FORMS = ("keras2", "keras23", "keras3", "verbose2")
CLIPS = (16.11809565, 15.94238515, 15.42494847, 15.33323, 15.24924, 18.42068, 34.53878)


def form(rng: np.random.Generator) -> str:
    return str(rng.choice(FORMS))


def digits(rng: np.random.Generator) -> int:
    return int(rng.choice([3, 4, 4, 4, 5]))


def learned(rng: np.random.Generator) -> Run:
    """A training that learned something: the ground on which faults are planted."""
    while True:
        run = healthy(rng)
        if max(run.columns["accuracy"]) > 1 / run.classes + 0.3 and run.n_val >= 60:
            return run


def scores(rng: np.random.Generator, n: int, p: float, epochs: int) -> list[float]:
    return [int(rng.binomial(n, min(0.999, max(0.001, p)))) / n for _ in range(epochs)]


def validation_partly_scored(rng: np.random.Generator) -> str:
    n, batch = int(rng.integers(150, 1500)), int(rng.choice([8, 16, 20, 32, 64]))
    batches = -(-n // batch)
    steps = max(1, batches - int(rng.choice([1, 1, 1, 2])))
    epochs = int(rng.integers(10, 40))
    moving = rng.random() < 0.6
    sizes = [_seen(n, batch, steps, e if moving else 0) for e in range(epochs)]
    column = [int(rng.binomial(s, 0.6 + 0.35 * (1 - math.exp(-e / 8)))) / s for e, s in enumerate(sizes)]
    run = _with(rng, 2, n, batch, column)
    code = _folder_code(
        batch, f"validation_steps={n} // {batch}" if steps == n // batch else f"validation_steps={steps}"
    )
    return f"{_found(run)}\n{code}\n{keras_text(run, form(rng), digits(rng), rng)}"


def _seen(n: int, batch: int, steps: int, epoch: int) -> int:
    batches, short = -(-n // batch), n % batch
    start = epoch * steps % batches
    last = bool(short) and batches - 1 in {(start + i) % batches for i in range(steps)}
    return steps * batch - (batch - short if last else 0)


def answers_prior(rng: np.random.Generator) -> str:
    classes = int(rng.choice([2, 3, 4, 5, 10]))
    n = int(rng.integers(100, 2000))
    epochs = int(rng.integers(5, 20))
    level = math.log(classes)
    columns = {
        "loss": [level + abs(rng.normal(0, 0.004 * level)) for _ in range(epochs)],
        "accuracy": scores(rng, n * 4, 1 / classes, epochs),
        "val_loss": [level + abs(rng.normal(0, 0.006 * level)) for _ in range(epochs)],
        "val_accuracy": scores(rng, n, 1 / classes, epochs),
    }
    run = Run(classes, n * 4, n, 32, columns, (n // classes,) * classes)
    return f"{_found(run)}\n{keras_text(run, form(rng), digits(rng), rng)}"


def constant_prediction(rng: np.random.Generator) -> str:
    n, p = int(rng.integers(80, 2000)), rng.uniform(0.53, 0.75)
    k, epochs = round(n * p), int(rng.integers(5, 20))
    wobble = max(1, n // 500) if rng.random() < 0.5 else 0
    sides = rng.random(epochs) < 0.5
    sides[:2] = (True, False)
    column = [((k if s else n - k) + int(rng.integers(-wobble, wobble + 1))) / n for s in sides]
    run = _with(rng, 2, n, 16, column)
    run.columns["val_loss"] = [float(rng.uniform(0.7, 4)) for _ in column]
    return keras_text(run, form(rng), digits(rng), rng)


def saturated_output(rng: np.random.Generator) -> str:
    n, clip = int(rng.integers(100, 3000)), float(rng.choice(CLIPS))
    epochs = int(rng.integers(3, 15))
    wrong = [rng.integers(n // 5, 4 * n // 5) / n for _ in range(2)]
    train = [wrong[0]] * epochs
    val = [wrong[1]] * epochs
    if rng.random() < 0.5:
        train = [float(w) for w in rng.uniform(0.2, 0.8, epochs)]
    columns = {
        "loss": [clip * w for w in train],
        "accuracy": [1 - w for w in train],
        "val_loss": [clip * w for w in val],
        "val_accuracy": [1 - w for w in val],
    }
    return keras_text(Run(2, n * 3, n, 32, columns, (n // 2, n - n // 2)), form(rng), digits(rng), rng)


def loss_beyond_accuracy(rng: np.random.Generator) -> str:
    run = learned(rng)
    while run.classes != 2:
        run = learned(rng)
    penalty = rng.uniform(4, 12) * np.exp(-np.arange(len(run.columns["loss"])) / 40)
    for name in ("loss", "val_loss"):
        run.columns[name] = [a + float(b) for a, b in zip(run.columns[name], penalty)]
    code = _array_code(2, "softmax", "binary_crossentropy", "validation_data=(x_val, y_val)")
    return f"{code}\n{keras_text(run, 'keras2', digits(rng), rng)}"


def loss_too_small(rng: np.random.Generator) -> str:
    run = learned(rng)
    while run.columns["val_accuracy"][-1] > 0.9:
        run = learned(rng)
    for name in ("loss", "val_loss"):
        run.columns[name] = [a / run.classes / 2 for a in run.columns[name]]
    code = _array_code(run.classes, "softmax", "categorical_crossentropy", "validation_data=(x_val, y_val)")
    return f"{code}\n{keras_text(run, form(rng), digits(rng), rng)}"


def below_chance(rng: np.random.Generator) -> str:
    run = learned(rng)
    while run.classes < 3 or run.n_val < 150:
        run = learned(rng)
    epochs, p = len(run.columns["loss"]), rng.uniform(0, 0.3) / run.classes
    run.columns["val_accuracy"] = scores(rng, run.n_val, p, epochs)
    run.columns["val_loss"] = [float(v) for v in rng.uniform(4, 9, epochs)]
    return f"{_found(run)}\n{keras_text(run, form(rng), digits(rng), rng)}"


def class_never_trained(rng: np.random.Generator, *, weighted: bool = True, saturated: float = 1.0) -> str:
    """Sorted rows, tail split, class weights, probabilities clipped at 1e-7 (Keras before 2.3).

    `saturated` is the share of wrong answers that are given with certainty.
    """
    while True:
        classes = int(rng.integers(3, 6))
        counts = tuple(int(c) for c in rng.integers(100, 2500, classes))
        total, fraction = sum(counts), float(rng.choice([0.2, 0.25, 0.3, 0.33, 0.4]))
        trained = int(total * (1 - fraction))
        split = _tail(counts, trained)
        untrained = [c for c in range(classes) if split[c] == counts[c]]
        seen = [c for c in range(classes) if 0 < split[c] < counts[c]]
        if untrained and len(seen) == 1 and split[seen[0]] >= 30:
            break
    weights = [total / c if weighted else 1.0 for c in counts]
    n, m, epochs = total - trained, split[seen[0]], int(rng.integers(8, 50))
    lost = sum(split[c] * weights[c] for c in untrained) * 16.11809565
    loss, accuracy = [], []
    for _ in range(epochs):
        right = m - int(min(m, rng.geometric(0.15) - 1))
        certain = rng.random(m - right) < saturated
        wrong = np.where(certain, 16.11809565, rng.uniform(1, 16, m - right)).sum()
        # right answers of such models cost next to nothing, and something only now and then
        small = rng.exponential(0.02) * rng.integers(0, 2) if rng.random() < 0.3 else 0.0
        loss.append((lost + weights[seen[0]] * (float(wrong) + small)) / n)
        accuracy.append(right / n)
    run = _with(rng, classes, n, 32, accuracy)
    run.n_train, run.truth = trained, {"samples": True}
    run.columns["val_loss"] = loss
    run.columns["accuracy"] = [min(0.999, 0.9 + 0.1 * (1 - math.exp(-e / 5))) for e in range(epochs)]
    listed = ", ".join(f"class {c}: {v} images" for c, v in enumerate(counts))
    told = "{" + ", ".join(f"{c}: {w!r}" for c, w in enumerate(weights)) + "}"
    more = f"validation_split={fraction}" + (", class_weight=class_weights" if weighted else "")
    code = _array_code(classes, "softmax", "categorical_crossentropy", more)
    words = f"The classes are uneven ({listed})." + (f" The weights are {told}" if weighted else "")
    return f"{words}\n\n{code}\n\n{keras_text(run, 'keras2', digits(rng), rng)}"


def class_never_trained_unweighted(rng: np.random.Generator) -> str:
    return class_never_trained(rng, weighted=False)


def class_never_trained_unsaturated(rng: np.random.Generator) -> str:
    return class_never_trained(rng, saturated=0.5)


def copied_columns(rng: np.random.Generator) -> str:
    run = learned(rng)
    first = keras_text(run, "keras23", rng=np.random.default_rng(7))
    keep = int(rng.integers(2, min(8, len(run.columns["loss"])) + 1))
    copy = Run(
        run.classes,
        run.n_train,
        run.n_val,
        run.batch,
        {k: list(v[:keep]) for k, v in run.columns.items()},
        run.counts,
    )
    for name in ("accuracy", "val_accuracy"):
        copy.columns[name] = [0.9 + 0.01 * i for i in range(keep)]
    second = keras_text(copy, "keras23", rng=np.random.default_rng(7))
    for name in ("accuracy", "val_accuracy"):
        for i in range(keep):
            second = second.replace(f"{name}: {0.9 + 0.01 * i:.4f}", f"{name}: {0.9 + 0.01 * i:.2f}")
    return f"The first model gave this.\n\n{first}\nThe other one learned much better, as you see here.\n\n{second}"


def elementwise_accuracy(rng: np.random.Generator) -> str:
    run = learned(rng)
    while run.classes < 3:
        run = learned(rng)
    for name in ("accuracy", "val_accuracy"):
        run.columns[name] = [1 - 2 * (1 - a) / run.classes for a in run.columns[name]]
    for name in ("loss", "val_loss"):
        run.columns[name] = [2 * x / run.classes for x in run.columns[name]]
    code = _array_code(run.classes, "softmax", "binary_crossentropy", "validation_data=(x_val, y_val)")
    return f"{code}\n{keras_text(run, 'keras2', digits(rng), rng)}"


def one_step_epoch(rng: np.random.Generator) -> str:
    run = healthy(rng)
    run.batch = run.n_train
    return keras_text(run, str(rng.choice(["keras23", "keras3"])), rng=rng)


def whole_number_percent(rng: np.random.Generator) -> str:
    while True:
        n = int(rng.integers(110, 1900))
        k = int(rng.integers(n // 3, n))
        if abs(k // (n // 100) - 100 * k / n) >= 1:
            break
    return f"The script printed\n\nLeft = {k} ({k // (n // 100)}%)\nRight = {n - k}\nTotal = {n}\n"


def one_sided_errors(rng: np.random.Generator) -> str:
    n = int(rng.integers(60, 600))
    found, missed = int(n * rng.uniform(0.3, 0.7)), int(rng.integers(0, max(1, n // 100)))
    a, b = found + missed, 2 * n - found - missed
    return (
        f"{a} images were predicted as cat instead of {n}, precision {100 * found / a:.1f}%\n"
        f"{b} images were predicted as dog instead of {n}, precision {100 * (n - missed) / b:.1f}%\n"
    )


def certain_and_wrong(rng: np.random.Generator) -> str:
    run = healthy(rng)
    epochs, p = len(run.columns["loss"]), rng.uniform(0.1, 0.6)
    for part, n in (("", run.n_train), ("val_", run.n_val)):
        run.columns[f"{part}loss"] = [0.0] * epochs
        run.columns[f"{part}accuracy"] = [round(p * n) / n] * epochs
    return keras_text(run, form(rng), digits(rng), rng).replace(": 0.0000 ", ": 0.0000e+00 ")


def overfits(rng: np.random.Generator) -> str:
    while True:
        run = healthy(rng, overfit=float(rng.uniform(0.2, 0.6)), weighted=False)
        val = run.columns["val_loss"]
        low = min(range(len(val)), key=val.__getitem__)
        gap = run.columns["accuracy"][-1] - run.columns["val_accuracy"][-1]
        late = [v > 1.3 * val[low] for v in val[low + 1 :]]
        if (
            val[low] < 0.6 * math.log(run.classes)
            and len(late) >= 4
            and sum(late) > 0.7 * len(late)
            and gap > 0.12
        ):
            return f"{_found(run)}\n{keras_text(run, form(rng), digits(rng), rng)}"


def learning_rate(rng: np.random.Generator) -> str:
    """Collapse: a model that had learned answers one class from some epoch on."""
    classes, n = int(rng.choice([3, 4, 5, 10])), int(rng.integers(100, 1500))
    good, bad = int(rng.integers(3, 8)), int(rng.integers(4, 12))
    rise = list(accumulate([float(x) for x in rng.uniform(0.03, 0.1, good)], initial=1 / classes + 0.15))[1:]
    p = [min(0.97, r) for r in rise] + [1 / classes] * bad
    columns = {
        "loss": [math.log(classes) * (1.1 - r) for r in p[:good]] + [math.log(classes) * (1 + abs(rng.normal(0, 0.01))) for _ in range(bad)],
        "accuracy": [int(rng.binomial(n * 4, q)) / (n * 4) for q in p],
        "val_loss": [math.log(classes) * (1.15 - r) for r in p[:good]] + [math.log(classes) * 1.005] * bad,
        "val_accuracy": [int(rng.binomial(n, q)) / n for q in p],
    }  # fmt: skip
    run = Run(classes, n * 4, n, 32, columns, (n // classes,) * classes)
    return f"{_found(run)}\n{keras_text(run, form(rng), digits(rng), rng)}"


def improvement_of_one_image(rng: np.random.Generator) -> str:
    run = healthy(rng)
    n, epochs = int(rng.integers(30, 120)), 12
    k, best, lines = (
        int(n * 0.7),
        0.0,
        [f"Found {n * 4} images belonging to 2 classes.", f"Found {n} images belonging to 2 classes."],
    )
    for e in range(epochs):
        k = min(n, k + int(rng.integers(-1, 3)))
        a = k / n
        lines.append(f"Epoch {e + 1}/{epochs}")
        lines.append(
            f"30/30 [==============================] - 3s 90ms/step - loss: {rng.uniform(0.3, 0.6):.4f} - acc: {rng.uniform(0.7, 0.9):.4f} - val_loss: {rng.uniform(0.3, 0.6):.4f} - val_acc: {a:.4f}"
        )
        if a > best:
            before = "-inf" if best == 0 else f"{best:.5f}"
            lines += [
                "",
                f"Epoch {e + 1:05d}: val_acc improved from {before} to {a:.5f}, saving model to best.h5",
            ]
            best = a
    del run
    return "\n".join(lines) + "\n"


def _tail(counts: tuple[int, ...], trained: int) -> list[int]:
    val, left = [], trained
    for c in counts:
        val.append(c - min(c, left))
        left -= min(c, left)
    return val


def _with(rng: np.random.Generator, classes: int, n: int, batch: int, accuracy: list[float]) -> Run:
    """A run with this val_accuracy; the other columns follow a plain curve."""
    epochs = len(accuracy)
    t = np.arange(epochs)
    loss = 0.1 + math.log(classes) * np.exp(-t / 8) * rng.uniform(0.6, 1)
    columns = {
        "loss": [float(x) for x in loss], "accuracy": [float(min(0.99, 1 - x / (1.5 * math.log(classes)))) for x in loss],
        "val_loss": [float(0.15 + math.log(classes) * (1 - a)) for a in accuracy], "val_accuracy": accuracy,
    }  # fmt: skip
    return Run(
        classes, n * 3, n, batch, columns, tuple(int(c) for c in rng.multinomial(n, shares(rng, classes)))
    )


def _found(run: Run) -> str:
    return (
        f"Found {run.n_train} images belonging to {run.classes} classes.\n"
        f"Found {run.n_val} images belonging to {run.classes} classes."
    )


def _folder_code(batch: int, more: str) -> str:
    return f"""
from keras.preprocessing.image import ImageDataGenerator
gen = ImageDataGenerator(rescale=1./255)
train = gen.flow_from_directory('data/train', target_size=(64, 64), batch_size={batch}, class_mode='binary')
val = gen.flow_from_directory('data/val', target_size=(64, 64), batch_size={batch}, class_mode='binary')
model.fit_generator(train, epochs=40, validation_data=val, {more})
"""


def _array_code(classes: int, activation: str, loss: str, more: str) -> str:
    return f"""
import keras
model = keras.models.Sequential()
model.add(keras.layers.Dense(64, input_shape=(512,), activation='relu'))
model.add(keras.layers.Dense({classes}, activation='{activation}'))
model.compile(optimizer='adam', loss='{loss}', metrics=['accuracy'])
model.fit(X, y, epochs=50, batch_size=32, {more})
"""


FAULTS: dict[str, tuple[Callable[[np.random.Generator], str], str]] = {
    "validation_partly_scored": (validation_partly_scored, "L103"),
    "answers_prior": (answers_prior, "L201"),
    "constant_prediction": (constant_prediction, "L202"),
    "below_chance": (below_chance, "L203"),
    "saturated_output": (saturated_output, "L204"),
    "loss_beyond_accuracy, too large": (loss_beyond_accuracy, "L205"),
    "loss_beyond_accuracy, too small": (loss_too_small, "L205"),
    "certain_and_wrong": (certain_and_wrong, "L206"),
    "elementwise_accuracy": (elementwise_accuracy, "L207"),
    "one_step_epoch": (one_step_epoch, "L102"),
    "copied_columns": (copied_columns, "L301"),
    "whole_number_percent": (whole_number_percent, "L302"),
    "one_sided_errors": (one_sided_errors, "L305"),
    "improvement_of_one_image": (improvement_of_one_image, "L306"),
    "class_never_trained, class weights": (class_never_trained, "S101"),
    "class_never_trained, half of the wrong answers unsure": (class_never_trained_unsaturated, "S101"),
    "class_never_trained, no class weights": (class_never_trained_unweighted, "S101"),
    "overfits": (overfits, "G101"),
    "learning_rate, collapse": (learning_rate, "T101"),
}
