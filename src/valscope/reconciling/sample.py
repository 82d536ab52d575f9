"""A few hundred images that stand for all of them, in an order that lets every beginning stand for them too."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.sources.open import open_dataset
from valscope.errors import DataError
from valscope.nouns.dataset import Dataset
from valscope.nouns.served import ServedModel
from valscope.reconciling.fitting import held_out, unseen, with_labels_of
from valscope.reconciling.starts import usual
from valscope.serving import Images

MOST = 400
FEWEST = 20
SPARE = 4  # times as many are looked through for images that a run has not trained on
SEED = 7


def opened(data: Any) -> Dataset | Images:
    """Images as they are; anything else as a dataset."""
    return data if isinstance(data, Dataset | Images) else open_dataset(data, fewest_classes=1)


def class_count(source: Dataset | Images) -> int:
    """How many classes the data have."""
    return len((source.dataset if isinstance(source, Images) else source).classes)


def chosen_images(
    model: ServedModel, source: Dataset | Images, most: int, part: str | None, size: tuple[int, int] | None
) -> tuple[Images, tuple[str, ...]]:
    """At most `most` images that can be read and that the model has not trained on, as far as that is known; and
    sentences about the others. Raises DataError where too few are left."""
    if isinstance(source, Images):
        return source, ()
    dataset, of_part = held_out(source, part)
    dataset = with_labels_of(dataset, model)
    dataset, of_run = unseen(dataset.take(sample(dataset.labels, SPARE * most)), model)
    images = Images(dataset.take(sample(dataset.labels, most)))
    preparation = usual(model, images, size).preparation
    assert preparation is not None
    failed, of_files = images.fetch([preparation]), ""
    if failed:
        keep = np.setdiff1d(np.arange(len(images)), np.asarray(sorted(failed)))
        of_files = f"{len(failed)} images cannot be read and are left out: {next(iter(failed.values()))}"
        images = images.take(keep)
    if len(images) < FEWEST:
        raise DataError(
            f"{dataset.origin} has {len(images)} images that can be used; at least {FEWEST} are needed."
        )
    return images, tuple(filter(None, (of_part, of_run, of_files)))


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
