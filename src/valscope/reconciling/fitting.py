"""A dataset's images and labels brought to what a model knows: parts, classes, images it has trained on."""

from __future__ import annotations

import numpy as np

from valscope.comparison.stored import manifest_of, touched
from valscope.data.reading.reader import Reader
from valscope.errors import DataError
from valscope.nouns.dataset import Dataset
from valscope.nouns.served import ServedModel
from valscope.run import Run

SHOWN = 5  # classes that are named in an error
ENOUGH = 60  # images that a run has not seen: with fewer, seen ones are better than none


def held_out(dataset: Dataset, part: str | None) -> tuple[Dataset, str]:
    """The part asked for, or the first that is there of test, val and train; and a sentence. Raises DataError."""
    if dataset.parts is None:
        if part is not None:
            raise DataError(f"{dataset.origin} does not say which images are {part}; leave --part out.")
        return dataset, ""
    parts = np.asarray(dataset.parts)
    for name in (part,) if part else ("test", "val", "train"):
        rows = np.flatnonzero(parts == name)
        if len(rows):
            return dataset.take(rows), f"Of {dataset.origin} the part {name} is looked at."
    raise DataError(f"{dataset.origin} has no part {part}; it has {', '.join(sorted(set(dataset.parts)))}.")


def with_labels_of(dataset: Dataset, model: ServedModel) -> Dataset:
    """Labels numbered as the model's classes are. Raises DataError where they do not fit."""
    if model.classes:
        dataset = _by_name(dataset, model.classes)
    width, classes = model.head.outputs, len(dataset.classes)
    if width != classes and not (width == 1 and classes == 2):
        outputs, many = (
            f"{width} output{'s' * (width != 1)}",
            f"{classes} class{'es' * (classes != 1)} with images",
        )
        names = ", ".join(dataset.classes[:SHOWN]) + (", ..." if classes > SHOWN else "")
        raise DataError(
            f"{model.file} has {outputs}, but {dataset.origin} has {many} ({names}); give images of exactly "
            "the classes that it was trained on, one folder a class, or the folder of training too (--train-folder)."
        )
    return dataset


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


def unseen(dataset: Dataset, model: ServedModel) -> tuple[Dataset, str]:
    """Without the images that a run of valscope has trained on or chosen its epoch with, as far as enough remain."""
    if model.format != "run" or not (run := Run(model.file)).folder.joinpath("split.csv").is_file():
        return dataset, ""
    seen = touched(manifest_of(run))
    known = np.array([sha in seen for sha in Reader(dataset, model.preparation).hashes()], np.bool_)
    if not known.any():
        return dataset, ""
    if (~known).sum() >= ENOUGH:
        return dataset.take(np.flatnonzero(~known)), "Images that the run has trained on are left out."
    return (
        dataset,
        f"The run has trained on {int(known.sum())} of these images, so the accuracies flatter it.",
    )
