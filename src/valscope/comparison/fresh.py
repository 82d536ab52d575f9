"""Pairs from labelled images that both runs classify now."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.comparison.pairs import Pairs
from valscope.comparison.stored import manifest_of, touched
from valscope.data.reading.cache import PixelCache
from valscope.data.reading.reader import Reader
from valscope.data.sources.open import open_dataset
from valscope.errors import DataError, RunError
from valscope.nouns.dataset import Dataset, Notice
from valscope.run import Run
from valscope.training.observer import Observer, counted
from valscope.training.score_parts import outputs


def fresh_pairs(a: Run, b: Run, data: Any, observer: Observer, **how: Any) -> Pairs:
    """Images of `data` whose class both runs know and that neither has trained on.

    how  passed to `open_dataset`. Raises DataError where no image is left.
    """
    dataset = open_dataset(data, **how)
    notices = list(dataset.notices)
    dataset = _known(dataset, a, b, notices)
    readers = {run.folder: _reader(dataset, run, observer, notices) for run in (a, b)}
    keep = np.ones(len(dataset), np.bool_)
    for reader in readers.values():
        keep[list(reader.damaged())] = False
    keep &= ~_trained_on(readers[a.folder].hashes(), a, b, dataset, notices)
    rows = np.flatnonzero(keep)
    if len(rows) == 0:
        raise DataError(
            f"Of the {len(dataset):,} images of {dataset.origin} none is left: each was trained on by one of the runs, or "
            "cannot be read. Give images that neither has seen."
        )
    names = np.asarray(dataset.classes, dtype=object)[dataset.labels[rows]]
    right = [_said(run, readers[run.folder].take(rows), observer) == names for run in (a, b)]
    groups = None if dataset.groups is None else tuple(dataset.groups[i] for i in rows)
    return Pairs(dataset.classes, dataset.labels[rows], right[0], right[1], groups, _once(notices))


def _known(dataset: Dataset, a: Run, b: Run, notices: list[Notice]) -> Dataset:
    both = [name in a.classes and name in b.classes for name in dataset.classes]
    table = np.array([*both, False])
    rows = np.flatnonzero(table[dataset.labels])
    if len(rows) == 0:
        raise DataError(
            f"No image of {dataset.origin} has a class that both runs know; {a.folder} knows "
            f"{', '.join(a.classes[:5])}, {b.folder} knows {', '.join(b.classes[:5])}."
        )
    if len(rows) < len(dataset):
        odd = tuple(dataset.names[i] for i in np.flatnonzero(~table[dataset.labels]))
        text = f"{len(odd):,} images of classes that only one run knows, or none, are left out."
        notices.append(Notice("unknown_class", text, odd))
    return dataset.take(rows)


def _reader(dataset: Dataset, run: Run, observer: Observer, notices: list[Notice]) -> Reader:
    preparation = run.recipe.preparation
    reader = Reader(dataset, preparation, PixelCache(preparation) if preparation is not None else None)
    observer.phase("Reading", len(dataset))
    notices += reader.scan(counted(observer)).notices
    return reader


def _trained_on(
    hashes: tuple[str, ...], a: Run, b: Run, dataset: Dataset, notices: list[Notice]
) -> NDArray[np.bool_]:
    seen: set[str] = set()
    for run in (a, b):
        try:
            seen |= touched(manifest_of(run))
        except RunError as error:
            notices.append(
                Notice("unknown_training", f"{error} Images that it has trained on count as fresh.")
            )
    found = np.array([sha in seen for sha in hashes], np.bool_)
    if found.any():
        names = tuple(dataset.names[i] for i in np.flatnonzero(found))
        text = f"{len(names):,} images that one of the runs has trained on are left out."
        notices.append(Notice("trained_on", text, names))
    return found


def _said(run: Run, reader: Reader, observer: Observer) -> NDArray[np.object_]:
    """The class that the run gives each image, as names, because runs number their classes differently."""
    found = outputs(
        run.net,
        lambda index: run.inputs(reader.read(index)),
        len(reader),
        f"Scoring {run.folder.name}",
        observer,
    )
    names = np.asarray(run.classes, dtype=np.object_)
    return np.asarray(names[found.logits.argmax(1)], np.object_)


def _once(notices: list[Notice]) -> tuple[Notice, ...]:
    """Both runs read the same files, so they notice the same things."""
    return tuple(dict.fromkeys(notices))
