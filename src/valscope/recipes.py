"""The trainings of five published reports as recipes: faults and all.

Each takes the data's name and its classes; `recipe.but(...)` mends or varies it. The images of the reports
are not public, so the data are the reader's own.
"""

from __future__ import annotations

from collections.abc import Callable

from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Augmentation, Feed, ModelSpec, Optimiser, Recipe, Split, Stage

Make = Callable[[str, tuple[str, ...]], Recipe]


def case0(data: str, classes: tuple[str, ...]) -> Recipe:
    """Features of a backbone, rows sorted by class, `validation_split=0.3` (the unshuffled tail), class
    weights that also count in validation, RMSprop."""
    return Recipe(
        data, classes, None,
        model=ModelSpec("case0", activation="softmax"),
        split=Split("tail", val=0.3, test=0.0, grouping="none"),
        feed=Feed(batch=32, weighted_validation=True),
        class_weights=(2.045433255269321, 2.9667119565217392, 5.746052631578947) if len(classes) == 3 else None,
        optimiser=Optimiser("rmsprop", rate=1e-3),
        stages=(Stage(50),), restore_best=False,
    )  # fmt: skip


def case1(data: str, classes: tuple[str, ...]) -> Recipe:
    """115 x 45 images read as RGB with the nearest kernel, 1/255, two convolutions, one sigmoid unit, shear
    and zoom (the shear is left out: it moves fewer pixels than the zoom)."""
    return Recipe(
        data, classes,
        Preparation(115, 45, kernel="nearest", exif=False, fast_decode=False, alpha="drop"),
        model=ModelSpec("case1", activation="sigmoid", outputs="one"),
        split=Split("given", grouping="none"),
        augmentation=Augmentation(zoom=0.2),
        loss="binary_crossentropy",
        optimiser=Optimiser("adam", rate=1e-3),
        stages=(Stage(32),), restore_best=False,
    )  # fmt: skip


def case2(data: str, classes: tuple[str, ...]) -> Recipe:
    """A frozen ResNet50, each image divided by its own maximum, drawn with replacement, validation on a
    counter that is never reset, binary cross-entropy on a softmax of two units."""
    return Recipe(
        data, classes,
        Preparation(200, 200, kernel="nearest", exif=False, fast_decode=False, alpha="drop", scale="image_max"),
        model=ModelSpec("case2_resnet50", weights="imagenet", activation="softmax", dropout=0.0),
        split=Split("stratified", val=0.15, test=0.15, grouping="none"),
        feed=Feed(batch=8, order="with_replacement", carried_counter=True),
        augmentation=Augmentation(rotate=0.1),
        loss="binary_crossentropy",
        optimiser=Optimiser("adam", rate=1e-4),
        stages=(Stage(200, "head", patience=15),), restore_best=False,
    )  # fmt: skip


def case3(data: str, classes: tuple[str, ...]) -> Recipe:
    """256 x 256 images, three double convolutions, a learning rate of 0.01."""
    return Recipe(
        data, classes,
        Preparation(256, 256, kernel="nearest", exif=False, fast_decode=False, alpha="drop"),
        model=ModelSpec("case3", activation="softmax"),
        split=Split("given", grouping="none"),
        optimiser=Optimiser("adam", rate=1e-2),
        stages=(Stage(20),), restore_best=False,
    )  # fmt: skip


def case4(data: str, classes: tuple[str, ...]) -> Recipe:
    """VGG19 with a new head on few images that differ in a small detail."""
    return Recipe(
        data, classes,
        Preparation(150, 150, kernel="nearest", exif=False, fast_decode=False, alpha="drop"),
        model=ModelSpec("case4", weights="imagenet", activation="softmax", units=256, dropout=0.5),
        split=Split("stratified", val=0.2, test=0.2, grouping="none"),
        feed=Feed(batch=16),
        optimiser=Optimiser("rmsprop", rate=2e-5),
        stages=(Stage(15),), restore_best=False,
    )  # fmt: skip


CASES: dict[str, Make] = {"case0": case0, "case1": case1, "case2": case2, "case3": case3, "case4": case4}
