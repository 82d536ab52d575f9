"""Training ended while it was still getting better.

What it does: looks for a short log whose losses fall clearly to the last epoch, training and validation together.
Why it matters: the score is that of an unfinished training, and nothing else can be concluded from it.
Instead: more epochs with early stopping, so that the training itself says when it is done.
Cannot tell: how far it would get; curves flatten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.nouns.recipe import Recipe
from valscope.worlds import World, draw
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log
from valscope.worlds.programs import training

CODE, NAME = "T107", "few_epochs"
NEEDS = ("runs",)
SHORTEST, LONGEST = 4, 12  # epochs
STEPS = 3  # last falls that are looked at
FALL = 0.04  # share of a loss that it loses in each of them
GAIN = 0.02  # val_accuracy gained in each of them
DONE = 0.65  # val_accuracy from which a report is about something else
LITTLE = 0.5  # of the way from guessing to all right
TIMES = 3


def check(case: Case) -> Iterator[Outcome]:
    """By the way where much was learned, for that is true of many trainings; else it may be the whole trouble."""
    for run in case.runs:
        if SHORTEST <= len(run.epochs) <= LONGEST and _falling(run) and not case.disowned(run):
            yield _finding(run, _little(run, case.classes.value) if case.classes else False)
            return


def remedy(recipe: Recipe) -> Recipe | None:
    """Three times as many epochs; tried only where the log was seen to fall."""
    return recipe.but(stages=tuple(replace(s, epochs=TIMES * s.epochs) for s in recipe.stages))


def _falling(run: LoggedRun) -> bool:
    scores = [r.value for r in run.column("val_accuracy") if r is not None][-STEPS - 1 :]
    if len(scores) <= STEPS or scores[-1] >= DONE or scores[-1] - scores[0] < STEPS * GAIN:
        return False
    return scores[-1] == max(scores) and _falls(run.column("loss")) and _falls(run.column("val_loss"))


def _falls(losses: Sequence[Reading | None]) -> bool:
    known = [r.value for r in losses[-STEPS - 1 :] if r is not None and math.isfinite(r.value)]
    return len(known) > STEPS and all(b <= (1 - FALL) * a for a, b in pairwise(known))


def _little(run: LoggedRun, classes: int) -> bool:
    """Whether validation ends in the first half of the way from guessing to all right."""
    scores = [r.value for r in run.column("val_accuracy") if r is not None]
    return scores[-1] < 1 / classes + LITTLE * (1 - 1 / classes)


def _finding(run: LoggedRun, little: bool) -> Finding:
    losses = [r for r in run.column("val_loss") if r is not None]
    scores = [r for r in run.column("val_accuracy") if r is not None]
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Training ended in full fall after {len(run.epochs)} epochs: in the last {STEPS} val_loss went from "
        f"{losses[-STEPS - 1].text} to {losses[-1].text} and val_accuracy from {scores[-STEPS - 1].text} to "
        f"{scores[-1].text}.",
        numbers={"epochs": len(run.epochs), "val_loss": losses[-1].value, "val_accuracy": scores[-1].value},
        evidence=(run.epochs[-STEPS - 1].source, run.epochs[-1].source),
        cannot_tell="how far it would get.",
        remedy=f"{TIMES * len(run.epochs)} epochs and EarlyStopping(restore_best_weights=True).",
        next_step=f"valscope train PHOTOS/ --epochs {TIMES * len(run.epochs)}",
        weight=0.35, minor=not little,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Six epochs of a steady fall."""
    start = 1.5 + 0.01 * (seed % 7)
    rows: list[Row] = [(start * 0.9**i, 0.36 + 0.04 * i, start * 0.92**i, 0.34 + 0.03 * i) for i in range(6)]
    return World({"training.log": found(4) + log(rows, seed)})


def healthy(seed: int = 0) -> World:
    """A training that has flattened."""
    return World({"training.log": found(4) + log(learning(seed, classes=4, epochs=14), seed)})


def sick_program(seed: int = 0) -> World:
    """Five epochs, in the middle of the fall."""
    return _letters("5", seed)


def healthy_program(seed: int = 0) -> World:
    """Until it has learned them."""
    return _letters("20", seed)


def _letters(epochs: str, seed: int) -> World:
    return training(draw.letters(seed, (200,) * 8, side=32), seed, epochs=epochs)
