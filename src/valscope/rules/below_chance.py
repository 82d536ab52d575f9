"""Worse than guessing.

What it does: tests the best validation score of a run against guessing, exactly, where n and K are known.
Why it matters: significantly below chance is never bad luck. Labels are permuted, or classes that were never
trained are validated.
Instead: compare the class order and the class counts of both parts.
Cannot tell: which of the two, without the counts.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.digits import numerator
from valscope.evidence.laws.noise import above, below
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log

CODE, NAME = "L203", "below_chance"
NEEDS = ("runs",)
CERTAIN = 1e-6
FEWEST = 3  # epochs: a constant answer may start with a rare class


def check(case: Case) -> Iterator[Outcome]:
    """Only where training itself learned: otherwise it is another trouble."""
    chance = 1 / case.classes.value if case.classes else 0.5
    for run in case.runs:
        scores = [r for r in run.column("val_accuracy") if r is not None and 0 <= r.value <= 1]
        if len(scores) < FEWEST or max(r.value for r in scores) >= chance or not _learned(run, chance):
            continue
        best = max(scores, key=lambda r: r.value)
        size = case.scored(run)
        if size is None or not case.classes:
            if best.value == 0:
                yield _never_right(run, best, len(scores))
            continue
        k = numerator(best, size.n)
        p = below(round(best.value * size.n) if k is None else k, size.n, chance)
        if p <= CERTAIN:
            yield _finding(case, run, best, size.n, p)


def _never_right(run: LoggedRun, best: Reading, epochs: int) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"val_accuracy is {best.text} in all {epochs} epochs while training learns: not one validated image is right. "
        "Validated classes were not trained, or their numbers are permuted.",
        numbers={"best": best.value, "epochs": epochs},
        evidence=tuple(e.source for e in run.epochs if "val_accuracy" in e.readings)[:2],
        explains=("G101", "L209"),
        cannot_tell="how many images were validated; with a handful it may be chance.",
        remedy="Split so that every class stands in both parts, and take class numbers from one list of names.",
        next_step="print(numpy.unique(y_train), numpy.unique(y_val))",
        weight=0.7,
    )  # fmt: skip


def _learned(run: LoggedRun, chance: float) -> bool:
    trained = [r.value for r in run.column("accuracy") if r is not None and 0 <= r.value <= 1]
    return (
        bool(trained) and max(trained) >= chance + 0.2 and above(int(max(trained) * 100), 100, chance) < 0.01
    )


def _finding(case: Case, run: LoggedRun, best: Reading, n: int, p: float) -> Finding:
    assert case.classes
    return Finding(
        CODE, NAME, "PROVED",
        f"Validation is worse than guessing: at best {best.text} of {n} images right, where guessing among "
        f"{case.classes.value} classes gives {1 / case.classes.value:.1%} (chance of that or less: {p:.1g}), while "
        "training learns. That is no bad luck and no overfitting: validated classes were not trained, or their "
        "numbers are permuted.",
        numbers={"best": best.value, "n": n, "chance": 1 / case.classes.value, "p": p},
        evidence=tuple(e.source for e in run.epochs if e.readings.get("val_accuracy") == best)[:2],
        explains=("G101", "L209"),
        cannot_tell="whether classes are missing from training or labels are permuted.",
        remedy="Split so that every class stands in both parts, and take class numbers from one list of names.",
        next_step="valscope diagnose REPORT TRAIN_FOLDER/ VALIDATION_FOLDER/   (class sets and counts of both parts)",
        weight=0.7,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Training learns; of 300 validated images hardly any is right."""
    right = (7, 10, 12, 9, 11, 8, 13, 10)
    rows: list[Row] = [
        (a, b, 2.2 + 0.2 * i, (right[i] + seed % 5) / 300) for i, (a, b, *_) in enumerate(learning(seed))
    ]
    return post(found(3, 900, 300), log(rows, seed))


def healthy(seed: int = 0) -> World:
    """The same training, validation included."""
    return post(found(3, 900, 300), log(learning(seed), seed))
