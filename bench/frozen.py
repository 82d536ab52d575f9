"""A frozen backbone to its best validation accuracy, against a script that recomputes it each epoch.

Theirs keeps the frozen MobileNetV2 in the model, as Keras' guide on transfer learning writes it; ours computes
its features once and trains the head on them. The head, rate and batch size are the same. Ours runs to its
plateau; the number of epochs to its best validation accuracy is then charged to both. The script's first
epochs are timed and the rest scaled from its later ones. Both sides count everything from reading the folder
on, building the network and looking for duplicates included.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from bench.images import photographs
from bench.measure import Clock, Row, Spent, compare, now, show
from bench.runs import mobilenet, weights

SIDE, BATCH, RATE = 160, 32, 1e-3
ROUNDS, TIMED = 3, 3  # pairs; epochs of the script that are timed
EACH = 100  # images of each class


class Laps:
    """An observer that remembers when each epoch ended and how right it was."""

    def __init__(self) -> None:
        self.began = now()
        self.epochs: list[tuple[float, Spent]] = []

    def message(self, text: str) -> None:
        pass

    def phase(self, name: str, total: int) -> None:
        pass

    def advance(self, count: int, **numbers: float) -> None:
        pass

    def epoch(self, row: Mapping[str, float | int | str]) -> None:
        end = now()
        spent = Spent(end.wall - self.began.wall, end.cpu - self.began.cpu)
        self.epochs.append((float(row["val_accuracy"]), spent))

    @property
    def best(self) -> int:
        """Number of the first epoch with the best validation accuracy, from 1."""
        return int(np.argmax([accuracy for accuracy, _ in self.epochs])) + 1


def ours(folder: Path) -> Laps:
    from valscope.training.train import train

    with tempfile.TemporaryDirectory() as cold:
        os.environ["VALSCOPE_CACHE"] = cold
        laps = Laps()
        train(folder, Path(cold) / "run", recipe=lambda *given: mobilenet(*given, SIDE), observer=laps)
    return laps


def script(folder: Path, epochs: int) -> list[Spent]:
    """Seconds of everything up to the end of epoch 1, then of each later epoch."""
    import keras

    clock = Clock()

    class Epochs(keras.callbacks.Callback):  # type: ignore[misc]
        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            clock.start(str(epoch + 2) if epoch + 1 < epochs else "not counted")

    clock.start("1")
    train, val = (
        keras.utils.image_dataset_from_directory(
            folder / part, image_size=(SIDE, SIDE), batch_size=BATCH, seed=0, verbose=False
        )
        for part in ("train", "val")
    )
    model = _frozen(len(train.class_names))
    model.fit(train, validation_data=val, epochs=epochs, verbose=0, callbacks=[Epochs()])
    return [clock.spent[str(i + 1)] for i in range(epochs)]


def _frozen(classes: int) -> Any:
    import keras

    layers = keras.layers
    file = weights()
    backbone = keras.applications.MobileNetV2(
        include_top=False, weights=None if file == "none" else file, input_shape=(SIDE, SIDE, 3)
    )
    backbone.trainable = False
    inputs = keras.Input((SIDE, SIDE, 3))
    x = layers.Rescaling(1 / 127.5, offset=-1)(inputs)
    x = layers.GlobalAveragePooling2D()(backbone(x, training=False))
    x = layers.Dense(256, activation="relu")(layers.Dropout(0.5)(x))
    model = keras.Model(inputs, layers.Dense(classes)(layers.Dropout(0.5)(x)))
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def rows(folder: Path, name: str) -> list[Row]:
    """To the best validation accuracy, and one more epoch."""
    found: list[tuple[Laps, list[Spent]]] = []
    for number in range(ROUNDS):
        if number % 2:
            theirs = script(folder, TIMED)
            found.append((ours(folder), theirs))
        else:
            laps = ours(folder)
            found.append((laps, script(folder, TIMED)))
    mine = [laps.epochs[laps.best - 1][1] for laps, _ in found]
    yours = [_scaled(times, laps.best) for laps, times in found]
    best = found[0][0]
    note = f"best after {best.best} epochs of {len(best.epochs)}: {best.epochs[best.best - 1][0]:.3f}"
    later = [times[-1] for _, times in found]
    heads = [_epoch(laps) for laps, _ in found]
    return [
        compare(f"{name}, to the best validation accuracy", "backbone in the model", mine, yours, 5.0, note),
        compare(f"{name}, one more epoch", "backbone in the model", heads, later),
    ]


def _scaled(times: list[Spent], epochs: int) -> Spent:
    later = sum(times[1:], Spent(0, 0)).times(1 / (len(times) - 1))
    return times[0] + later.times(epochs - 1)


def _epoch(laps: Laps) -> Spent:
    """Mean of the later epochs."""
    first, last = laps.epochs[0][1], laps.epochs[-1][1]
    n = max(1, len(laps.epochs) - 1)
    return Spent((last.wall - first.wall) / n, (last.cpu - first.cpu) / n)


def trashnet(folder: Path) -> Path | None:
    """EACH images of each class of trashnet as links below train/ and val/, or None where it is not there."""
    source = Path(os.environ.get("VALSCOPE_DATA", "")) / "trashnet"
    if "VALSCOPE_DATA" not in os.environ or not source.is_dir():
        return None
    for kind in sorted(path for path in source.iterdir() if path.is_dir()):
        for i, image in enumerate(sorted(kind.iterdir())[:EACH]):
            link = folder / ("val" if i % 5 == 4 else "train") / kind.name / image.name
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(image.resolve())
    return folder


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        real = trashnet(base / "trashnet")
        folder = real or photographs(base / "drawn", 6 * EACH, 320, 240)
        words = f"trashnet, {EACH} images a class" if real else f"{6 * EACH} images of 320x240"
        script(photographs(base / "tiny", 80, 64, 64), 1)  # what TensorFlow does once in a process
        pretrained = "pretrained" if weights() != "none" else "random weights"
        show(rows(folder, f"MobileNetV2 at 160x160 ({pretrained}), {words}"))


if __name__ == "__main__":
    main()
