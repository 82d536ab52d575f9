"""Training is learned, and validation never was good.

What it does: looks for runs that learn their training images while val_loss stays at or above that of a uniform guess
in every epoch; tests exactly whether validation is better than guessing at all.
Why it matters: it is called overfitting, but a network that overfits was right about other images first. One that
never is gets other pictures, other labels or another mode in validation, or learned its images by heart.
Instead: evaluate the training images the way validation is fed; what they lose there is lost by the feed.
Cannot tell: which of these it is, from the log alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from valscope.case import Case
from valscope.evidence.laws.chance import MOST, NEAR
from valscope.evidence.laws.noise import above, below
from valscope.evidence.laws.phase import phase
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log

CODE, NAME = "L209", "validation_never_good"
NEEDS = ("runs",)
FEWEST = 5  # epochs
LEARNED = 0.3  # training accuracy above chance, and above validation
TELLING = 100  # validated images from which a log alone may say how many classes it guesses among
FIVE = 5
LIKELY = 0.05  # a score that guessing reaches this often is one of guessing
RARE = 0.01  # a best epoch that guessing reaches this rarely is none, over all epochs
LOSS = 0.95  # of ln K: a val_loss below it knew something
NEVER = 1.2  # of ln K: even images learned by heart leave a first epoch below it
FEW = 20  # validated images that tell too little
SLIGHT = 0.15  # the same as LEARNED over LONG epochs in which val_loss ends RISEN times its best, at ln K
LONG = 10
RISEN = 1.05
SURE = 3.0  # standard errors between training and validation where the gap is slight


@dataclass(frozen=True, slots=True)
class _Scores:
    """Accuracies of training at the end and of validation over the later half of the epochs; the best epoch's, the
    smallest val_loss over ln K (None where it is not logged), and the last val_loss over the smallest."""

    trained: float
    later: float
    best: float
    epochs: int
    ratio: float | None
    rise: float


def check(case: Case) -> Iterator[Outcome]:
    """Only where the number of images is known, and that of the classes, for chance hangs on it; without code or data the
    log names it itself where val_loss and val_accuracy agree."""
    known = case.classes.value if case.classes else None
    if known is not None and known < 2:
        return
    for run in case.runs:
        classes, size = known or _named(run), case.scored(run)
        if classes is None or size is None or size.n < FEW or case.disowned(run):
            continue
        scores = _scores(run, classes, size.n)
        if scores is None or (scores.ratio is not None and scores.ratio < LOSS):
            continue  # nothing to say, or it knew something
        guesses = _guesses(scores, size.n, 1 / classes)
        if known is None and not (guesses and _only_guesses(scores, size.n, classes)):
            continue
        little = scores.ratio is not None and not _worse(scores, size.n, 1 / classes)
        if guesses or (little and scores.trained - scores.later >= LEARNED):
            yield _finding(run, scores, size.n, classes, guesses=guesses, told=known is not None)


def _only_guesses(scores: _Scores, n: int, classes: int) -> bool:
    """Whether the later epochs score what guessing among so many gives: neither less, nor what a network scores that knows
    a little; few images do not tell the two apart."""
    right, better = round(scores.later * n), 1.5 if classes < FIVE else 2.0
    return (
        n >= TELLING and below(right, n, 1 / classes) >= LIKELY and below(right, n, better / classes) < LIKELY
    )


def _named(run: LoggedRun) -> int | None:
    """The K of which the smallest val_loss is ln K."""
    losses = [r.value for r in run.column("val_loss") if r is not None and math.isfinite(r.value)]
    best = min(losses, default=0.0)
    if not 0 < best <= math.log(MOST):
        return None
    classes = round(math.exp(best))
    return classes if classes >= 2 and abs(best - math.log(classes)) <= NEAR * math.log(classes) else None


def _scores(run: LoggedRun, classes: int, n: int) -> _Scores | None:
    """None where training does not learn, or where it ends near validation."""
    val, train = _known(run, "val_accuracy"), _known(run, "accuracy")
    if len(val) < FEWEST or len(train) < FEWEST or len(set(val)) < 2:
        return None
    trained, half = sum(train[-3:]) / 3, val[len(val) // 2 :]
    later = sum(half) / len(half)
    found = phase(run.column("val_loss"), classes)
    scores = _Scores(
        trained, later, max(val), len(val),
        found.ratio if found is not None else None, found.rise if found is not None else 0.0,
    )  # fmt: skip
    learned = min(trained - 1 / classes, trained - later)
    return scores if learned >= LEARNED or (learned >= SLIGHT and _lasting(scores, n)) else None


def _lasting(scores: _Scores, n: int) -> bool:
    """A slight gap counts where it is no chance and val_loss began at ln K and only got worse, over many epochs."""
    share = (scores.trained + scores.later) / 2
    apart = (scores.trained - scores.later) / (2 * share * (1 - share) / n) ** 0.5
    worse = scores.ratio is not None and scores.ratio >= 1 - NEAR and scores.rise >= RISEN
    return worse and apart >= SURE and scores.epochs >= LONG


def _known(run: LoggedRun, column: str) -> list[float]:
    return [r.value for r in run.column(column) if r is not None and 0 <= r.value <= 1]


def _guesses(scores: _Scores, n: int, chance: float) -> bool:
    """Neither the later epochs together nor the best of all is better than guessing among the classes."""
    return (
        above(round(scores.later * n), n, chance) >= LIKELY
        and scores.epochs * above(round(scores.best * n), n, chance) >= RARE
    )


def _worse(scores: _Scores, n: int, chance: float) -> bool:
    """Worse than guessing in all epochs: another rule's."""
    return scores.best < chance and below(round(scores.best * n), n, chance) < RARE


