"""The model answers the prior: it scores what it would without looking at the image.

What it does: holds loss and accuracy of every epoch against ln K (or the entropy of the class shares) and 1/K.
Why it matters: nothing was learned, so no talk of overfitting, augmentation or more epochs helps yet.
Instead: find out whether there is anything to learn (a permutation test on frozen features), then rate and labels.
Cannot tell: whether the data hold nothing or the training could not find it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import median

from valscope.case import Case
from valscope.evidence.laws.chance import MOST, NEAR, Prior, prior
from valscope.evidence.laws.noise import below
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.nouns.stated import Part
from valscope.worlds import World, post
from valscope.worlds.curves import at_prior, learning
from valscope.worlds.logs import found, log

CODE, NAME = "L201", "answers_prior"
NEEDS = ("runs",)
LONG = 8  # epochs in which no loss leaves that of a uniform guess downwards
LEFT = 0.98  # of ln K: a loss below it knew something
EVEN = 1.15  # largest class over smallest
SURE = 1e-6  # chance of so few right answers in training


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
        elif size is not None and not case.disowned(run):
            yield from _never_left(case, run, size.n)


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


def _never_left(case: Case, run: LoggedRun, n: int) -> Iterator[Finding]:
    """Losses that jump up from ln K, but never go below it; validation guesses in the middle of the epochs, and training
    does no better."""
    columns = [
        [r.value for r in run.column(name) if r is not None and math.isfinite(r.value)]
        for name in ("loss", "val_loss", "accuracy", "val_accuracy")
    ]
    if min(map(len, columns)) < LONG or _uneven(case):
        return
    losses, val_losses, trained, validated = columns
    level = median(val_losses)
    classes = case.classes.value if case.classes else round(math.exp(min(level, math.log(MOST))))
    if classes < 2 or abs(level - math.log(classes)) > NEAR * math.log(classes):
        return
    chance = 1 / classes
    reach = 2 * math.sqrt(chance * (1 - chance) / n)
    if min(*losses, *val_losses) < LEFT * math.log(classes) or abs(median(validated) - chance) > reach:
        return
    if (
        median(trained) > chance + reach
        or max(trained[-3:]) > chance + 2 * reach
        or n < 20
        or max(sum(trained[-3:]), sum(validated[-3:])) > 3 * (chance + reach)
    ):
        return
    yield _stuck(run, columns, classes, n)


def _uneven(case: Case) -> bool:
    """Of uneven classes the prior is below ln K."""
    shares = case.shares("val")
    return bool(shares) and max(shares) > EVEN * min(shares)


def _stuck(run: LoggedRun, columns: list[list[float]], classes: int, n: int) -> Finding:
    losses, val_losses, trained, validated = columns
    images = n * len(trained)  # training has more than validation, as a rule: on the safe side
    worse = below(round(sum(trained) / len(trained) * images), images, 1 / classes) < SURE
    order = (
        f" Training itself scores {sum(trained) / len(trained):.1%} on average, less than guessing: that is what images do "
        "that come class by class, for the network has just learned to answer the class before."
        if worse
        else ""
    )
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Nothing was learned in the log at line {run.epochs[0].source.line}: in {len(losses)} epochs loss is never below "
        f"{min(losses):.4g} and val_loss never below {min(val_losses):.4g}, where a uniform guess among {classes} classes "
        f"has ln {classes} = {math.log(classes):.3f}, and half of the epochs validate at most {median(validated):.1%}, "
        f"where guessing gives {1 / classes:.1%}.{order}",
        numbers={
            "classes": classes, "loss": min(losses), "val_loss": min(val_losses), "epochs": len(losses),
            "trained": sum(trained) / len(trained), "validated": median(validated),
        },
        evidence=(run.epochs[0].source, run.epochs[-1].source),
        explains=("G101", "L209"),
        cannot_tell="whether the data hold nothing to learn, or the training (order, rate, labels, scale) missed it.",
        remedy="Shuffle all training images anew in every epoch (a buffer as large as their number)."
        if worse
        else "Test first whether there is anything to learn, then the learning rate and the labels.",
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
