"""The choices that a recipe needs and the user did not make, each with the reason that the report gives.

Pure functions of what is known about the data: the same data gives the same recipe on every machine.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.dataset import Sizes
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Stage

SMALL = 64  # pixels; below, a backbone trained on photographs of 224 pixels sees enlarged blur
CNN_SIZE = 128  # largest side of the small network's input: 4.5 s an epoch for 1,939 images on two cores
BACKBONE_SIZE = (
    160  # MobileNetV2 at 160 costs half of 224 and 1 to 2 points on ImageNet (arXiv 1801.04381, tab. 4)
)
DEFAULT_BACKBONE = "mobilenetv2"
IMBALANCED = 2.0  # largest class over smallest from which classes are weighted
VERY_IMBALANCED = (
    20.0  # from which weights would let single images dominate a batch: classes are drawn instead
)
CNN_STEPS = 2500  # batches; with the cosine schedule 12 epochs on the digits (480 batches) reach what 40 do
# A hidden layer with strong dropout beats a linear head on trashnet features: val_loss 0.65
# against 0.70 to 0.75 over eight settings, accuracy 1 to 2 points higher.
HEAD_UNITS, HEAD_DROPOUT = 256, 0.5
HEAD_EPOCHS, HEAD_PATIENCE = 60, 8  # on cached features an epoch takes tenths of a second


def choose_model(sizes: Sizes | None, backbone_weights: str | None) -> tuple[ModelSpec, str]:
    """The network for these images, and why. `sizes` None means feature vectors; `backbone_weights` is where
    pretrained weights can be had, None for nowhere."""
    if sizes is None:
        return ModelSpec("features"), "The data are feature vectors: only a head is trained on them."
    if min(sizes.median) < SMALL:
        return ModelSpec("cnn"), (
            f"Images of {sizes.median[0]}x{sizes.median[1]} are too small for a pretrained backbone: "
            "a small network is trained from nothing."
        )
    if backbone_weights is None:
        return ModelSpec("cnn"), (
            "No pretrained weights can be had here, so a small network is trained from nothing; on photographs "
            "that usually costs 5 to 25 points. Fetch weights once and give  --model mobilenetv2 --weights FILE"
        )
    return ModelSpec(DEFAULT_BACKBONE, weights=backbone_weights), (
        f"{DEFAULT_BACKBONE} with pretrained weights: its features are computed once and a head is trained on them."
    )


def choose_preparation(
    sizes: Sizes, backbone: bool, scale: str, order: str, asked: tuple[int, int] | None
) -> tuple[Preparation, str]:
    """Size, colour and scale for these images, and why."""
    if asked is not None:
        height, width = asked
        why = f"{height}x{width} pixels, as asked"
    elif backbone:
        height = width = BACKBONE_SIZE
        why = f"{height}x{width} pixels, for the backbone"
    else:
        height, width, why = _own_size(sizes)
    colour = "grey" if sizes.grey and not backbone else "rgb"
    preparation = Preparation(height, width, colour=colour, order=order, scale=scale)  # type: ignore[arg-type]
    return preparation, f"Images become {why}, {colour}, scaled as {scale!r}."


def _own_size(sizes: Sizes) -> tuple[int, int, str]:
    height, width = sizes.one or sizes.median
    shrink = max(1.0, max(height, width) / CNN_SIZE)
    if sizes.one is None:
        side = max(8, min(CNN_SIZE, round(math.sqrt(height * width) / shrink)))
        return side, side, f"{side}x{side} pixels (their sizes differ)"
    shrunk = max(8, round(height / shrink)), max(8, round(width / shrink))
    return *shrunk, f"{shrunk[0]}x{shrunk[1]} pixels" + (" (their own size)" if shrink == 1 else "")


def choose_balance(counts: Sequence[int]) -> tuple[tuple[float, ...] | None, bool, str]:
    """(class weights or None, balanced drawing, why) from the training images of each class."""
    present = [c for c in counts if c]
    ratio = max(present) / min(present) if present else 1.0
    if ratio <= IMBALANCED:
        return None, False, ""
    said = f"The largest class has {ratio:.1f} times the images of the smallest"
    if ratio > VERY_IMBALANCED:
        return None, True, f"{said}: classes are drawn equally often."
    mean = sum(present) / len(present)
    return (
        tuple(round(mean / c, 4) if c else 0.0 for c in counts),
        False,
        f"{said}: the loss weights classes equally.",
    )


def choose_augmentation(
    height: int, width: int, photographs: bool, flip_safe: bool
) -> tuple[Augmentation, str]:
    """Changes that keep the label whatever the classes are; flips only where they are known to be safe."""
    if min(height, width) < 16:
        return Augmentation(shift=0.08), "Training images are shifted a little."
    if not photographs:
        return Augmentation(
            rotate=0.02, shift=0.08, zoom=0.08
        ), "Training images are turned, shifted and zoomed a little."
    spec = Augmentation(
        flip_horizontal=flip_safe, rotate=0.03, shift=0.08, zoom=0.1, brightness=0.1, contrast=0.1
    )
    flips = "mirrored, " if flip_safe else ""
    return spec, f"Training images are {flips}turned, shifted, zoomed and lit a little differently."


def choose_feed(n: int) -> Feed:
    """Batches of 32; smaller for few images, so that an epoch has some steps, larger for many."""
    return Feed(batch=16 if n < 400 else 64 if n > 20_000 else 32)


def choose_stages(
    n: int, batch: int, backbone: bool, epochs: int | None, fine_tune: int
) -> tuple[Stage, ...]:
    """How long to train: the head to its plateau, then `fine_tune` epochs of everything at a tenth of the
    rate; or the small network for about CNN_STEPS batches, with patience for half of them, because the cosine
    schedule gains most at its end."""
    if backbone:
        head = Stage(
            epochs if epochs is not None else HEAD_EPOCHS, "head", patience=HEAD_PATIENCE, cached=True
        )
        tune = Stage(fine_tune, "all", rate_factor=0.1, patience=max(3, fine_tune // 4))
        return (head, tune) if fine_tune else (head,)
    steps = max(1, -(-n // batch))
    chosen = epochs if epochs is not None else min(40, max(15, round(CNN_STEPS / steps)))
    return (Stage(chosen, "all", patience=max(6, chosen // 2)),)


def labels_per_class(labels: NDArray[np.int64], classes: int) -> tuple[int, ...]:
    """How many of each class."""
    return tuple(int(c) for c in np.bincount(labels[labels >= 0], minlength=classes))
