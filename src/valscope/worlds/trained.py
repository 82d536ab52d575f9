"""Runs the training of a world and keeps what its user would have kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valscope.codec import to_json
from valscope.nouns.recipe import Recipe
from valscope.worlds.logs import Row, log
from valscope.worlds.world import World

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from valscope.engines import Floats, Net

METRICS = ("loss", "accuracy", "val_loss", "val_accuracy")


@dataclass
class Memory:
    """The `Store` of a training of which only the epochs are kept."""

    rows: list[dict[str, Any]] = field(default_factory=list)

    def append(self, row: dict[str, Any]) -> None:
        """Keep an epoch's line."""
        self.rows.append(row)

    def save(self, arrays: Any, best: Any, at: Any) -> None:
        """Nothing."""

    def keep_last(self, weights: Any) -> None:
        """Nothing."""

    def load(self) -> None:
        """Nothing was saved."""


@dataclass(frozen=True, slots=True)
class Trained:
    """recipe  as it was trained;  rows  its epochs;  images  how many it trained on."""

    recipe: Recipe
    rows: Sequence[Mapping[str, Any]]
    images: int
    net: Net


def hand_over(world: World, folder: Path) -> list[Path]:
    """Train, and leave the world's products in `folder`."""
    from valscope.worlds.write import write_images

    if world.recipe is None or world.images is None:
        raise ValueError("a world with a training needs a recipe and images")
    data = write_images(world.images, folder)
    trained = train(world.recipe, data, world.engine)
    for name in world.products:
        _product(name, world, trained, folder)
    if "data.npz" not in world.products:
        data.unlink()
    return [folder / name for name in world.products]


def train(recipe: Recipe, data: Path, engine: str) -> Trained:
    """One training as `valscope.train` does it, without looking for duplicates and without scores."""
    import numpy as np

    from valscope.data.pixels.prepare import network_input
    from valscope.data.reading.reader import Reader
    from valscope.data.sources.open import open_dataset
    from valscope.data.splitting.split import split
    from valscope.engines import get_engine
    from valscope.training.feed import fed_labels
    from valscope.training.loop import Fit
    from valscope.training.observer import Silent
    from valscope.training.parts import Part, View

    dataset = open_dataset(str(data))
    preparation = recipe.preparation
    reader = Reader(dataset, preparation, None)
    parts = np.asarray(split(dataset, recipe.split).parts)
    train_rows, val_rows = (np.flatnonzero(parts == name) for name in ("train", "val"))
    shape = preparation.shape if preparation is not None else (int(reader.read(train_rows[:1]).shape[1]),)
    net = get_engine(engine).build(recipe, shape)

    def part(rows: NDArray[np.int64], number: int) -> Part:
        def read(index: NDArray[np.int64]) -> Floats:
            values = reader.read(rows[index])
            return (
                np.asarray(values, np.float32) if preparation is None else network_input(values, preparation)
            )

        return Part(read, fed_labels(dataset.labels[rows], recipe.feed, recipe.seed, number))

    store = Memory()
    fit = Fit(net, recipe, lambda stage: View(net, part(train_rows, 0), part(val_rows, 1)), store, Silent())
    fit.run()
    return Trained(recipe, store.rows, len(train_rows), net)


def _product(name: str, world: World, trained: Trained, folder: Path) -> None:
    path = folder / name
    if name == "history.csv":
        path.write_text(csv(trained.rows), encoding="utf-8")
    elif name == "training.log":
        path.write_text(printed(trained), encoding="utf-8")
    elif name == "recipe.json":
        told = world.believed or trained.recipe
        path.write_text(to_json(told.but(data="data.npz")) + "\n", encoding="utf-8")
    elif name == "model.keras":
        trained.net.save(path)
    elif name == "photos" and world.images is not None:
        from valscope.worlds.photos import write_photos

        write_photos(world.images, path)


def csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """The epochs as Keras' CSVLogger writes them."""
    names = sorted(METRICS)
    lines = [",".join(["epoch", *names])]
    lines += [",".join([str(i), *(repr(float(row[n])) for n in names)]) for i, row in enumerate(rows)]
    return "\n".join(lines) + "\n"


def printed(trained: Trained) -> str:
    """The epochs as Keras 3 prints them."""
    feed = trained.recipe.feed
    steps = feed.steps or -(-trained.images // feed.batch)
    told: list[Row] = [(r["loss"], r["accuracy"], r["val_loss"], r["val_accuracy"]) for r in trained.rows]
    return log(told, form="keras3", steps=steps)
