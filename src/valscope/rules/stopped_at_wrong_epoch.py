"""The model that is kept is not the best that there was.

What it does: compares the best stretch of epochs with the last one, where code or recipe keep the last epoch.
Why it matters: hours of training are thrown away by the epochs after them.
Instead: EarlyStopping(restore_best_weights=True), or ModelCheckpoint(save_best_only=True).
Cannot tell: whether the best epoch is as good on other images: it was chosen by these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from valscope.case import Case
from valscope.case.shown import place
from valscope.evidence.laws.noise import difference
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.nouns.recipe import Recipe, Stage
from valscope.worlds import World, draw, spoil, trainings
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log
from valscope.worlds.programs import on_features
from valscope.worlds.scripts import network
from valscope.worlds.world import Drawn

CODE, NAME = "T106", "stopped_at_wrong_epoch"
NEEDS = ("runs",)
SUSPECT = "keeping the last epoch"
BESIDE = ("G101",)  # what makes later epochs worse
WINDOW = 3  # epochs: the best single one of many is mostly luck
FEWEST = 8
LOST = 0.04  # accuracy that is worth a finding
CERTAIN = 1e-3  # the best window was chosen, so chance has several tries


@dataclass(frozen=True, slots=True)
class Lost:
    """at  first epoch (by position) of the best window;  best, last  mean accuracy there and at the end;
    n  validated images;  p  as if the two were drawn apart."""

    at: int
    best: float
    last: float
    n: int
    p: float


def check(case: Case) -> Iterator[Outcome]:
    """Needs the number of validated images, and that the last epoch is kept."""
    kept = _keeps_last(case)
    if not kept:
        return
    for run in case.runs:
        size = case.scored(run)
        lost = _lost(run, size.n) if size is not None and size.sure else None
        if lost is not None and not case.disowned(run):
            yield _finding(run, lost, kept)
            return


def remedy(recipe: Recipe) -> Recipe | None:
    """The epoch of the lowest val_loss is kept."""
    return None if recipe.restore_best else recipe.but(restore_best=True)


def _keeps_last(case: Case) -> tuple[Source, ...]:
    """Where it says so; empty where it does not."""
    if case.saves_last is not None:
        return (case.saves_last,)
    training = case.training
    if case.scripts or not training or training.recipe.restore_best:
        return ()
    return place(case, "restore_best", "false")


def _lost(run: LoggedRun, n: int) -> Lost | None:
    scores = [r.value for r in run.column("val_accuracy") if r is not None]
    if len(scores) < max(FEWEST, len(run.epochs)) or not all(0 <= s <= 1 for s in scores):
        return None
    means = [sum(scores[i : i + WINDOW]) / WINDOW for i in range(len(scores) - WINDOW + 1)]
    at = max(range(len(means)), key=lambda i: means[i])
    best, last = means[at], means[-1]
    chance = difference(round(best * n), round(last * n), n)
    return Lost(at, best, last, n, chance.p) if best - last >= LOST and chance.p <= CERTAIN else None


def _finding(run: LoggedRun, lost: Lost, kept: tuple[Source, ...]) -> Finding:
    first, final = run.epochs[lost.at], run.epochs[-1]
    start = first.number or lost.at + 1
    return Finding(
        CODE, NAME, "PROVED",
        f"The last epoch is kept and is not the best: epochs {start} to {start + WINDOW - 1} score {lost.best:.1%} of "
        f"{lost.n} images, the last {WINDOW} of {len(run.epochs)} score {lost.last:.1%}, "
        f"{round((lost.best - lost.last) * lost.n)} images fewer (p = {lost.p:.1g}).",
        numbers={"best": lost.best, "last": lost.last, "n": lost.n, "epoch": start, "p": lost.p},
        evidence=(*kept, first.source, final.source),
        cannot_tell="what made it worse: the rate, or images learned by heart.",
        remedy="EarlyStopping(monitor='val_loss', restore_best_weights=True), or ModelCheckpoint(save_best_only=True).",
        next_step="keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)   (in fit's callbacks)",
        weight=0.45,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """It learns, then slides back, and the end is saved."""
    rows = learning(seed, epochs=12)
    slid: list[Row] = [
        (a, b, c + 0.05 * max(0, i - 6), round(300 * (d - 0.04 * max(0, i - 6))) / 300)
        for i, (a, b, c, d) in enumerate(rows)
    ]
    return _saved(slid, seed)


def healthy(seed: int = 0) -> World:
    """It stays where it came."""
    return _saved(learning(seed, epochs=12), seed)


def _saved(rows: list[Row], seed: int) -> World:
    script = network(more="model.fit(x, y, epochs=12)\nmodel.save('final.h5')", seed=seed)
    return World({"train.py": script, "training.log": found(3) + log(rows, seed)})


def sick_training(seed: int = 0) -> World:
    """Labels of which a third are wrong, learned by heart in the end."""
    return _noisy(0.3, seed)


def healthy_training(seed: int = 0) -> World:
    """Right labels."""
    return _noisy(0.0, seed)


def _noisy(share: float, seed: int) -> World:
    images = spoil.mislabelled(draw.vectors(seed, (200,) * 4, apart=5), share)
    return trainings.world(images, stages=(Stage(60),))


def sick_program(seed: int = 0) -> World:
    """Labels of which a third are wrong, learned by heart in the end."""
    return on_features(spoil.mislabelled(_vectors(seed), 0.35), seed, epochs="40")


def healthy_program(seed: int = 0) -> World:
    """Right labels."""
    return on_features(_vectors(seed), seed, epochs="20")


def _vectors(seed: int) -> Drawn:
    return draw.vectors(seed, (800,) * 4, apart=6)
