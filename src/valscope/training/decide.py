"""What the user decided, and the recipe that follows from it and from the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.scale import FAMILIES
from valscope.errors import UsageError
from valscope.nouns.dataset import Dataset, Sizes
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


def decide_model(
    sizes: Sizes | None, options: Options, find_weights: Callable[[str], str | None]
) -> tuple[ModelSpec, list[str]]:
    """The network, as asked or chosen, and why. `sizes` None means feature vectors."""
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


def decide_preparation(
    sizes: Sizes | None, model: ModelSpec, options: Options
) -> tuple[Preparation | None, str]:
    """How its images are prepared, and why; None for feature vectors."""
    if sizes is None:
        return None, ""
    backbone = model.name in FAMILIES
    scale, order = FAMILIES.get(model.name, ("unit", "rgb"))
    return choose.choose_preparation(sizes, backbone, scale, order, options.size)


def decide_split(dataset: Dataset, options: Options) -> Split:
    """The split that was asked for; else the given parts, else a stratified one."""
    kind: SplitKind = options.split or ("given" if dataset.parts is not None else "stratified")
    return Split(kind, options.val, options.test, seed=options.seed)


def decide_recipe(
    dataset: Dataset,
    labels: NDArray[np.int64],
    sizes: Sizes | None,
    model: ModelSpec,
    preparation: Preparation | None,
    spec: Split,
    options: Options,
    flip_safe: bool,
) -> tuple[Recipe, list[str]]:
    """The whole recipe, and why.

    labels  of the training images;  flip_safe  whether a horizontal flip keeps every label.
    """
    backbone = model.name in FAMILIES
    notes: list[str] = []
    feed = choose.choose_feed(len(labels))
    if options.batch is not None:
        feed = Feed(batch=options.batch)
    weights, balanced, why = choose.choose_balance(choose.labels_per_class(labels, len(dataset.classes)))
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
        data=dataset.origin,
        classes=dataset.classes,
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
