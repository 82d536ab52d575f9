"""Scoring a run on labelled images, through the run's own preparation and class order."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.comparison.stored import manifest_of, touched
from valscope.data.reading.cache import PixelCache
from valscope.data.reading.reader import Reader
from valscope.data.sources.open import open_dataset
from valscope.errors import DataError
from valscope.nouns.dataset import Dataset, Notice
from valscope.nouns.result import Scores
from valscope.run import Run, as_run
from valscope.scoring import score, share, softmax
from valscope.training.observer import Observer, Silent, counted
from valscope.training.score_parts import outputs


@dataclass(frozen=True, slots=True, eq=False)
class Evaluation:
    """Scores of a run on some images, and the calibrated probabilities behind them.

    names, labels  of the images that could be scored; probabilities  (n, classes).
    """

    scores: Scores
    names: tuple[str, ...]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    notices: tuple[Notice, ...]


def evaluate(
    run: Run | str | os.PathLike[str],
    data: Any,
    *,
    part: str | None = None,
    observer: Observer | None = None,
    **how: Any,
) -> Evaluation:
    """Score `run` on the labelled images of `data`.

    part  only the items that `data` itself puts into this part ("train", "val", "test").
    how   passed to `open_dataset`: group_by, label_column, path_column.
    Images of classes that the run does not know are left out and counted in a notice; DataError when none is left.
    """
    run, watch = as_run(run), observer or Silent()
    dataset, notices = aligned(open_dataset(data, fewest_classes=1, **how), run)
    if part is not None:
        dataset = _only(dataset, part)
    preparation = run.recipe.preparation
    reader = Reader(dataset, preparation, PixelCache(preparation) if preparation is not None else None)
    watch.phase("Reading", len(dataset))
    scan = reader.scan(counted(watch))
    keep = np.setdiff1d(np.arange(len(dataset)), np.asarray(sorted(scan.damaged), dtype=np.int64))
    if len(keep) == 0:
        raise DataError(f"None of the {len(dataset)} items of {dataset.origin} can be read.")
    dataset, reader = dataset.take(keep), reader.take(keep)
    found = outputs(run.net, lambda index: run.inputs(reader.read(index)), len(keep), "Scoring", watch)
    probabilities = softmax(found.logits, run.temperature)
    scores = score(part or "all", dataset.labels, probabilities, run.classes, dataset.groups)
    notices += _trained_on(run, reader.hashes(), dataset, probabilities)
    return Evaluation(
        scores, dataset.names, dataset.labels, probabilities, (*dataset.notices, *notices, *scan.notices)
    )


def _trained_on(
    run: Run, hashes: tuple[str, ...], dataset: Dataset, probabilities: NDArray[np.float64]
) -> list[Notice]:
    """That some of the images trained the run or chose its epoch, and the accuracy on the others."""
    if not (run.folder / "split.csv").is_file():
        return []
    seen = touched(manifest_of(run))
    known = np.array([sha in seen for sha in hashes], np.bool_)
    if not known.any():
        return []
    names = tuple(dataset.names[i] for i in np.flatnonzero(known))
    right = probabilities[~known].argmax(1) == dataset.labels[~known]
    fresh = share(int(right.sum()), len(right))
    rest = (
        f"; on the other {fresh.n:,} it is {100 * fresh.k / fresh.n:.1f} % [{100 * fresh.low:.1f}, {100 * fresh.high:.1f}]"
        if fresh.n
        else ""
    )
    text = f"The run has trained on {len(names):,} of these {len(known):,} images, so this accuracy flatters it{rest}."
    return [Notice("trained_on", text, names)]


def aligned(dataset: Dataset, run: Run) -> tuple[Dataset, list[Notice]]:
    """The dataset with its labels numbered as the run numbers its classes; items of other classes left out."""
    number = {name: i for i, name in enumerate(run.classes)}
    table = np.array([number.get(name, -1) for name in dataset.classes] + [-1], np.int64)
    labels = table[dataset.labels]
    keep = np.flatnonzero(labels >= 0)
    if len(keep) == 0:
        raise DataError(
            f"No image of {dataset.origin} has a class that the run knows: it has "
            f"{', '.join(map(repr, dataset.classes[:5]))}; the run knows {', '.join(map(repr, run.classes[:5]))}."
        )
    notices = []
    if len(keep) < len(dataset):
        names = tuple(dataset.names[i] for i in np.flatnonzero(labels < 0))
        notices.append(
            Notice(
                "unknown_class",
                f"{len(names)} images of classes that the run does not know are left out.",
                names,
            )
        )
    return dataset.take(keep).but(labels=labels[keep], classes=run.classes), notices


def _only(dataset: Dataset, part: str) -> Dataset:
    if dataset.parts is None:
        raise DataError(f"{dataset.origin} does not say which images are {part}; leave --part out.")
    rows = np.flatnonzero(np.asarray(dataset.parts) == part)
    if len(rows) == 0:
        raise DataError(
            f"{dataset.origin} has no {part} part; it has {', '.join(sorted(set(dataset.parts)))}."
        )
    return dataset.take(rows)
