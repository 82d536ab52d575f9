"""A learning rate that destroys what was learned, or never lets it begin.

What it does: looks in the log for a collapse (a model that knew something answers the prior from one epoch on),
or for a run that sits on the prior from the start at a rate known to be large for its optimiser.
Why it matters: no change of architecture or activation helps as long as the rate throws the weights away.
Instead: a range test, then a tenth of the rate at which the loss turns.
Cannot tell: a large rate from dead units or wrong labels, where the log starts on the prior.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope import architecture
from valscope.case import Case
from valscope.case.backbones import fine_tunes
from valscope.case.shown import place
from valscope.evidence.laws.chance import prior
from valscope.nouns.fact import Fact
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.nouns.recipe import ModelSpec, Optimiser, Recipe
from valscope.nouns.script import Compile
from valscope.worlds import World, draw, post, programs, trainings
from valscope.worlds.curves import at_prior, learning
from valscope.worlds.logs import found, log

CODE, NAME = "T101", "learning_rate"
NEEDS = ("runs",)
SUSPECT = "the learning rate"
EXPLAINS = ("L201", "L202", "L204", "G101", "L209")
# rates above which small image networks collapsed in trials: adaptive optimisers at 5e-3, SGD at 0.1
LARGE = {"adam": 5e-3, "adamw": 5e-3, "nadam": 5e-3, "rmsprop": 5e-3, "adamax": 1e-2, "sgd": 0.1}
USUAL = {
    "adam": 1e-3,
    "adamw": 1e-3,
    "nadam": 1e-3,
    "rmsprop": 1e-3,
    "adamax": 1e-3,
    "sgd": 1e-2,
}  # Keras' defaults
LESS = 5.0  # the least by which a large rate is divided
DEEP = 10  # layers with weights, none of which normalises: rates that others bear never let these begin
FINE = 1e-3  # Adam's default undoes pretrained weights; a tenth is the usual rate for them
TOY = 10.0  # the small NumPy network takes rates ten times as large
LEARNED = 0.15  # accuracy above chance that counts as having known something


def check(case: Case) -> Iterator[Outcome]:
    """Log evidence is needed: a rate alone is no finding."""
    for run in case.runs:
        collapse = _collapse(case, run)
        rate = _large(case)
        if collapse is not None:
            yield _collapsed(run, *collapse, rate)
        elif rate is not None and _stuck(case, run):
            yield _started_stuck(run, rate)


def remedy(recipe: Recipe) -> Recipe | None:
    """For a large rate the usual one of its optimiser, for a deep network without normalisation a tenth of that; a
    tenth while a pretrained backbone is trained at FINE or more.

    A range test is no remedy here: on networks that this rule suspects, its rates differ thirtyfold between seeds.
    """
    optimiser, toy = recipe.optimiser, TOY if recipe.model.name == "toy" else 1.0
    if optimiser.rate is None or optimiser.name not in LARGE:
        return None
    usual = toy * USUAL[optimiser.name]
    if optimiser.rate >= toy * LARGE[optimiser.name]:
        return _at(recipe, min(usual, optimiser.rate / LESS))
    if optimiser.rate >= usual and _deep(recipe.model):
        return _at(recipe, usual / 10)
    if not fine_tunes(recipe.model):
        return None
    fine = FINE * (10 if optimiser.name == "sgd" else 1)
    stages = tuple(
        replace(s, rate_factor=s.rate_factor / 10)
        if s.trains != "head" and optimiser.rate * s.rate_factor >= fine
        else s
        for s in recipe.stages
    )
    return recipe.but(stages=stages) if stages != recipe.stages else None


def _at(recipe: Recipe, rate: float) -> Recipe:
    return recipe.but(optimiser=replace(recipe.optimiser, rate=float(f"{rate:.3g}")))


def _deep(model: ModelSpec) -> bool:
    """Whether a network that starts afresh has DEEP layers with weights and nothing that normalises between them."""
    if model.weights != "none":
        return False
    kinds = architecture.kinds(model.config) if model.config is not None else ()
    weighted = [k for k in kinds if k.startswith(("Conv", "Dense", "SeparableConv"))]
    plain = len(weighted) >= DEEP and not any("Normalization" in k for k in kinds)
    return plain or model.name in ("vgg16", "vgg19")


def _collapse(case: Case, run: LoggedRun) -> tuple[int, float, float] | None:
    """(position of the first collapsed epoch, best accuracy before, accuracy after)."""
    if not case.classes:
        return None
    chance = 1 / case.classes.value
    scores = [r.value if r is not None else None for r in run.column("accuracy")]
    known = [(i, s) for i, s in enumerate(scores) if s is not None]
    flat = next((j for j in range(len(known)) if all(abs(s - chance) < 0.03 for _, s in known[j:])), None)
    if flat is None or flat == 0 or len(known) - flat < 2:
        return None
    before = max(s for _, s in known[:flat])
    return (known[flat][0], before, known[-1][1]) if before >= chance + LEARNED else None


def _stuck(case: Case, run: LoggedRun) -> bool:
    classes = case.classes.value if case.classes else None
    return prior(run.column("loss"), run.column("accuracy"), case.shares("train"), classes) is not None


def _large(case: Case) -> Fact[float] | None:
    rates = [c for s in case.scripts for c in s.compiles if c.rate is not None]
    coded = next((c.rate for c in rates if _is_large(c)), None)
    training = case.training
    if coded is not None or not training or training.recipe.optimiser.rate is None:
        return coded
    rate = training.recipe.optimiser.rate
    mended = remedy(training.recipe)
    if mended is None or mended.optimiser.rate == rate:
        return None
    return Fact(rate, place(case, "optimiser.rate", rate)[0])


def _is_large(compiled: Compile) -> bool:
    name = compiled.optimiser.value if compiled.optimiser is not None else "sgd"
    return compiled.rate is not None and compiled.rate.value >= LARGE.get(name, float("inf"))


def _collapsed(run: LoggedRun, at: int, before: float, after: float, rate: Fact[float] | None) -> Finding:
    named = f" at a rate of {rate.value:g}" if rate is not None else ""
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Training collapsed{named}: accuracy had reached {before:.1%} and falls back to {after:.1%}, one class's share, "
        f"from epoch {run.epochs[at].number or at + 1} on, for good.",
        numbers={"before": before, "after": after, "epoch": at + 1, **({"rate": rate.value} if rate else {})},
        evidence=(run.epochs[at - 1].source, run.epochs[at].source, *((rate.source,) if rate else ())),
        explains=EXPLAINS,
        cannot_tell="whether the rate or a burst of bad batches did it; the range test tells.",
        remedy="A tenth to a hundredth of the rate; gradient clipping.",
        next_step="valscope train PHOTOS/   (finds the rate by a range test)",
        weight=0.7,
    )  # fmt: skip


def _started_stuck(run: LoggedRun, rate: Fact[float]) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"The learning rate of {rate.value:g} is large for this network, and the training never leaves the prior.",
        numbers={"rate": rate.value},
        evidence=(rate.source, run.epochs[0].source),
        explains=EXPLAINS,
        cannot_tell="a large rate from dead units, wrong labels or nothing to learn.",
        remedy="A tenth to a hundredth of the rate: it costs one line.",
        next_step="valscope train PHOTOS/   (finds the rate by a range test)",
        weight=0.6,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """A few epochs of learning, then one class's share for good."""
    return post(found(3), log(learning(seed, epochs=8)[:3] + at_prior(seed, epochs=5), seed))


def healthy(seed: int = 0) -> World:
    """The same without the collapse."""
    return post(found(3), log(learning(seed, epochs=8), seed))


def sick_training(seed: int = 0) -> World:
    """Thirty times the rate that the network bears."""
    return trainings.world(draw.blobs(seed), optimiser=Optimiser("adam", rate=0.3))


def healthy_training(seed: int = 0) -> World:
    """The rate that it bears."""
    return trainings.world(draw.blobs(seed))


def sick_program(seed: int = 0) -> World:
    """Adam at fifty times the usual rate."""
    return _at_rate("0.05", seed)


def healthy_program(seed: int = 0) -> World:
    """Adam at the usual rate."""
    return _at_rate("0.001", seed)


def _at_rate(rate: str, seed: int) -> World:
    optimiser = f"keras.optimizers.Adam(learning_rate={rate})"
    return programs.training(draw.bars(seed, (150, 150, 150), side=32), seed, optimiser=optimiser)
