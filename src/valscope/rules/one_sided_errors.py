"""Nearly all errors lie on one side.

What it does: recovers the confusion table from printed precisions, counts and class sizes.
Why it matters: a mean of precisions is not an accuracy; and one-sided errors point to the decision or the scale,
not to a model that confuses the classes.
Instead: print the table.
Cannot tell: whether the threshold or the inputs push the scores to one side.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.noise import interval
from valscope.evidence.laws.recount import Recount
from valscope.nouns.fact import Fact
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post

CODE, NAME = "L305", "one_sided_errors"
NEEDS = ("recounts",)
SIDED = 5.0  # times as many errors on one side as on the other


def check(case: Case) -> Iterator[Outcome]:
    """Two classes whose counts and precisions are in the text."""
    for fact in case.recounts:
        r = fact.value
        wrong = (r.size[0] - r.right[0], r.size[1] - r.right[1])
        if max(wrong) >= SIDED * max(1, min(wrong)) and sum(wrong) >= 10:
            yield _finding(fact, wrong)


def _finding(fact: Fact[Recount], wrong: tuple[int, int]) -> Finding:
    r = fact.value
    right = sum(r.right)
    low, high = interval(right, r.n)
    side = wrong.index(max(wrong))
    return Finding(
        CODE, NAME, "PROVED",
        f"From the printed counts {r.right[0]} of {r.called[0]} and {r.right[1]} of {r.called[1]} are right: "
        f"{right}/{r.n} = {r.accuracy:.1%} (95 % interval {low:.1%} to {high:.1%}). The errors are one-sided: of the "
        f"{r.size[side]} images of that class {r.right[side]} were found ({r.recall[side]:.0%}), of the other "
        f"{r.recall[1 - side]:.0%}; {wrong[side]} errors one way and {wrong[1 - side]} the other.",
        numbers={
            "right": r.right, "called": r.called, "size": r.size, "accuracy": r.accuracy, "recall": r.recall,
            "low": low, "high": high,
        },
        evidence=(fact.source,),
        cannot_tell="whether the decision or the input scale pushes the scores to one side.",
        remedy="Look at the decision and at the scale of the inputs before the model.",
        next_step="print((scores > 0.5).mean())   (with inputs scaled as in training)",
        weight=0.4,
    )  # fmt: skip


RECOUNT = """{a} images were called left instead of {n}, precision {p:.1f}%
{b} images were called right instead of {n}, precision {q:.1f}%"""


def sick(seed: int = 0) -> World:
    """Two wrong answers on one side, 132 on the other."""
    return _recount(300 + seed, 2, 132)


def healthy(seed: int = 0) -> World:
    """As many wrong answers on both sides."""
    return _recount(300 + seed, 45, 45)


def _recount(n: int, wrong: int, missed: int) -> World:
    a, b = n - missed + wrong, n - wrong + missed
    return post(RECOUNT.format(a=a, b=b, n=n, p=100 * (n - missed) / a, q=100 * (n - wrong) / b))
