"""Training images are drawn with replacement.

What it does: finds a random index drawn anew for every image of a batch.
Why it matters: an epoch of n draws shows 1 - 1/e = 63 % of the images, some several times.
Instead: one permutation per epoch.
Cannot tell: how much it costs; over many epochs little.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.case.shown import place
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Feed, Optimiser, Recipe
from valscope.worlds import World, draw, programs, scripts, trainings

CODE, NAME = "S103", "samples_with_replacement"
NEEDS = ("training_code",)
SUSPECT = "sampling with replacement"


def check(case: Case) -> Iterator[Outcome]:
    """Sequence classes of the user's own, else the recipe."""
    yield from list(_in_code(case)) or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """Every image once an epoch."""
    if recipe.feed.order != "with_replacement":
        return None
    return recipe.but(feed=replace(recipe.feed, order="permuted"))


def _in_code(case: Case) -> Iterator[Outcome]:
    """Sequence classes of the user's own."""
    for script in case.scripts:
        for sequence in script.sequences:
            if sequence.with_replacement is None:
                continue
            drawn = sequence.with_replacement
            yield _finding(f"{sequence.name} draws each training image anew ({drawn.value})", (drawn.source,))


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if training and remedy(training.recipe) is not None:
        yield _finding(
            "The feed draws each training image anew", place(case, "feed.order", "with_replacement")
        )


def _finding(who: str, evidence: tuple[Source, ...]) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"{who}, so an epoch of n draws shows 1 - 1/e = 63 % of the images and some of them several times.",
        numbers={"share_seen": 0.632},
        evidence=evidence,
        cannot_tell="what it costs: it slows training, it does not hold validation at chance.",
        remedy="Permute the indices once per epoch (on_epoch_end) and take them in turn by the batch's index.",
        next_step="valscope train PHOTOS/   (every image once an epoch)",
        weight=0.2,
    )  # fmt: skip


FEED = """import random


class Rows(keras.utils.PyDataset):
    def __init__(self, x, y, **more):
        super().__init__(**more)
        self.x, self.y = x, y
        self.order = np.random.permutation(len(x))

    def __len__(self):
        return len(self.x) // 32

    def __getitem__(self, index):
        rows = [{} for i in range(32)]
        return self.x[rows], self.y[rows]


"""


def sick(seed: int = 0) -> World:
    """A random row for each image."""
    draw = ("random.randint(0, len(self.files) - 1)", "np.random.randint(len(self.files))")[seed % 2]
    return World({"feed.py": scripts.sequence(f"chosen = {draw}", seed=seed)})


def healthy(seed: int = 0) -> World:
    """The rows that the index stands for."""
    return World({"feed.py": scripts.sequence(seed=seed)})


def neutral_training(seed: int = 0) -> World:
    """A rate that destroys the network, and this, which is blamed for it."""
    return trainings.world(
        draw.blobs(seed), feed=Feed(order="with_replacement"), optimiser=Optimiser("adam", rate=0.3)
    )


def healthy_training(seed: int = 0) -> World:
    """Neither."""
    return trainings.world(draw.blobs(seed))


def neutral_program(seed: int = 0) -> World:
    """A rate that destroys the network, and a random row for each image, which is blamed for it."""
    return _fed("random.randint(0, len(self.x) - 1)", programs.RUINOUS, seed)


def healthy_program(seed: int = 0) -> World:
    """The usual rate and the rows that the index stands for."""
    return _fed("self.order[index * 32 + i]", '"adam"', seed)


def _fed(row: str, optimiser: str, seed: int) -> World:
    data = f"{programs.PARTED}\n{FEED.format(row)}"
    return programs.training(
        draw.bars(seed, (150, 150, 150), side=32), seed, data=data,
        optimiser=optimiser,
        feed="Rows(x_train, y_train), validation_data=(x_val, y_val)",
    )  # fmt: skip
