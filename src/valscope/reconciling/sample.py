"""A few hundred images that stand for all of them, in an order that lets every beginning stand for them too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from valscope.data.sources.open import open_dataset
from valscope.errors import DataError
from valscope.nouns.dataset import Dataset
from valscope.nouns.served import ServedModel

MOST = 400
SEED = 7


def labelled(data: object, model: ServedModel, part: str | None = None) -> Dataset:
    """The dataset with labels numbered as the model's classes are. Raises DataError where they do not fit."""
    dataset = data if isinstance(data, Dataset) else open_dataset(data)
    if dataset.parts is not None:
        dataset = _held_out(dataset, part)
    if model.classes:
        dataset = _by_name(dataset, model.classes)
    width, classes = model.head.outputs, len(dataset.classes)
    if width != classes and not (width == 1 and classes == 2):
        raise DataError(
            f"{model.file} has {width} outputs, but {dataset.origin} has {classes} classes; give images of exactly "
            "the classes that it was trained on, one folder a class."
        )
    return dataset


def _held_out(dataset: Dataset, part: str | None) -> Dataset:
    """The part asked for, or the first that is there of test, val and train."""
    assert dataset.parts is not None
    parts = np.asarray(dataset.parts)
    for name in (part,) if part else ("test", "val", "train"):
        rows = np.flatnonzero(parts == name)
        if len(rows):
            return dataset.take(rows)
    raise DataError(f"{dataset.origin} has no part {part}; it has {', '.join(sorted(set(dataset.parts)))}.")


def _by_name(dataset: Dataset, classes: tuple[str, ...]) -> Dataset:
    number = {name: i for i, name in enumerate(classes)}
    table = np.array([number.get(name, -1) for name in dataset.classes] + [-1], np.int64)
    labels = table[dataset.labels]
    rows = np.flatnonzero(labels >= 0)
    if not len(rows):
        raise DataError(
            f"No image of {dataset.origin} has a class that the model knows ({', '.join(classes[:5])})."
        )
    return dataset.take(rows).but(labels=labels[rows], classes=classes)


def sample(labels: NDArray[np.int64], most: int = MOST, seed: int = SEED) -> NDArray[np.int64]:
    """At most `most` rows with every class in its share. The rows come class by class in turn, as far as shares
    allow: the first 32 and either half hold all classes in their shares."""
    rng = np.random.default_rng(seed)
    places: list[tuple[float, float, int]] = []
    for label in np.unique(labels[labels >= 0]):
        rows = rng.permutation(np.flatnonzero(labels == label))
        start = float(rng.random())
        # evenly spread over 0..1, so that any beginning of the whole holds the class in its share
        places += [((i + start) / len(rows), float(rng.random()), int(row)) for i, row in enumerate(rows)]
    ordered = [row for _, _, row in sorted(places)]
    if len(ordered) > most:  # every k-th keeps the shares
        keep = np.linspace(0, len(ordered) - 1, most).round().astype(int)
        ordered = [ordered[i] for i in keep]
    return np.asarray(ordered, np.int64)
