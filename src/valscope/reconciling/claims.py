"""Numbers that somebody saw, matched to the pipelines that give them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.errors import UsageError
from valscope.nouns.fact import Source
from valscope.nouns.reconciliation import Claim, Variant
from valscope.nouns.result import Share

# A claim comes from other images than these, so two samples are compared. A pipeline may give it unless they would differ
# so much once in a hundred times; it is called another number only where they would once in a thousand times, and
# by points that somebody would ask about.
MATCHING = 2.58
DIFFERING = 3.3
POINTS = 0.03
MOST_MATCHES = 40


@dataclass(frozen=True, slots=True)
class Said:
    """An accuracy that somebody saw. One of a log line accuses nobody: it is of another epoch."""

    value: float
    source: Source | None = None
    accuses: bool = True


def parsed(text: str | float) -> float:
    """ "0.984", "98.4" or "98.4%" as a share. Raises UsageError."""
    shown = str(text).strip().replace(",", ".")
    try:
        value = float(shown.rstrip("% "))
    except ValueError:
        raise UsageError(f"--claimed takes an accuracy such as 0.984 or 98.4%; got {text!r}.") from None
    value = value / 100 if value > 1 or shown.endswith("%") else value
    if not 0 <= value <= 1:
        raise UsageError(f"--claimed takes an accuracy such as 0.984 or 98.4%; got {text!r}.")
    return value


def differs(claim: float, accuracy: Share) -> bool:
    """Whether a claim is another number than a measured one, also if it comes from as many other images."""
    return abs(claim - (accuracy.value or 0.0)) > max(POINTS, DIFFERING * _spread(claim, accuracy))


def _spread(claim: float, accuracy: Share) -> float:
    """Standard error of the difference of two such shares."""
    n = max(1, accuracy.n)
    middle = (claim + (accuracy.value or 0.0)) / 2
    return math.sqrt(max(middle * (1 - middle), 1 / (4 * n)) * 2 / n)


def matched(value: float, source: Source | None, variants: Sequence[Variant]) -> Claim:
    """The claim with the variants that may give it: fewest steps first, then the nearest. Variants that answer every
    image alike are one."""
    holding = [v for v in variants if may_give(value, v.accuracy) and not (v.same and v.steps)]
    holding.sort(
        key=lambda v: (len(v.steps) + bool(v.metric), -(v.scored), abs((v.accuracy.value or 0) - value))
    )
    names = tuple(dict.fromkeys(v.name for v in holding))
    return Claim(value, source, names[:MOST_MATCHES], _said(value, len(names)))


def may_give(claim: float, accuracy: Share) -> bool:
    """Whether a number seen on other images may be this accuracy."""
    return abs(claim - (accuracy.value or 0.0)) <= MATCHING * _spread(claim, accuracy)


def _said(value: float, count: int) -> str:
    if not count:
        return f"No pipeline that was tried gives {100 * value:.1f} %."
    if count == 1:
        return f"One pipeline gives {100 * value:.1f} %, as near as two samples of images come."
    return f"{count} pipelines give {100 * value:.1f} %, as near as two samples of images come."
