"""Validation images are changed at random.

What it does: finds augmentation on the validation feed.
Why it matters: the score is that of distorted images, and it differs from epoch to epoch.
Instead: a second generator that only scales.
Cannot tell: by how much; strong shears and rotations cost points.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World
from valscope.worlds.scripts import flow

CODE, NAME = "P113", "validation_augmented"
NEEDS = ("training_code",)


def check(case: Case) -> Iterator[Outcome]:
    """Feeds used for validation or test."""
    for script in case.scripts:
        for feed in script.feeds:
            if feed.use in ("validation", "test") and feed.augmentation:
                names = ", ".join(f"{s.name}={s.value}" for s in feed.augmentation[:4])
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"{feed.use.capitalize()} images are augmented too ({names}).",
                    numbers={"changes": len(feed.augmentation)},
                    evidence=tuple(s.source for s in feed.augmentation[:3]),
                    cannot_tell="how many points it costs.",
                    remedy="A generator for validation that scales as training does and changes nothing else.",
                    next_step="print(model.evaluate(x_val, y_val))   (the images as they are)",
                    weight=0.35,
                )  # fmt: skip
                break


FIT = "model.fit_generator(train, validation_data=val)"


def sick(seed: int = 0) -> World:
    """Turned and mirrored at random."""
    return World(
        {"train.py": flow(val="rescale=1./255, rotation_range=40, horizontal_flip=True", seed=seed) + FIT}
    )


def healthy(seed: int = 0) -> World:
    """Only scaled."""
    return World({"train.py": flow(seed=seed) + FIT})
