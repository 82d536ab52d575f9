"""Training throughput against plain Keras: the same network, images, optimiser and batch size.

Theirs is what Keras' guide writes: `image_dataset_from_directory`, `Rescaling`, `fit`; once as it stands, once
with `.cache().prefetch(AUTOTUNE)`. Ours is the whole job `train`, timed by what it tells its observer. Both
score the validation images after each epoch. The network is built before either clock starts.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.images import photographs
from bench.measure import Clock, Row, Spent, alone, compare, show
from bench.relay import Turn, relay

EPOCHS, BATCH, RATE = 4, 32, 1e-3
ROUNDS = 3
GUIDE, CACHED = "Keras guide", "Keras guide with cache() and prefetch()"


@dataclass(frozen=True)
class Job:
    """Images in train/ and val/ below `folder`, and the size that the network takes."""

    name: str
    folder: Path
    height: int
    width: int
    epochs: int = EPOCHS


class Times:
    """An observer that times the stretches of a training and hands over after each epoch."""

    def __init__(self, turn: Turn, epochs: int) -> None:
        self.turn, self.left, self.at = turn, epochs, 1

    def message(self, text: str) -> None:
        if text.startswith("Looking for duplicates"):
            self.turn.clock.start("not counted")

    def phase(self, name: str, total: int) -> None:
        if name.startswith("Epoch 1/"):
            self.turn.clock.start("epoch 1")

    def advance(self, count: int, **numbers: float) -> None:
        pass

    def epoch(self, row: Mapping[str, float | int | str]) -> None:
        self.at += 1
        self.turn.done(f"epoch {self.at}" if self.at <= self.left else "not counted")


def recipe(job: Job) -> Any:
    """The small network from nothing, Adam at its own rate, no augmentation: what both sides train."""
    from valscope.nouns.preparation import Preparation
    from valscope.nouns.recipe import Feed, Optimiser, Recipe, Split, Stage

    return Recipe(
        "", ("china", "flower"), Preparation(job.height, job.width), split=Split("given"),
        feed=Feed(batch=BATCH), optimiser=Optimiser("adam", rate=RATE), stages=(Stage(job.epochs),),
    )  # fmt: skip


def ours(job: Job) -> Callable[[Turn], None]:
    """The whole job with an empty cache."""

    def run(turn: Turn) -> None:
        from valscope.training.train import train

        with tempfile.TemporaryDirectory() as cold:
            os.environ["VALSCOPE_CACHE"] = cold
            turn.clock.start("reading")
            train(
                job.folder,
                Path(cold) / "run",
                recipe=lambda *_: recipe(job),
                observer=Times(turn, job.epochs),
            )

    return run


def guide(job: Job, cached: bool) -> Callable[[Turn], None]:
    """The guide's way."""

    def run(turn: Turn) -> None:
        import keras
        import tensorflow as tf

        class Epochs(keras.callbacks.Callback):  # type: ignore[misc]
            def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
                turn.done(f"epoch {epoch + 2}" if epoch + 1 < job.epochs else "not counted")

        model = behind_rescaling(job)
        turn.clock.start("reading")
        parts = [
            keras.utils.image_dataset_from_directory(
                job.folder / part, image_size=(job.height, job.width), batch_size=BATCH, seed=0, verbose=False
            )
            for part in ("train", "val")
        ]
        if cached:
            parts = [part.cache().prefetch(tf.data.AUTOTUNE) for part in parts]
        turn.clock.start("epoch 1")
        model.fit(parts[0], validation_data=parts[1], epochs=job.epochs, verbose=0, callbacks=[Epochs()])

    return run


def behind_rescaling(job: Job) -> Any:
    """The very network that the engine builds, behind the guide's Rescaling layer, compiled as the guide does."""
    import keras

    from valscope.engines import get_engine

    network: Any = get_engine("keras").build(recipe(job), (job.height, job.width, 3))
    inputs = keras.Input((job.height, job.width, 3))
    model = keras.Model(inputs, network.model(keras.layers.Rescaling(1.0 / 255)(inputs)))
    model.compile(
        optimizer=keras.optimizers.Adam(RATE),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        metrics=["accuracy"],
    )
    return model


def duplicates(job: Job) -> Spent:
    """What looking for duplicates costs once the images are read."""
    from valscope.data.reading.cache import PixelCache
    from valscope.data.reading.reader import Reader
    from valscope.data.sources.open import open_dataset
    from valscope.training.kinship import kinship

    clock, dataset = Clock(), open_dataset(job.folder)
    with tempfile.TemporaryDirectory() as cold:
        preparation = recipe(job).preparation
        reader = Reader(dataset, preparation, PixelCache(preparation, folder=cold))
        reader.scan()
        clock.start("duplicates")
        kinship(dataset, reader)
        clock.stop()
    return clock.spent["duplicates"]


def rows(job: Job, goal_later: float | None) -> list[Row]:
    """First and later epochs against both of theirs, and what the search for duplicates costs."""
    contenders = {"ours": ours(job), GUIDE: guide(job, False), CACHED: guide(job, True)}
    found = [relay(contenders, backwards=number % 2 == 1) for number in range(ROUNDS)]
    later = [f"epoch {i}" for i in range(2, job.epochs + 1)]

    def firsts(name: str) -> list[Spent]:
        return [clocks[name].sum("reading", "epoch 1") for clocks in found]

    def others(name: str) -> list[Spent]:
        return [clocks[name].spent[epoch] for clocks in found for epoch in later]

    made = []
    for rival, goals in ((GUIDE, (0.9, goal_later)), (CACHED, (None, None))):
        made.append(
            compare(f"{job.name}: reading and epoch one", rival, firsts("ours"), firsts(rival), goals[0])
        )
        made.append(compare(f"{job.name}: a later epoch", rival, others("ours"), others(rival), goals[1]))
    searched = [duplicates(job) for _ in range(ROUNDS)]
    return [*made, alone(f"{job.name}: looking for duplicates, once", searched)]


def warm_up() -> None:
    """What TensorFlow does once in a process is neither side's."""
    with tempfile.TemporaryDirectory() as folder:
        tiny = Job("", photographs(Path(folder), 80, 48, 48), 32, 32, epochs=1)
        relay({"ours": ours(tiny), GUIDE: guide(tiny, False), CACHED: guide(tiny, True)})


def main() -> None:
    warm_up()
    with tempfile.TemporaryDirectory() as folder:
        large = photographs(Path(folder) / "large", 250, 1600, 1200)
        show(rows(Job("250 photographs of 1.9 MP, cnn at 128x128", large, 128, 128), 1.5))
        small = photographs(Path(folder) / "small", 500, 160, 120)
        show(rows(Job("500 thumbnails of 160x120, cnn at 96x128", small, 96, 128), None))


if __name__ == "__main__":
    main()
