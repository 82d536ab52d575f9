"""A quoted accuracy that is exactly one class's share.

What it does: holds accuracies quoted in the text against 1/K, to their digits, where no log shows the same.
Why it matters: 33.33 % of three balanced classes is what one answer for every image scores.
Instead: look at the predicted classes; try a hundredth of the learning rate.
Cannot tell: why the answer is stuck. Rates named in the text are candidates, no more.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Fact
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import Reading
from valscope.worlds import World, post

CODE, NAME = "L208", "chance_level_quoted"
NEEDS = ("trained_scores",)
FINE = 0.0006  # half a unit: 33.3 % says something, 50 % may be anything
LARGE = 5e-3  # rates from which adaptive optimisers collapsed in trials


def check(case: Case) -> Iterator[Outcome]:
    """Needs K, and a score with at least three digits."""
    if not case.classes or any(r for run in case.runs for r in run.column("accuracy")):
        return
    k = case.classes.value
    for score in case.trained_scores:
        if score.value.half <= FINE and abs(score.value.value - 1 / k) <= score.value.half + 1e-9:
            yield _finding(case, score, k)
            return


def _finding(case: Case, score: Fact[Reading], k: int) -> Finding:
    large = [f for f in case.rates if f.value >= LARGE]
    rates = ""
    if large:
        named = ", ".join(f"{f.value:g}" for f in large)
        rates = (
            f" The text names learning rates of {named}, which are large: they throw away what was learned."
        )
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"The quoted accuracy of {score.value.text} is 1/{k}: the model gives one answer for every image.{rates}",
        numbers={"classes": k, "quoted": score.value.value, "rates": tuple(f.value for f in large)},
        evidence=(score.source, *(f.source for f in large[:1])),
        cannot_tell="whether the rate, the input scale or the labels hold it there; a log would tell.",
        remedy="A hundredth of the learning rate first: it costs one line.",
        next_step="valscope train PHOTOS/   (finds the rate by a range test)",
        weight=0.7,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """One class's share, to the digit."""
    classes = (3, 4, 5, 6, 8)[seed % 5]
    return post(f"I have {classes} classes and the training accuracy is stuck at {100 / classes:.2f}%.")


def healthy(seed: int = 0) -> World:
    """Three points above it."""
    classes = (3, 4, 5, 6, 8)[seed % 5]
    return post(
        f"I have {classes} classes and the training accuracy is stuck at {103 + 100 / classes - 100:.2f}%."
    )
