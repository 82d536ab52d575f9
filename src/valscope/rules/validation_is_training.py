"""Validation scores the training images.

What it does: sees in the code that fit validates on the object that it trains on.
Why it matters: val_accuracy then measures memory, and nothing warns of overfitting.
Instead: images that training never sees.
Cannot tell: what the score on other images is.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.worlds import World
from valscope.worlds.scripts import network

CODE, NAME = "S102", "validation_is_training"
NEEDS = ("training_code",)


def check(case: Case) -> Iterator[Outcome]:
    """By the code, or because two parts of measured data hold the same files."""
    for script in case.scripts:
        for fit in script.fits:
            if fit.validation_is_training is not None and fit.validation_is_training.value:
                yield Finding(
                    CODE, NAME, "PROVED",
                    "Validation gets the very images that are trained: the same object is passed for both in "
                    f"{lines_of([fit.validation_is_training.source])}.",
                    evidence=(fit.validation_is_training.source,),
                    explains=(WORSE_IN_USE,),
                    cannot_tell="the score on images that were not trained.",
                    remedy="Hold out a stratified part before fit and validate on it.",
                    next_step="valscope train PHOTOS/   (holds out a validation and a test part)",
                    weight=0.9,
                )  # fmt: skip
                return


def sick(seed: int = 0) -> World:
    """The same two arrays train and validate."""
    return World({"train.py": network(more="model.fit(x, y, validation_data=(x, y), epochs=9)", seed=seed)})


def healthy(seed: int = 0) -> World:
    """Arrays of their own validate."""
    return World(
        {"train.py": network(more="model.fit(x, y, validation_data=(x_val, y_val), epochs=9)", seed=seed)}
    )
