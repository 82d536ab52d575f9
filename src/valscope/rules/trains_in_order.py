"""Training images come in a fixed order.

What it does: finds a training feed with shuffle=False whose files stand class by class.
Why it matters: each batch then holds one class; the network learns the last class that it saw, and the loss saws.
Instead: shuffle training, leave validation as it is.
Cannot tell: that files stand class by class, unless a folder feed says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.case.shown import place
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.images import DataFacts
from valscope.nouns.recipe import Recipe
from valscope.worlds import World, draw
from valscope.worlds.programs import training
from valscope.worlds.scripts import flow

CODE, NAME = "S107", "trains_in_order"
NEEDS = ("training_code",)
SUSPECT = "the order of the training images"
# a shuffle buffer of a few hundred items moves along files that stand class by class
SMALL_BUFFER = 500
BY_CLASS = ("flow_from_directory", "image_dataset_from_directory")


def check(case: Case) -> Iterator[Outcome]:
    """Folder feeds list their files class by class; so do sorted arrays."""
    yield from list(_in_code(case)) or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """A new permutation every epoch, in place of the stored order, whole batches of it, or a small buffer on it."""
    feed = recipe.feed
    small = feed.order == "buffer" and feed.buffer <= SMALL_BUFFER
    if feed.order in ("sequential", "batches") or small:
        return recipe.but(feed=replace(feed, order="permuted"))
    return None


def _in_code(case: Case) -> Iterator[Outcome]:
    """Folder feeds list their files class by class."""
    for script in case.scripts:
        for feed in script.feeds:
            if (
                feed.use == "train"
                and feed.kind in BY_CLASS
                and feed.shuffle is not None
                and not feed.shuffle.value
            ):
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    "Training images come class by class: the folder feed lists them so, and shuffle=False in "
                    f"{lines_of([feed.shuffle.source])} keeps it.",
                    evidence=(feed.shuffle.source,),
                    explains=("L201", "L209"),
        cannot_tell="what it costs; with few classes and large batches less.",
                    remedy="shuffle=True for training; False belongs to validation and prediction.",
                    next_step="valscope train PHOTOS/   (a new permutation every epoch)",
                    weight=0.6,
                )  # fmt: skip


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if (
        not training
        or remedy(training.recipe) is None
        or not any(_by_class(facts, training.origin) for facts in case.data)
    ):
        return
    feed = training.recipe.feed
    how = {
        "buffer": f"a shuffle buffer of {feed.buffer} moves along them",
        "batches": f"only whole batches of {feed.batch} change places",
    }.get(feed.order, f"batches of {feed.batch} are taken from them in that order")
    yield Finding(
        CODE, NAME, "SUSPECTED",
        f"Training images come class by class: so they stand in {case.data[0].origin}, and {how}.",
        evidence=place(case, "feed.order", feed.order),
        explains=("L201", "L209"),
        cannot_tell="what it costs; with few classes and large batches less.",
        remedy="A new permutation of all training images every epoch.",
        next_step="valscope train PHOTOS/   (a new permutation every epoch)",
        weight=0.6,
    )  # fmt: skip


def _by_class(facts: DataFacts, origin: str) -> bool:
    """Sorted arrays; a folder's files stand class by class, but what a script did with its list is not known."""
    listed = facts.kind == "folder" and origin == "recipe"
    return listed or (facts.order is not None and facts.order.value.sorted)


FIT = "model.fit_generator(train, validation_data=val)"


def sick(seed: int = 0) -> World:
    """Training files in the order of their folders."""
    return World({"train.py": flow(more=", shuffle=False", seed=seed) + FIT})


def healthy(seed: int = 0) -> World:
    """Validation files in that order."""
    return World({"train.py": flow(val_more=", shuffle=False", seed=seed) + FIT})


def sick_program(seed: int = 0) -> World:
    """Files are read class by class, and fit does not shuffle."""
    return training(draw.bars(seed, (150, 150, 150), side=32), seed, more=", shuffle=False")


def healthy_program(seed: int = 0) -> World:
    """It does."""
    return training(draw.bars(seed, (150, 150, 150), side=32), seed)
