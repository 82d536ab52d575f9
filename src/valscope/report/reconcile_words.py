"""What is said of one step of a waterfall, the same in text, page and picture."""

from __future__ import annotations

from valscope.nouns.reconciliation import Fall, Interaction, Waterfall

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
