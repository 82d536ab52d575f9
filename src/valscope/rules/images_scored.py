"""How many images were scored.

What it does: finds the only number of images of which every printed validation accuracy is a whole fraction.
Why it matters: it is the n behind every interval, and it shows when fewer images were scored than thought.
Instead: print the number of images beside the accuracy.
Cannot tell: anything where accuracies are averaged by batch without weights, or typed with few digits.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.digits import numerator
from valscope.evidence.laws.noise import interval
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log

CODE, NAME = "L101", "images_scored"
NEEDS = ("runs",)


def check(case: Case) -> Iterator[Outcome]:
    """One statement for each run whose size the digits settle and the text does not give."""
    for run in case.runs:
        size = case.scored(run)
        if size is None or not size.proved or size.stated:
            continue
        last = _right(run, size.n)[-1]
        low, high = interval(last, size.n)
        yield Finding(
            CODE, NAME, "PROVED",
            _claim(run, size.n, size.alone_up_to, size.readings, size.accident, size.batch)
            + f" The last of them, {last} of {size.n}, is {low:.1%} to {high:.1%} with 95 % confidence.",
            numbers={
                "n": size.n, "alone_up_to": size.alone_up_to, "readings": size.readings,
                "low": low, "high": high, "accident": size.accident, "right": _right(run, size.n),
                **({"batch": size.batch, "batches": size.n // size.batch} if size.batch else {}),
            },
            evidence=tuple(e.source for e in run.epochs if "val_accuracy" in e.readings)[:6],
            cannot_tell="larger sets than the ones tried, and accuracies averaged over batches without weights.",
            weight=0.0, minor=True,
        )  # fmt: skip


def _claim(run: LoggedRun, n: int, upto: int, readings: int, accident: float, batch: int | None) -> str:
    batches = f" = {n // batch} batches of {batch}" if batch else ""
    right = ", ".join(map(str, _right(run, n)[:6]))
    return (
        f"Validation scored {n} images{batches}: of all sizes up to {upto} it is the only one of which each of "
        f"{readings} different val_acc is a whole fraction ({right}{', ...' if len(_right(run, n)) > 6 else ''} "
        f"of {n}); {accident:.2g} sizes would fit by accident."
    )


def _right(run: LoggedRun, n: int) -> tuple[int, ...]:
    """The different numbers of right answers, by their last appearance."""
    found = [k for r in run.column("val_accuracy") if r is not None and (k := numerator(r, n)) is not None]
    return tuple(reversed(dict.fromkeys(reversed(found))))


def sick(seed: int = 0) -> World:
    """Enough epochs over few images: one number of images fits them all. No illness, a fact."""
    right = (24, 25, 27, 28, 29, 30, 31, 32, 8 + seed % 4, 33, 34)
    rows: list[Row] = [
        (a, b, c, k / 39) for (a, b, c, _), k in zip(learning(seed, epochs=11, top=2.5), right)
    ]
    return post(log(rows, seed))


def healthy(seed: int = 0) -> World:
    """Two decimals: any number of images fits."""
    return post(log(learning(seed, validated=39, epochs=6), seed, digits=2))