def _finding(run: LoggedRun, scores: _Scores, n: int, classes: int, *, guesses: bool, told: bool) -> Finding:
    reached = "nothing of it reaches validation" if guesses else "little of it reaches validation"
    named = "" if told else _naming(scores, classes)
    loss = (
        ""
        if scores.ratio is None
        else f", and val_loss is never below {scores.ratio:.2f} times that of a uniform guess"
    )
    why = (
        "That is no overfitting, for validation never was good: it gets other pictures, other labels or another mode than "
        "training."
        if scores.ratio is not None and scores.ratio >= NEVER
        else "Either validation gets other pictures, other labels or another mode than training (as when BatchNorm has "
        "seen few updates), or the images are so few that they were learned by heart from the first epoch on."
    )
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Training is learned to {scores.trained:.1%} and {reached}: {scores.later:.1%} of {n} images over the later "
        f"epochs, where guessing among {classes} classes gives {1 / classes:.1%}{named}{loss}. {why}",
        numbers={
            "trained": scores.trained, "validated": scores.later, "best": scores.best, "n": n, "chance": 1 / classes,
            **({} if scores.ratio is None else {"ratio": scores.ratio}),
        },
        evidence=(run.epochs[0].source, run.epochs[-1].source),
        explains=("G101",),
        cannot_tell="which of these: the log alone shows only that the two parts have little in common.",
        remedy="Feed both parts by the same code (scale, order of channels, order of classes, labels beside their images); "
        "then look whether the labels belong to the images at all.",
        next_step="model.evaluate(training images, fed as validation is)   (as bad: the feed differs; near "
        f"{scores.trained:.0%}: little carries over; then valscope diagnose REPORT train.py PHOTOS/)",
        weight=0.6,
    )  # fmt: skip


def _naming(scores: _Scores, classes: int) -> str:
    level = math.log(classes)
    return f" (so many does the best val_loss name, {(scores.ratio or 0.0) * level:.3f}: ln {classes} is {level:.3f})"


def sick(seed: int = 0) -> World:
    """Training ends at 95 %; validation wanders about a third of 300 images."""
    right = (98, 104, 95, 101, 106, 97, 100, 103)
    rows: list[Row] = [
        (a, b, 1.3 + 0.2 * i, (right[i] + seed % 4) / 300) for i, (a, b, *_) in enumerate(learning(seed))
    ]
    return post(found(3, 900, 300), log(rows, seed))


def healthy(seed: int = 0) -> World:
    """The same training, validation included."""
    return post(found(3, 900, 300), log(learning(seed), seed))
