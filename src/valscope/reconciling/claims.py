"""Numbers that somebody saw, matched to the pipelines that give them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.errors import UsageError
from valscope.nouns.fact import Source
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Claim, Variant
from valscope.nouns.result import Share

# A claim comes from other images than these, so two samples are compared. A pipeline may give it unless they would differ
# so much once in a hundred times; it is called another number only where they would once in a thousand times, and
# by points that somebody would ask about.
MATCHING = 2.58
DIFFERING = 3.3
POINTS = 0.03
MOST_MATCHES = 40
SHARP = 15  # decimals of a number that was not written but computed


COUNTED = re.compile(r"\s*(\d+)\s*(?:/|of|out of)\s*(\d+)\s*", re.IGNORECASE)
FEWEST = 10  # images: fewer are an example, not a score


@dataclass(frozen=True, slots=True)
class Said:
    """An accuracy that somebody saw. One of a log line accuses nobody: it is of another epoch.

    n     images that it was made on, None where nothing tells.
    half  half a unit of its last digit, 0 where it is exact.
    """

    value: float
    source: Source | None = None
    accuses: bool = True
    n: int | None = None
    half: float = 0.0


def parsed(text: str | float) -> Said:
    """ "0.984", "98.4", "98.4%" or "37 of 111" as what somebody saw. Raises UsageError."""
    shown = str(text).strip()
    counted = COUNTED.fullmatch(shown)
    if counted:
        k, n = int(counted[1]), int(counted[2])
        if not 0 <= k <= n or n < FEWEST:
            raise UsageError(
                f"--claimed takes right answers of at least {FEWEST} images, as 37/111; got {text!r}."
            )
        return Said(k / n, n=n)
    digits = shown.replace(",", ".").rstrip("% ")
    try:
        value = float(digits)
    except ValueError:
        raise UsageError(
            f"--claimed takes an accuracy such as 0.984, 98.4% or 37/111; got {text!r}."
        ) from None
    unit = 0.01 if value > 1 or shown.endswith("%") else 1.0
    if not 0 <= value * unit <= 1:
        raise UsageError(f"--claimed takes an accuracy such as 0.984, 98.4% or 37/111; got {text!r}.")
    decimals = len(digits.partition(".")[2]) if isinstance(text, str) else SHARP
    return Said(value * unit, half=0.5 * unit * 10.0**-decimals)


def differs(claim: Said | Claim, accuracy: Share) -> bool:
    """Whether a claim is another number than a measured one, also if it comes from as many other images."""
    return abs(claim.value - (accuracy.value or 0.0)) > max(POINTS, DIFFERING * _spread(claim, accuracy))


def may_give(claim: Said | Claim, accuracy: Share) -> bool:
    """Whether a number seen on other images may be this accuracy."""
    return abs(claim.value - (accuracy.value or 0.0)) <= MATCHING * _spread(claim, accuracy)


def _spread(claim: Said | Claim, accuracy: Share) -> float:
    """Standard error of the difference of two such shares; the claim's images are taken to be as many where nothing
    tells."""
    n = max(1, accuracy.n)
    m = claim.n or n
    middle = (claim.value * m + (accuracy.value or 0.0) * n) / (m + n)
    return math.sqrt(max(middle * (1 - middle), 1 / (4 * min(n, m))) * (1 / n + 1 / m))


def matched(said: Said, variants: Sequence[Variant], used: Pipeline | None = None) -> Claim:
    """The claim with the variants that may give it: the pipeline in use first, then the fewest steps, then the nearest.
    Variants that answer every image alike are one."""
    holding = [
        v for v in variants if may_give(said, v.accuracy) and (_of_use(v, used) or not (v.same and v.steps))
    ]
    holding.sort(
        key=lambda v: (
            not _of_use(v, used), len(v.steps) + bool(v.metric), -v.scored, abs((v.accuracy.value or 0) - said.value),
        )
    )  # fmt: skip
    names = tuple(dict.fromkeys(v.name for v in holding))
    n = max((v.scored for v in variants if not v.metric), default=0)
    return Claim(
        said.value,
        said.source,
        names[:MOST_MATCHES],
        _said(said.value, len(names)),
        said.n,
        elsewhere(said, n),
    )


def elsewhere(said: Said, n: int) -> bool:
    """Whether a claim cannot be of these n images: it counts another number of them, or none of their shares prints so."""
    if said.n is not None:
        return said.n != n
    if not said.half or n < 1:
        return False
    nearest = round(said.value * n) / n
    return abs(nearest - said.value) > said.half * (1 + 1e-6)


def _of_use(variant: Variant, used: Pipeline | None) -> bool:
    return used is not None and not variant.metric and variant.pipeline == used


def _said(value: float, count: int) -> str:
    if not count:
        return f"No pipeline that was tried gives {100 * value:.1f} %."
    if count == 1:
        return f"One pipeline gives {100 * value:.1f} %, as near as two samples of images come."
    return f"{count} pipelines give {100 * value:.1f} %, as near as two samples of images come."
