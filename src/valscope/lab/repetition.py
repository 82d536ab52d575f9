"""One training of one recipe with one seed, scored on the probe set."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.codec import to_plain
from valscope.data.pixels.prepare import network_input
from valscope.engines import Engine, Net, get_engine
from valscope.lab.keep import Keep, key_of
from valscope.lab.material import Material, Rows
from valscope.lab.parts import divided
from valscope.nouns.recipe import Recipe, Stage
from valscope.training.features import features_part
from valscope.training.feed import fed_labels
from valscope.training.loop import Fit
from valscope.training.observer import Observer
from valscope.training.parts import Part, Read, Row, View
from valscope.training.score_parts import BATCH

COLUMNS = ("loss", "accuracy", "val_loss", "val_accuracy", "seconds", "rate")


@dataclass(frozen=True, slots=True, eq=False)
class Repetition:
    """What one training came to.

    right       whether each probe image is right, with the weights that the recipe keeps.
    history     one row an epoch, columns as COLUMNS.
    validated   images in its own validation part.
    """

    right: NDArray[np.bool_]
    history: NDArray[np.float64]
    validated: int
    seconds: float

    @property
    def accuracy(self) -> float:
        """On the probe set."""
        return float(self.right.mean())

    @property
    def validation(self) -> float:
        """val_accuracy of the last epoch: the number that its user reads in the log."""
        return self._last("val_accuracy")

    @property
    def trained(self) -> float:
        """Training accuracy of the last epoch."""
        return self._last("accuracy")

    @property
    def rate(self) -> float:
        """The learning rate of the first epoch: the recipe's, or what a range test found."""
        return float(self.history[0, COLUMNS.index("rate")]) if len(self.history) else float("nan")

    def _last(self, column: str) -> float:
        return float(self.history[-1, COLUMNS.index(column)]) if len(self.history) else float("nan")


class MemoryStore:
    """The `Store` of a training that leaves no run behind."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.last: dict[str, NDArray[Any]] = {}

    def append(self, row: Row) -> None:
        """Keep an epoch's line."""
        self.rows.append(row)

    def save(self, arrays: Any, best: Any, at: Any) -> None:
        """Nothing: a trial that is stopped begins its repetition again."""

    def keep_last(self, weights: dict[str, NDArray[Any]]) -> None:
        """Keep the last epoch's weights."""
        self.last = weights

    def load(self) -> None:
        """Nothing was saved."""


def repeat(
    material: Material,
    recipe: Recipe,
    engine: str,
    seed: int,
    observer: Observer,
    keep: Keep,
    share: float = 1.0,
) -> Repetition:
    """Train `recipe` with `seed` on the rest of the images, or take what was kept of the same training.

    share  of the training images that are used.
    """
    machine = get_engine(engine)
    seeded = recipe.but(seed=recipe.seed + seed, split=replace(recipe.split, seed=recipe.split.seed + seed))
    key = key_of(
        to_plain(trained_alike(seeded).but(data="")), material.fingerprint, engine, machine.versions(),
        _weights_key(recipe), share,
    )  # fmt: skip
    kept = keep.load(key)
    if kept is None:
        kept = _train(material, trained_alike(seeded), machine, observer, keep.folder, share)
        keep.save(key, kept)
    return _unpacked(kept, recipe.restore_best)


def trained_alike(recipe: Recipe) -> Recipe:
    """The recipe that stands for all that train alike: which epoch of a single stage is kept is decided after it."""
    return recipe.but(restore_best=True) if len(recipe.stages) == 1 else recipe


def _weights_key(recipe: Recipe) -> str:
    """A weight file by size and date, so that another file under the same name is another training."""
    path = Path(recipe.model.weights)
    try:
        about = path.stat()
    except OSError:
        return recipe.model.weights
    return f"{about.st_size}:{about.st_mtime_ns}"


def _train(
    material: Material, recipe: Recipe, machine: Engine, observer: Observer, folder: Path, share: float
) -> dict[str, NDArray[Any]]:
    """Probe images right with the best epoch's and with the last epoch's weights, the history, and numbers."""
    began = time.monotonic()
    rows = divided(material, recipe, share)
    read = _reader(material, recipe)
    net = machine.build(recipe, _shape(material, recipe))
    store = MemoryStore()
    view = lambda stage: _view(material, recipe, net, stage, rows, folder, observer)  # noqa: E731
    fit = Fit(net, recipe, view, store, observer)
    fit.run()
    fit.take_best()
    best = last = _right(net, read, material.probe, material.labels)
    if recipe.restore_best and store.last:
        net.set_weights(store.last)
        last = _right(net, read, material.probe, material.labels)
    history = [[float(row[c]) for c in COLUMNS] for row in store.rows]
    return {
        "best": best, "last": last, "history": np.array(history, np.float64).reshape(-1, len(COLUMNS)),
        "numbers": np.array([len(rows[1]), time.monotonic() - began], np.float64),
    }  # fmt: skip


def _reader(material: Material, recipe: Recipe) -> Read:
    reader = material.reader(recipe.preparation)

    def read(rows: Rows) -> NDArray[np.float32]:
        values = reader.read(rows)
        if recipe.preparation is None:
            return np.asarray(values, np.float32)
        return network_input(values, recipe.preparation)

    return read


def _shape(material: Material, recipe: Recipe) -> tuple[int, ...]:
    if recipe.preparation is not None:
        return recipe.preparation.shape
    return material.reader(None).shape


def _view(
    material: Material, recipe: Recipe, net: Net, stage: Stage, rows: tuple[Rows, Rows], folder: Path,
    observer: Observer,
) -> View:  # fmt: skip
    """Images, or cached features where only a head is trained."""
    read = _reader(material, recipe)
    parts = [
        Part(_picked(read, r), fed_labels(material.labels[r], recipe.feed, recipe.seed, part))
        for part, r in enumerate(rows)
    ]
    if not (stage.cached and net.has_backbone):
        return View(net, *parts)
    cached = [
        features_part(
            net, part.read, part.labels, _features_file(material, recipe, r, folder), name, observer
        )
        for part, r, name in zip(parts, rows, ("training images", "validation images"))
    ]
    return View(net.head(), *cached)


def _picked(read: Read, rows: Rows) -> Read:
    return lambda index: read(rows[index])


def _features_file(material: Material, recipe: Recipe, rows: Rows, folder: Path) -> Path:
    """Where features of these images lie: the same for all seeds where the weights come from a file."""
    drawn = recipe.seed if recipe.model.weights == "none" else None
    key = key_of(
        material.fingerprint, rows.tolist(), to_plain(recipe.preparation), recipe.model.name,
        recipe.model.batchnorm, _weights_key(recipe), drawn, _pooling(recipe),
    )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"features-{key}.npy"


def _pooling(recipe: Recipe) -> bool:
    """Whether the head that a config describes begins by flattening."""
    return "Flatten" in (recipe.model.config or "")[:2000]


def _right(net: Net, read: Read, rows: Rows, labels: Rows) -> NDArray[np.bool_]:
    found = [
        net.logits(read(block)).argmax(1) == labels[block]
        for block in np.array_split(rows, max(1, -(-len(rows) // BATCH)))
    ]
    return np.concatenate(found) if found else np.zeros(0, np.bool_)


def _unpacked(arrays: Mapping[str, NDArray[Any]], restore_best: bool) -> Repetition:
    validated, seconds = arrays["numbers"].tolist()
    right = arrays["best" if restore_best else "last"].astype(bool)
    return Repetition(right, arrays["history"], int(validated), seconds)
