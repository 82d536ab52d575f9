"""What is said of one step of a waterfall, the same in text, page and picture."""

from __future__ import annotations

from valscope.nouns.reconciliation import Claim, Fall, Interaction, Reconciliation, Waterfall

ALPHA = 0.05
MOST_INTERACTIONS = 3  # the greatest are told


def doubt(fall: Fall, whole: Waterfall) -> str:
    """Why a step is not simply a loss, "" where it is. The interval is that of the step by itself; whether it is sure is
    decided after correction for all comparisons of the waterfall, so the two can disagree, and then it is said."""
    if fall.sure:
        return "" if fall.low > 0 else f"costs {100 * fall.alone:.1f} points alone"
    if fall.p_holm < ALPHA:
        return "a gain"
    if fall.low > 0 or fall.high < 0:
        return f"not sure after correction for {comparisons(whole)} comparisons"
    return "within chance"


def comparisons(whole: Waterfall) -> int:
    """Each step is compared after those before it and alone."""
    return 2 * len(whole.falls)


def interaction(one: Interaction, whole: Waterfall) -> str:
    """Two steps that are not additive, in words."""
    alone = {fall.step.axis: fall.alone for fall in whole.falls}
    each = " and ".join(f"{axis} {100 * alone.get(axis, 0.0):.1f}" for axis in (one.first, one.second))
    more = "more" if one.points > 0 else "less"
    reach = sorted(abs(100 * v) for v in (one.low, one.high))
    return (
        f"{one.first} and {one.second} are not additive: together they lose {abs(100 * one.points):.1f} points "
        f"[{reach[0]:.1f}, {reach[1]:.1f}] {more} than the sum of what each loses alone ({each})."
    )


def seen_on(claim: Claim, n: int) -> str:
    """Which images a number was seen on, as far as it tells; "" where it may be those `n` that were looked at."""
    if claim.n is not None:
        counted = f"{round(claim.value * claim.n):,} of {claim.n:,} images"
        return f"{counted}, others than the {n:,} looked at" if claim.elsewhere else counted
    return f"no share of {n:,} images prints so: seen on other images" if claim.elsewhere else ""


def ways_of(claim: Claim, found: Reconciliation) -> list[str]:
    """What gives a number, in words. The pipeline in use is called that; where the reference gives it, those that cannot be
    told from the reference say nothing more."""
    used = {v.name for v in found.variants if not v.metric and v.pipeline == found.served}
    tied = set(found.tied) - used if "reference" in claim.matches else set()
    names = [n for n in claim.matches if n == "reference" or n not in tied]
    return [f"the pipeline in use ({n})" if n in used and found.served is not None else n for n in names]
