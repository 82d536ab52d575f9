"""The model answers the prior: it scores what it would without looking at the image.

What it does: holds loss and accuracy of every epoch against ln K (or the entropy of the class shares) and 1/K.
Why it matters: nothing was learned, so no talk of overfitting, augmentation or more epochs helps yet.
Instead: find out whether there is anything to learn (a permutation test on frozen features), then rate and labels.
Cannot tell: whether the data hold nothing or the training could not find it.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.chance import Prior, prior
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.nouns.stated import Part
from valscope.worlds import World, post
from valscope.worlds.curves import at_prior, learning
from valscope.worlds.logs import found, log

CODE, NAME = "L201", "answers_prior"
NEEDS = ("runs",)


def check(case: Case) -> Iterator[Outcome]:
    """Both training and validation must sit on the same prior; a run without validation is judged by training."""
    for run in case.runs:
        size = case.scored(run)
        trained = _prior(case, run, "train", None)
        found = _prior(case, run, "val", size.n if size else None) or (
            None if any(run.column("val_loss")) else trained
        )
        if found is not None and trained is not None and trained.classes == found.classes:
            yield _finding(run, found, trained)


def _prior(case: Case, run: LoggedRun, part: Part, n: int | None) -> Prior | None:
    classes, column = case.classes.value if case.classes else None, "val_" if part == "val" else ""
    return prior(run.column(f"{column}loss"), run.column(f"{column}accuracy"), case.shares(part), classes, n)


def _finding(run: LoggedRun, found: Prior, trained: Prior) -> Finding:
    low, high = min(found.loss[0], trained.loss[0]), max(found.loss[1], trained.loss[1])
    bottom, top = min(found.accuracy[0], trained.accuracy[0]), max(found.accuracy[1], trained.accuracy[1])
    named = (
        f"ln {found.classes} = {found.entropy:.3f}"
        if _even(found)
        else f"the entropy of the class shares, {found.entropy:.3f}"
    )
    tried = f" (the only K of {found.tried} that fits both)" if found.tried > 1 else ""
    return Finding(
        CODE, NAME, "PROVED",
        f"Nothing was learned in the log at line {run.epochs[0].source.line}: over {found.epochs} epochs the loss "
        f"stays at {low:.4g} to {high:.4g}, which is {named}, and accuracy at {bottom:.1%} to {top:.1%}, which is "
        f"{found.share:.1%} of a model that does not look at the image{tried}.",
        numbers={
            "classes": found.classes, "entropy": found.entropy, "share": found.share,
            "loss_low": low, "loss_high": high, "epochs": found.epochs, "tried": found.tried,
        },
        evidence=tuple(e.source for e in run.epochs[:2]),
        explains=("G101", "L209"),
        cannot_tell="whether the data hold nothing to learn, or the training (rate, labels, scale) could not find it.",
        remedy="Test first whether there is anything to learn, then the learning rate and the labels.",
        next_step="valscope train PHOTOS/   (its accuracy against chance tells whether there is anything to learn)",
        weight=0.55,
    )  # fmt: skip


def _even(found: Prior) -> bool:
    return abs(found.share - 1 / found.classes) < 1e-9


def sick(seed: int = 0) -> World:
    """Losses beside ln K and accuracies beside 1/K from the first epoch to the last."""
    classes = 3 + seed % 4
    return post(found(classes), log(at_prior(seed, classes=classes, epochs=8), seed))


def healthy(seed: int = 0) -> World:
    """A training that begins there and leaves."""
    classes = 3 + seed % 4
    return post(found(classes), log(learning(seed, classes=classes, epochs=8), seed))
