"""An epoch of one step.

What it does: reads the number of steps from the progress bar.
Why it matters: each epoch is then one update of the weights; fifty epochs are fifty steps, and BatchNorm's moving
averages have hardly moved.
Instead: a batch size well below the number of images, or more steps.
Cannot tell: whether more steps would help; only that few were made.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import log

CODE, NAME = "L102", "one_step_epoch"
NEEDS = ("runs",)
POOR = 0.7  # training accuracy below which more updates are worth naming first


def check(case: Case) -> Iterator[Outcome]:
    """A bar of 1/1 over at least two epochs, unless it counts samples."""
    for run in case.runs:
        steps = {e.steps for e in run.epochs}
        if steps != {1} or run.samples or len(run.epochs) < 2:
            continue
        yield Finding(
            CODE, NAME, "PROVED",
            f"Every epoch is a single step (1/1): {len(run.epochs)} epochs are {len(run.epochs)} updates of the "
            "weights, because one batch holds all the images.",
            numbers={"steps": 1, "epochs": len(run.epochs), "updates": len(run.epochs)},
            evidence=tuple(e.source for e in run.epochs[:2]),
            cannot_tell="whether more updates are enough.",
            remedy="A smaller batch (8 to 32), so that an epoch has tens of steps.",
            next_step="valscope train PHOTOS/",
            weight=0.4, minor=not _unlearned(run),
        )  # fmt: skip


def _unlearned(run: LoggedRun) -> bool:
    scores = [r.value for r in run.column("accuracy") if r is not None]
    return bool(scores) and scores[-1] < POOR


def sick(seed: int = 0) -> World:
    """Three epochs of one step, hardly better than the first weights."""
    return post(log(learning(seed, epochs=3, top=0.4), seed, steps=1))


def healthy(seed: int = 0) -> World:
    """Fifty steps an epoch."""
    return post(log(learning(seed, epochs=8), seed, steps=50))
