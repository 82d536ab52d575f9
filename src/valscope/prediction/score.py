"""Passing images through a run: batch by batch, read ahead, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats
from valscope.errors import UsageError
from valscope.nouns.prediction import Prediction
from valscope.prediction.aside import Aside, aside_of
from valscope.prediction.images import Images, images_of
from valscope.run import Run, as_run
from valscope.scoring import softmax
from valscope.training.feed import batches
from valscope.training.observer import Observer, Silent
from valscope.training.prefetch import ahead

BATCH = 64
# Inputs of one batch may take this much; more than one batch is in memory at a time, and what a network keeps
# between its layers is many times its input.
BATCH_BYTES = 32 * 2**20
AHEAD = 2  # batches that are read while the network works


def predict(
    run: Run | str | os.PathLike[str],
    images: Any,
    *,
    batch: int = BATCH,
    unsure: float | None = None,
    threads: int | None = None,
    observer: Observer | None = None,
) -> Iterator[Prediction]:
    """Classify images, in their order, as they are read.

    images   what `images_of` takes: files, folders, globs, tables, arrays, bytes.
    batch    images that pass through the network at once, fewer where they are large.
    unsure   calibrated probability, 0..1, below which an image is put aside; the run's own rule decides if not given.
    threads  that decode files; default one a core.

    An image that cannot be read gives a Prediction whose `error` says why. Raises UsageError, DataError or RunError
    where nothing can be classified, before the first image.
    """
    run, watch = as_run(run), observer or Silent()
    found = images_of(images, run, threads=threads)
    for notice in found.notices:
        watch.message(notice.message)
    return predict_images(run, found, batch=batch, unsure=unsure, observer=watch)


def predict_images(
    run: Run,
    images: Images,
    *,
    batch: int = BATCH,
    unsure: float | None = None,
    observer: Observer | None = None,
) -> Iterator[Prediction]:
    """As `predict`, for images that were looked up already."""
    if batch < 1:
        raise UsageError(f"A batch holds 1 image or more; got {batch}.")
    rule = aside_of(run, unsure)
    run.net  # noqa: B018  loaded and checked now, not at the first image
    return _stream(run, images, batch, rule, observer or Silent())


def _stream(run: Run, images: Images, batch: int, rule: Aside, observer: Observer) -> Iterator[Prediction]:
    observer.phase("Predicting", len(images))
    size = _even(len(images), min(batch, _most(images)))

    def read(rows: NDArray[np.int64]) -> tuple[Floats, dict[int, str]]:
        values, failed = images.read(rows)
        return _filled(run.inputs(values), size), failed

    order = np.arange(len(images), dtype=np.int64)
    for rows, (x, failed) in ahead(batches(order, size), read, AHEAD):
        paths = [images.paths[row] for row in rows]
        yield from _predictions(run, rule, paths, x, failed)
        observer.advance(len(rows))


def _predictions(
    run: Run, rule: Aside, paths: list[str], x: Floats, failed: dict[int, str]
) -> Iterable[Prediction]:
    logits, embeddings = run.net.outputs(x) if rule.needs_embeddings else (run.net.logits(x), None)
    probabilities = softmax(logits[: len(paths)], run.temperature)
    why = rule.reasons(probabilities, None if embeddings is None else embeddings[: len(paths)])
    best = probabilities.argmax(1)
    for at, path in enumerate(paths):
        if at in failed:
            yield Prediction(path, "", float("nan"), error=failed[at])
            continue
        p = tuple(probabilities[at].tolist())
        yield Prediction(path, run.classes[best[at]], p[best[at]], p, bool(why[at]), why[at])


def _even(n: int, most: int) -> int:
    """The size of equal batches of at most `most`: 150 images are three of 50, because the last one is filled up."""
    return -(-n // -(-n // most)) if n else 1


def _filled(x: Floats, size: int) -> Floats:
    """A short last batch is filled up, because another shape would make the backend build its graph again."""
    if len(x) == size:
        return x
    return np.concatenate([x, np.zeros((size - len(x), *x.shape[1:]), x.dtype)])


def _most(images: Images) -> int:
    values, _ = images.read(np.zeros(0, np.int64))
    return max(1, BATCH_BYTES // max(4, 4 * int(np.prod(values.shape[1:]))))
