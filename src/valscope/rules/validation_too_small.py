"""Too few validated images for what is read out of their score.

What it does: holds the 95 % interval of a validation score against the gap or the difference that the report
interprets: a gap to training that is called overfitting, or two trainings that are compared.
Why it matters: of 40 images 85 % may be 70 to 94 %; a gap of five points then says nothing, and the better of two
trainings may be the worse one.
Instead: more validated images, or all of them in turn (cross-validation); both models on the same images, paired.
Cannot tell: that there is no difference; only that these images do not show one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from valscope.case import Case
from valscope.evidence.laws.noise import difference, interval
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log

CODE, NAME = "S108", "validation_too_small"
NEEDS = ("runs",)
# what people call the gap, in the languages of the reports
OVERFITS = re.compile(
    r"over-?fit|sur-?appren|过拟合|過擬合|過学習|과적합|sobreajust|переобуч|überanpass|sovradatta|aşırı öğren|przeucz",
    re.IGNORECASE,
)
GAP = 0.02  # between training and validation that is worth a word
WIDE = 0.05  # half an interval: from about 200 images on it is narrower
MOST_RUNS = 4  # that a report compares; more are a search
LAST = 3  # epochs: one alone is noise


def check(case: Case) -> Iterator[Outcome]:
    """The reader's own conclusion about a gap; by the way, a comparison of trainings that chance decides."""
    said = _called_overfitting(case)
    for run in case.runs:
        size = case.scored(run)
        if said is not None and size is not None and size.sure and not case.disowned(run):
            found_gap = _gap(run, size.n)
            if found_gap is not None:
                yield _of_gap(run, said, size.n, *found_gap)
                return
    yield from _comparisons(case)


def _called_overfitting(case: Case) -> Source | None:
    for report in case.posts:
        for segment in report.of_kind("prose"):
            for i, line in enumerate(segment.text.splitlines()):
                if OVERFITS.search(line):
                    return Source(report.file, segment.first + i, line.strip())
    return None


def _mean(run: LoggedRun, column: str) -> float | None:
    known = [r.value for r in run.column(column) if r is not None and 0 <= r.value <= 1][-LAST:]
    return sum(known) / len(known) if known else None


def _gap(run: LoggedRun, n: int) -> tuple[float, float, float, float] | None:
    """(training, validation, low, high) where the gap lies within the validation score's interval."""
    train, val = _mean(run, "accuracy"), _mean(run, "val_accuracy")
    if train is None or val is None or train - val < GAP:
        return None
    low, high = interval(round(val * n), n)
    return (train, val, low, high) if high - low >= 2 * WIDE and train <= high else None


def _of_gap(
    run: LoggedRun, said: Source, n: int, train: float, val: float, low: float, high: float
) -> Finding:
    return Finding(
        CODE, NAME, "PROVED",
        f"The gap that is called overfitting is within chance: {n} images are validated, {val:.1%} of them right, which is "
        f"{low:.1%} to {high:.1%} with 95 % confidence, and training's {train:.1%} lies inside.",
        numbers={"n": n, "train": train, "val": val, "low": low, "high": high},
        evidence=(said, run.epochs[-1].source),
        explains=("overfitting", "the gap between training and validation"),
        cannot_tell="whether there is a gap at all.",
        remedy=f"Validate on more images: about {_wanted(train - val)} show a gap of this size.",
        next_step="valscope train PHOTOS/   (states the interval of every score)",
        weight=0.4,
    )  # fmt: skip


def _wanted(gap: float) -> int:
    """Images whose 95 % interval is narrower than the gap on each side, to one digit; for scores near 0.85."""
    return int(float(f"{1.96**2 * 0.85 * 0.15 / gap**2:.1g}"))


def _comparisons(case: Case) -> Iterator[Outcome]:
    sized = [(run, s.n) for run in case.runs if (s := case.scored(run)) is not None and s.sure]
    if not 2 <= len(case.runs) <= MOST_RUNS or case.copies:
        return
    for (first, n), (second, m) in pairwise(sized):
        a, b = _mean(first, "val_accuracy"), _mean(second, "val_accuracy")
        if n != m or a is None or b is None or abs(a - b) < 1 / n:
            continue
        low, high = interval(round(min(a, b) * n), n)
        chance = difference(round(a * n), round(b * n), n)
        if chance.p > 0.05 and high - low >= 2 * WIDE:
            yield Finding(
                CODE, NAME, "PROVED",
                f"The two trainings are not shown to differ: they end at {a:.1%} and {b:.1%} of the same {n} images, "
                f"{chance.images} images apart (p = {chance.p:.2g}); one such score alone is {low:.1%} to {high:.1%}.",
                numbers={"n": n, "first": a, "second": b, "images": chance.images, "p": chance.p},
                evidence=(first.epochs[-1].source, second.epochs[-1].source),
                cannot_tell="whether they differ: more images or paired answers would tell.",
                remedy="Compare both models on the same images, paired, and on more of them.",
                next_step="valscope compare RUN_A RUN_B",
                weight=0.15, minor=True,
            )  # fmt: skip
            return


def sick(seed: int = 0) -> World:
    """A gap of a few points over 40 images, and the word for it."""
    return _told(40, seed)


def healthy(seed: int = 0) -> World:
    """The same word where thousands of images show the gap."""
    return _told(4000, seed)


def _told(n: int, seed: int) -> World:
    rows: list[Row] = []
    for i, (loss, _, val_loss, _) in enumerate(learning(seed, classes=2)):
        right = round(n * (0.62 + 0.03 * i)) - (1 if n < 100 and (i + seed) % 3 == 0 else 0)
        rows.append((loss, right / n + 0.06, val_loss, right / n))
    story = f"My network overfits, what can I do? It validates on {n} images."
    return post(story, found(2, 10 * n, n), log(rows, seed))
