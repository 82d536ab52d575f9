"""Small trained runs to predict with: what they have learned does not matter to how fast they are."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from bench.images import photographs

TRAINED_ON = 240  # images; the distance to training images is part of each prediction


def case1_run(folder: Path) -> Path:
    """The network, size and kernel of the second published report: 115 x 45, one sigmoid unit."""
    from valscope.nouns.recipe import Augmentation, Stage
    from valscope.recipes import case1

    def recipe(origin: str, classes: tuple[str, ...]) -> Any:
        return case1(origin, classes).but(stages=(Stage(1),), augmentation=Augmentation())

    return _trained(folder, recipe, 45, 115)


def cnn_run(folder: Path, height: int, width: int) -> Path:
    """The small network."""
    from valscope.nouns.preparation import Preparation
    from valscope.nouns.recipe import Optimiser, Recipe, Split, Stage

    def recipe(origin: str, classes: tuple[str, ...]) -> Any:
        return Recipe(
            origin, classes, Preparation(height, width), split=Split("given"),
            optimiser=Optimiser("adam", rate=1e-3), stages=(Stage(1),),
        )  # fmt: skip

    return _trained(folder, recipe, width, height)


def backbone_run(folder: Path, side: int) -> Path:
    """MobileNetV2 with a head, its weights from VALSCOPE_WEIGHTS where they are there."""
    from valscope.nouns.recipe import Stage

    def recipe(origin: str, classes: tuple[str, ...]) -> Any:
        return mobilenet(origin, classes, side).but(stages=(Stage(1, "head", cached=True),))

    return _trained(folder, recipe, side, side)


def mobilenet(origin: str, classes: tuple[str, ...], side: int) -> Any:
    """MobileNetV2, frozen, with the head Dropout - Dense(256) - Dropout - Dense, trained to its plateau."""
    from valscope.nouns.preparation import Preparation
    from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe, Split, Stage

    return Recipe(
        origin, classes, Preparation(side, side, scale="symmetric"),
        ModelSpec("mobilenetv2", weights=weights(), units=256, dropout=0.5),
        split=Split("given"), optimiser=Optimiser("adam", rate=1e-3),
        stages=(Stage(60, "head", patience=8, cached=True),),
    )  # fmt: skip


def weights() -> str:
    """A file with MobileNetV2's ImageNet weights in the folder VALSCOPE_WEIGHTS, or "none"."""
    folder = Path(os.environ.get("VALSCOPE_WEIGHTS", ""))
    found = sorted(folder.glob("mobilenetv2*notop*.h5")) if "VALSCOPE_WEIGHTS" in os.environ else []
    return str(found[0]) if found else "none"


def _trained(folder: Path, recipe: Any, width: int, height: int) -> Path:
    from valscope.training.train import train

    os.environ["VALSCOPE_CACHE"] = str(folder / "cache")
    images = photographs(folder / "images", TRAINED_ON, width, height)
    train(images, folder / "run", recipe=recipe)
    return folder / "run"
