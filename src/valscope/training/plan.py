"""From what the user gave to a decided training: read, choose, look for duplicates, split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from valscope.data.reading.cache import PixelCache
from valscope.data.reading.reader import Reader
from valscope.data.reading.sizes import measure
from valscope.data.splitting.manifest import Manifest
from valscope.data.splitting.split import split
from valscope.errors import DataError, RunError
from valscope.nouns.dataset import Dataset, Notice, Part
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Recipe
from valscope.training.decide import (
    Options,
    decide_model,
    decide_preparation,
    decide_recipe,
    decide_split,
)
from valscope.training.kinship import kinship
from valscope.training.observer import Observer


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """A training that is decided but not begun.

    rows    rows of `dataset` in each part, in the order in which they are fed.
    """

    dataset: Dataset
    reader: Reader
    recipe: Recipe
    manifest: Manifest
    notes: tuple[str, ...]
    notices: tuple[Notice, ...]

    def rows(self, part: Part) -> NDArray[np.int64]:
        """Row numbers of one part."""
        return np.flatnonzero(np.asarray(self.manifest.parts) == part).astype(np.int64)

    def labels(self, part: Part) -> NDArray[np.int64]:
        """Class numbers of one part."""
        return self.dataset.labels[self.rows(part)]

    def groups(self, part: Part) -> list[str] | None:
        """Group of each item of one part, each lone item its own; None when nothing is grouped."""
        if not any(self.manifest.groups):
            return None
        return [self.manifest.groups[i] or f"item {i}" for i in self.rows(part)]


def make_plan(
    dataset: Dataset,
    options: Options,
    observer: Observer,
    find_weights: Callable[[str], str | None],
    recipe: Recipe | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Plan:
    """Decide everything.

    find_weights  backbone name -> where its pretrained weights can be had, or None.
    stop          asked while images are read; RunError when it is true.
    recipe        a recipe to follow instead of choosing; its data part and classes are filled in.
    """
    if not (dataset.labels >= 0).any():
        raise DataError(f"No item of {dataset.origin} has a label; training needs the class of each image.")
    if len(dataset.classes) < 2:
        raise DataError(
            f"{dataset.origin} has one class ({dataset.classes[0]!r}); a classifier needs at least two to tell apart."
        )
    sizes = measure(dataset)
    model, notes = decide_model(sizes, options, find_weights) if recipe is None else (recipe.model, [])
    if recipe is None:
        preparation, why = decide_preparation(sizes, model, options)
        notes += [why] if why else []
    else:
        preparation = recipe.preparation if sizes is not None else None
    reader, dataset, notices = _read(dataset, preparation, observer, stop)
    observer.message("Looking for duplicates: identical, resaved, mirrored and turned copies.")
    kin = kinship(dataset, reader)
    spec = decide_split(dataset, options) if recipe is None else recipe.split
    manifest = split(dataset, spec, None if spec.grouping == "none" else kin.groups, reader.hashes())
    plan = Plan(dataset, reader, _EMPTY, manifest, (), (*notices, *kin.notices))
    if recipe is None:
        recipe, more = decide_recipe(
            dataset, plan.labels("train"), sizes, model, preparation, spec, options, kin.flips
        )
        notes += more
    recipe = recipe.but(data=dataset.origin, classes=dataset.classes, preparation=preparation)
    return replace(plan, recipe=recipe, notes=(*notes, *manifest.notes))


_EMPTY = Recipe("", (), None)


def _read(
    dataset: Dataset, preparation: Preparation | None, observer: Observer, stop: Callable[[], bool]
) -> tuple[Reader, Dataset, tuple[Notice, ...]]:
    """Decode and hash everything once; leave out what cannot be read, and say so."""
    cache = PixelCache(preparation) if preparation is not None else None
    reader = Reader(dataset, preparation, cache)
    observer.phase("Reading images" if preparation is not None else "Reading vectors", len(dataset))
    seen = 0

    def advance(done: int, total: int) -> None:
        nonlocal seen
        observer.advance(done - seen)
        seen = done
        if stop():
            raise RunError(f"Stopped after reading {done} of {total} items; the cache keeps what was read.")

    scan = reader.scan(advance)
    notices = [*dataset.notices, *scan.notices]
    unlabelled = np.flatnonzero(dataset.labels < 0)
    gone = np.union1d(np.asarray(sorted(scan.damaged), dtype=np.int64), unlabelled)
    if len(unlabelled):
        names = tuple(dataset.names[i] for i in unlabelled)
        notices.append(Notice("unlabelled", f"{len(names)} items have no label and were left out.", names))
    if len(gone) == 0:
        return reader, dataset, tuple(notices)
    keep = np.setdiff1d(np.arange(len(dataset)), gone)
    if len(keep) == 0:
        first = next(iter(scan.damaged.values()), "")
        raise DataError(f"None of the {len(dataset)} items of {dataset.origin} can be read: {first}")
    return reader.take(keep), dataset.take(keep), tuple(notices)


def parts_from(manifest: Manifest) -> Mapping[str, Part]:
    """The part of each item by name."""
    return dict(zip(manifest.names, manifest.parts, strict=True))
