"""A percentage that whole-number division printed.

What it does: finds "k (p %)" of n where p is k // (n // 100) and no rounding of 100 k / n gives it.
Why it matters: the printed share is wrong by several points, and the points are then looked for in the model.
Instead: 100.0 * k / n, or Python 3.
Cannot tell: nothing; it is arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.division import cut_off
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post

CODE, NAME = "L302", "whole_number_percent"
NEEDS = ("printed_shares",)


def check(case: Case) -> Iterator[Outcome]:
    """By the way."""
    for share in case.printed_shares:
        for n in share.totals:
            found = cut_off(share.k, n.value, share.percent)
            if found is None:
                continue
            yield Finding(
                CODE, NAME, "PROVED",
                f"\"{share.percent} %\" is whole-number division: {found.k} // ({found.n} // 100) = {found.k} // "
                f"{found.n // 100} = {found.printed}, while {found.k} of {found.n} is {found.share:.1%}.",
                numbers={"k": found.k, "n": found.n, "printed": found.printed, "share": found.share},
                evidence=(share.source, n.source),
                remedy="100.0 * k / n.",
                weight=0.05, minor=True,
            )  # fmt: skip
            break


def sick(seed: int = 0) -> World:
    """478 // (648 // 100) = 79."""
    return _printed(seed, (478 + seed) // 6)


def healthy(seed: int = 0) -> World:
    """The rounded share."""
    return _printed(seed, round(100 * (478 + seed) / 648))


def _printed(seed: int, percent: int) -> World:
    k = 478 + seed
    return post("It prints", f"Left = {k} ({percent}%)\nRight = {648 - k}\nTotal = 648")
