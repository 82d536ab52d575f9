"""A learning rate so low that nothing moves.

What it does: looks for a log in which the loss creeps down, smoothly and by almost nothing, at a rate known to be
tiny for its optimiser.
Why it matters: such a run looks like one that cannot learn, and more epochs or layers are tried in vain.
Instead: a range test, or Keras' default for Adam, 0.001. Adadelta is meant for 1.0; Keras' default of 0.001 stands still.
Cannot tell: a low rate from vanished gradients, where the rate is not known.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from valscope.case import Case
from valscope.case.backbones import expected
from valscope.case.shown import place
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.nouns.recipe import Optimiser, Recipe
from valscope.worlds import World, draw, programs, trainings
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log
from valscope.worlds.scripts import network

CODE, NAME = "T105", "learning_rate_too_low"
NEEDS = ("training_code", "runs")
SUSPECT = "a learning rate that is too low"
EXPLAINS = ("L201", "L202")
# rates at and below which fresh networks hardly move in tens of epochs, and the rate to try instead
TINY = {
    "adam": (1e-5, 1e-3), "adamw": (1e-5, 1e-3), "nadam": (1e-5, 1e-3), "adamax": (1e-5, 1e-3),
    "rmsprop": (1e-5, 1e-3), "sgd": (1e-4, 1e-2), "adagrad": (1e-3, 3e-2), "adadelta": (1e-2, 1.0),
}  # fmt: skip
FINE = 0.1  # of all this for pretrained weights, which want to be moved little
TOY = 10.0  # the small NumPy network wants rates ten times as large
FALLS = 0.10  # share of its first value by which the loss falls over the whole run, at most
FEWEST = 4
KNOWN = 0.20  # accuracy above chance from which it has learned


@dataclass(frozen=True, slots=True)
class Creep:
    """first, last  training losses;  epochs  between them."""

    first: Reading
    last: Reading
    epochs: int


def check(case: Case) -> Iterator[Outcome]:
    """A tiny rate and a creeping loss together; neither alone."""
    rate = _rate(case)
    if rate is None:
        return
    for run in case.runs:
        creep = _creep(run.column("loss"))
        if creep is not None and not _learned(case, run):
            yield _finding(run, creep, *rate)
            return


def remedy(recipe: Recipe) -> Recipe | None:
    """The usual rate of the optimiser."""
    optimiser, toy = recipe.optimiser, TOY if recipe.model.name == "toy" else 1.0
    if optimiser.rate is None or optimiser.name not in TINY:
        return None
    tiny, usual = TINY[optimiser.name]
    if expected(recipe.model) is not None:
        tiny, usual = FINE * tiny, FINE * usual
    if optimiser.rate > toy * tiny:
        return None
    return recipe.but(optimiser=replace(optimiser, rate=float(f"{toy * usual:.3g}")))


def _rate(case: Case) -> tuple[str, float, tuple[Source, ...]] | None:
    """(optimiser, rate in force, where it stands) of the first compile call that is tiny, else of the recipe."""
    compiled = [c for s in case.scripts for c in s.compiles if c.optimiser is not None]
    for c in compiled:
        name, rate = c.optimiser.value if c.optimiser is not None else "", c.rate_in_force
        if name in TINY and rate is not None and rate <= TINY[name][0] and c.schedule is None:
            return name, rate, ((c.rate or c.optimiser or c).source,)
    training = case.training
    if compiled or not training or remedy(training.recipe) is None or training.recipe.optimiser.rate is None:
        return None
    own = training.recipe.optimiser
    return own.name, float(own.rate or 0.0), place(case, "optimiser.rate", own.rate)


def _creep(losses: Sequence[Reading | None]) -> Creep | None:
    """A loss that never rises by more than a hundredth of itself and falls by less than FALLS in all."""
    known = [r for r in losses if r is not None and math.isfinite(r.value) and r.value > 0]
    if len(known) < FEWEST:
        return None
    first, last = known[0], known[-1]
    smooth = all(b.value <= 1.01 * a.value + a.half + b.half for a, b in pairwise(known))
    small = 0 <= first.value - last.value <= FALLS * first.value
    return Creep(first, last, len(known)) if smooth and small else None


def _learned(case: Case, run: LoggedRun) -> bool:
    chance = 1 / case.classes.value if case.classes else 0.5
    scores = [r.value for r in run.column("accuracy") if r is not None]
    return not scores or max(scores) >= chance + KNOWN


def _finding(run: LoggedRun, creep: Creep, name: str, rate: float, places: tuple[Source, ...]) -> Finding:
    share = 1 - creep.last.value / creep.first.value
    usual = TINY[name][1]
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"The loss creeps: from {creep.first.text} to {creep.last.text} in {creep.epochs} epochs ({share:.1%}), without a "
        f"jump, at {name}'s rate of {rate:g}; usual is about {usual:g}.",
        numbers={"rate": rate, "usual": usual, "fall": share, "epochs": creep.epochs},
        evidence=(*places, run.epochs[0].source, run.epochs[-1].source),
        explains=EXPLAINS,
        cannot_tell="vanished gradients, or a loss that is mostly a penalty: those creep at any rate.",
        remedy=f"A rate of {usual:g}, or a range test.",
        next_step="valscope train PHOTOS/   (finds the rate by a range test)",
        weight=0.6,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Adam at a millionth, Adadelta at Keras' default: the loss creeps."""
    rows: list[Row] = [
        (1.1 - 0.004 * i, 0.36 + 0.002 * i, 1.101 - 0.004 * i, 0.35 + 0.003 * i) for i in range(8 + seed % 3)
    ]
    return _trained(("Adam(learning_rate=1e-6)", "Adadelta(learning_rate=0.001)")[seed % 2], rows, seed)


def healthy(seed: int = 0) -> World:
    """The usual rates."""
    return _trained(
        ("Adam(learning_rate=1e-3)", "Adadelta(learning_rate=1.0)")[seed % 2], learning(seed), seed
    )


def _trained(optimiser: str, rows: list[Row], seed: int) -> World:
    script = network(seed=seed)
    for name in ("'adam'", "'rmsprop'"):
        script = script.replace(name, optimiser)
    script = f"from keras.optimizers import {optimiser.partition('(')[0]}\n{script}"
    return World({"train.py": script, "training.log": found(3) + log(rows, seed)})


def sick_training(seed: int = 0) -> World:
    """A thousandth of the rate that suits."""
    return trainings.world(draw.blobs(seed), optimiser=Optimiser("adam", rate=1e-5))


def healthy_training(seed: int = 0) -> World:
    """The rate that suits."""
    return trainings.world(draw.blobs(seed))


def sick_program(seed: int = 0) -> World:
    """SGD at a thousandth of the usual rate."""
    return _at_rate("1e-5", seed)


def healthy_program(seed: int = 0) -> World:
    """SGD at the usual rate."""
    return _at_rate("1e-2", seed)


def _at_rate(rate: str, seed: int) -> World:
    optimiser = f"keras.optimizers.SGD(learning_rate={rate})"
    return programs.training(
        draw.blobs(seed, (150, 150, 150), side=32), seed, optimiser=optimiser, epochs="12"
    )
