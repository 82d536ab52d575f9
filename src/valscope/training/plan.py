"""From what the user gave to a decided training: read, choose, look for duplicates, split."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from valscope.data.cache import PixelCache
from valscope.data.manifest import Manifest
from valscope.data.reader import Reader
from valscope.data.scale import FAMILIES
from valscope.data.sizes import measure
from valscope.data.split import split
from valscope.errors import DataError, RunError, UsageError
from valscope.nouns.dataset import Dataset, Notice, Part, Sizes
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import (
    Augmentation,
    Feed,
    ModelSpec,
    Optimiser,
    OptimiserName,
    Precision,
    Recipe,
    Split,
    SplitKind,
)
from valscope.training import choose
from valscope.training.kinship import kinship
from valscope.training.observer import Observer

NO_SCALE = ("none", "rgb")


@dataclass(frozen=True, slots=True)
class Options:
    """What the user may decide; None means that valscope chooses."""

    model: str | None = None
    weights: str | None = None
    size: tuple[int, int] | None = None
    epochs: int | None = None
    fine_tune: int = 0
    batch: int | None = None
    rate: float | None = None
    optimiser: OptimiserName = "adam"
    seed: int = 0
    val: float = 0.15
    test: float = 0.15
    split: SplitKind | None = None
    augment: bool = True
    flip: bool | None = None
    balance: bool = True
    dropout: float | None = None
    label_smoothing: float = 0.0
    precision: Precision = "float32"
    patience: int | None = None


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
    model, notes = _model(sizes, options, find_weights) if recipe is None else (recipe.model, [])
    if recipe is None:
        preparation, why = _preparation(sizes, model, options)
        notes += [why] if why else []
    else:
        preparation = recipe.preparation if sizes is not None else None
    reader, dataset, notices = _read(dataset, preparation, observer, stop)
    observer.message("Looking for duplicates: identical, resaved, mirrored and turned copies.")
    kin = kinship(dataset, reader)
    spec = _split(dataset, options) if recipe is None else recipe.split
    manifest = split(dataset, spec, None if spec.grouping == "none" else kin.groups, reader.hashes())
    plan = Plan(dataset, reader, _EMPTY, manifest, (), (*notices, *kin.notices))
    if recipe is None:
        recipe, more = _recipe(plan, sizes, model, preparation, spec, options, kin.flips)
        notes += more
    recipe = recipe.but(data=dataset.origin, classes=dataset.classes, preparation=preparation)
    return replace(plan, recipe=recipe, notes=(*notes, *manifest.notes))


_EMPTY = Recipe("", (), None)


def _model(
    sizes: Sizes | None, options: Options, find_weights: Callable[[str], str | None]
) -> tuple[ModelSpec, list[str]]:
    if options.model is None:
        small = sizes is None or min(sizes.median) < choose.SMALL
        where = options.weights if options.weights not in (None, "none") else None
        if where is None and not small and options.weights != "none":
            where = find_weights(choose.DEFAULT_BACKBONE)
        spec, why = choose.choose_model(sizes, where)
        return _head(spec, options), [why]
    name = options.model.lower()
    if sizes is None and name not in ("features", "case0"):
        raise UsageError(
            f"The data are feature vectors; --model {options.model} takes images. Use --model features."
        )
    if sizes is not None and name in ("features", "case0"):
        raise UsageError(
            f"--model {options.model} takes feature vectors, and these are images; use cnn or a backbone."
        )
    weights = options.weights or ("imagenet" if name in FAMILIES else "none")
    if weights == "imagenet":
        weights = find_weights(name) or weights
    return _head(ModelSpec(name, weights=weights), options), [f"The network is {name}, as asked."]


def _head(spec: ModelSpec, options: Options) -> ModelSpec:
    """The spec with the head that a backbone needs, and the dropout that was asked for."""
    if spec.name in FAMILIES:
        spec = replace(spec, units=choose.HEAD_UNITS, dropout=choose.HEAD_DROPOUT)
    return spec if options.dropout is None else replace(spec, dropout=options.dropout)


def _preparation(sizes: Sizes | None, model: ModelSpec, options: Options) -> tuple[Preparation | None, str]:
    if sizes is None:
        return None, ""
    backbone = model.name in FAMILIES
    scale, order = FAMILIES.get(model.name, ("unit", "rgb"))
    return choose.choose_preparation(sizes, backbone, scale, order, options.size)


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


def _split(dataset: Dataset, options: Options) -> Split:
    kind: SplitKind = options.split or ("given" if dataset.parts is not None else "stratified")
    return Split(kind, options.val, options.test, seed=options.seed)


def _recipe(
    plan: Plan,
    sizes: Sizes | None,
    model: ModelSpec,
    preparation: Preparation | None,
    spec: Split,
    options: Options,
    flip_safe: bool,
) -> tuple[Recipe, list[str]]:
    labels = plan.labels("train")
    backbone = model.name in FAMILIES
    notes: list[str] = []
    feed = choose.choose_feed(len(labels))
    if options.batch is not None:
        feed = Feed(batch=options.batch)
    weights, balanced, why = choose.choose_balance(choose.labels_per_class(labels, len(plan.dataset.classes)))
    if not options.balance:
        weights, balanced, why = None, False, ""
    notes += [why] if why else []
    augmentation = Augmentation()
    if (
        options.augment
        and preparation is not None
        and sizes is not None
        and (not backbone or options.fine_tune > 0)
    ):
        photographs = not sizes.grey and min(sizes.median) >= 32
        flip = flip_safe if options.flip is None else options.flip
        augmentation, why = choose.choose_augmentation(
            preparation.height, preparation.width, photographs, flip
        )
        notes.append(why)
    stages = choose.choose_stages(len(labels), feed.batch, backbone, options.epochs, options.fine_tune)
    if options.patience is not None:
        stages = tuple(replace(stage, patience=options.patience) for stage in stages)
    recipe = Recipe(
        data=plan.dataset.origin,
        classes=plan.dataset.classes,
        preparation=preparation,
        model=model,
        split=spec,
        feed=replace(feed, balanced=balanced),
        augmentation=augmentation,
        label_smoothing=options.label_smoothing,
        optimiser=Optimiser(options.optimiser, options.rate),
        schedule="cosine",
        class_weights=weights,
        stages=stages,
        precision=options.precision,
        seed=options.seed,
    )
    return recipe, notes


def parts_from(manifest: Manifest) -> Mapping[str, Part]:
    """The part of each item by name."""
    return dict(zip(manifest.names, manifest.parts, strict=True))
