"""Sound recipes of the NumPy network, to be spoilt by one edit."""

from __future__ import annotations

from typing import Any

from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe, Split, Stage
from valscope.worlds.world import TOY, Drawn, World

RATE = 1e-2  # Adam; a tenth learns in twice the epochs, ten times as much collapses


def recipe(drawn: Drawn, epochs: int = 12) -> Recipe:
    """What suits a drawn set: stratified split with 30 % validation, all images once an epoch, 1/255, no
    weights, Adam, the last epoch is kept. The split is "given" where the set has parts."""
    shape = drawn.images.shape[1:]
    preparation = Preparation(shape[0], shape[1]) if len(shape) == 3 else None
    return Recipe(
        "data.npz", drawn.classes, preparation,
        model=ModelSpec(TOY, activation="softmax", dropout=0.1),
        split=Split("given" if drawn.parts else "stratified", val=0.3, test=0.0, grouping="none"),
        optimiser=Optimiser("adam", rate=RATE),
        stages=(Stage(epochs),), restore_best=False,
    )  # fmt: skip


def world(drawn: Drawn, **changes: Any) -> World:
    """A world of nothing but its training: the sound recipe with some fields changed."""
    return World(recipe=recipe(drawn).but(**changes), images=drawn)
