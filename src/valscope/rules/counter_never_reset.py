"""A generator's own counter runs on over the epochs.

What it does: finds a Sequence that ignores the index it is asked for and counts for itself, never back to 0.
Why it matters: worker threads and prefetching take batches in advance, so each epoch validates a shifted set; and
two workers may race for the counter.
Instead: take rows index * batch ... (index + 1) * batch.
Cannot tell: by how many images each epoch is shifted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.case.shown import place
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Recipe
from valscope.nouns.script import SequenceClass
from valscope.worlds import World, draw, programs, scripts

CODE, NAME = "S104", "counter_never_reset"
NEEDS = ("training_code",)
SUSPECT = "a counter that runs on from epoch to epoch"


def check(case: Case) -> Iterator[Outcome]:
    """Sequence classes of the user's own, else the recipe."""
    yield from list(_in_code(case)) or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """Every epoch begins with the first batch, and all validation images are scored."""
    if not recipe.feed.carried_counter:
        return None
    return recipe.but(feed=replace(recipe.feed, carried_counter=False, steps=None, val_steps=None))


def _in_code(case: Case) -> Iterator[Outcome]:
    """Sequence classes of the user's own."""
    for script in case.scripts:
        for sequence in script.sequences:
            if sequence.counter is not None:
                yield _finding(sequence)


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if training and remedy(training.recipe) is not None:
        yield Finding(
            CODE, NAME, "SUSPECTED",
            "The feed's position runs on from epoch to epoch and never returns to 0: every epoch validates a "
            "slightly shifted set of images.",
            evidence=place(case, "feed.carried_counter", "True"),
            cannot_tell="by how many images.",
            remedy="Begin every epoch with the first batch; keep no state between epochs.",
            next_step="valscope train PHOTOS/   (validates the same images in the same order every epoch)",
            weight=0.25,
        )  # fmt: skip


def _finding(sequence: SequenceClass) -> Finding:
    assert sequence.counter is not None
    cut = " and leaves out a last short batch" if sequence.floors is not None else ""
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"{sequence.name} counts on by itself ({sequence.counter.value}, {lines_of([sequence.counter.source])}) whatever "
        f"batch it is asked for{cut}: every epoch validates a slightly shifted set of images.",
        numbers={"counter": sequence.counter.value},
        evidence=(sequence.counter.source,),
        cannot_tell="by how many images; prefetching decides that.",
        remedy="Take the rows index * batch_size to (index + 1) * batch_size; keep no state between batches.",
        next_step="valscope train PHOTOS/   (validates the same images in the same order every epoch)",
        weight=0.25,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """The rows that an own counter stands for."""
    return World({"feed.py": scripts.sequence("chosen = self.position; self.position += 1", seed=seed)})


def healthy(seed: int = 0) -> World:
    """The rows that the index stands for."""
    return World({"feed.py": scripts.sequence(seed=seed)})


FEED = """class Rows(keras.utils.PyDataset):
    def __init__(self, x, y, **more):
        super().__init__(**more)
        self.x, self.y, self.position = x, y, 0
        self.order = np.random.permutation(len(x))

    def __len__(self):
        return len(self.x) // 32

    def __getitem__(self, index):
        rows = [self.order[(@ * 32 + i) % len(self.x)] for i in range(32)]
        self.position += 1
        return self.x[rows], self.y[rows]


"""


def neutral_program(seed: int = 0) -> World:
    """A rate that destroys the network, and a feed that counts on by itself, which is blamed for it."""
    return _fed("self.position", programs.RUINOUS, seed)


def healthy_program(seed: int = 0) -> World:
    """The usual rate and the rows that the index stands for."""
    return _fed("index", '"adam"', seed)


def _fed(row: str, optimiser: str, seed: int) -> World:
    feed = FEED.replace("@", row)
    if row == "index":
        feed = feed.replace("        self.position += 1\n", "").replace(
            ", self.position = x, y, 0", " = x, y"
        )
    return programs.training(
        draw.bars(seed, (150, 150, 150), side=32), seed, data=f"{programs.PARTED}\n{feed}",
        optimiser=optimiser,
        feed="Rows(x_train, y_train), validation_data=(x_val, y_val)",
    )  # fmt: skip
