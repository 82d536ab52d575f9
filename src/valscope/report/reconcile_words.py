"""What is said of one step of a waterfall, the same in text, page and picture."""

from __future__ import annotations

from collections.abc import Sequence

from valscope.nouns.reconciliation import Claim, Fall, Interaction, Reconciliation, Waterfall

VERDICTS = {
    "equal": "EQUAL",
    "fault": "FAULT",
    "training": "TRAINING ACCURACY",
    "unmatched": "NOT EXPLAINED",
    "unclear": "COULD NOT JUDGE",
}
FROM = {
    "run": "as the run stores it", "script": "as the code has it", "measured": "as the script was seen to do",
    "given": "as given",    "found": "the best that was found", "claim": "what gives the claimed number",
}  # fmt: skip
ALPHA = 0.05
MOST_INTERACTIONS = 3  # the greatest are told


def verdict_words(found: Reconciliation) -> str:
    """The verdict as a badge; where there was nothing to compare with, the model was only measured."""
    alone = found.verdict == "equal" and found.served is None and not found.claims
    return "MEASURED" if alone else VERDICTS[found.verdict]


def start_words(found: Reconciliation) -> str:
    """What the top of a waterfall is: how training was is not known where the best was looked for."""
    return "best found" if found.reference_from == "found" else "as trained"


def end_words(whole: Waterfall) -> str:
    """What the foot of a waterfall is: without the code of use, a way that gives the claimed number."""
    return "as used" if whole.claim is None else "used so"


def heading(whole: Waterfall, found: Reconciliation) -> str:
    """Over a waterfall. A number that several ways give is led to by one of them."""
    if whole.claim is None:
        return "Where the points are lost"
    claim = next((c for c in found.claims if c.value == whole.claim), None)
    many = len(claim.matches) if claim is not None else 1
    to = f"to the claimed {100 * whole.claim:.1f} %"
    return f"Where the points are lost, {to}" if many < 2 else f"One of {many} ways {to}"


def mended(fall: Fall, whole: Waterfall) -> bool:
    """Whether a step is to be mended: it costs points, or it hides or raises what another costs."""
    return fall.sure or any(fall.step.axis in (one.first, one.second) for one in whole.interactions)


def several(names: Sequence[str], most: int) -> str:
    """`a; b and 3 more`: the names have commas of their own."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return "; ".join(names[:most]) + more


def like_reference(found: Reconciliation) -> list[tuple[str, list[str]]]:
    """What cannot be told from the reference, by axis; ways of several steps under ""."""
    rows: dict[str, list[str]] = {}
    for v in found.variants:
        if v.tied and v.steps and not v.same:
            axis, name = (v.steps[0].axis, v.steps[0].after) if len(v.steps) == 1 else ("", v.name)
            rows.setdefault(axis, []).append(name)
    return list(rows.items())


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


def used_name(found: Reconciliation) -> str:
    """Name of the variant that is the pipeline in use, "" where that is not known."""
    fitting = (v.name for v in found.variants if not v.metric and v.pipeline == found.served)
    return next(fitting, "") if found.served is not None else ""


def ways_of(claim: Claim, found: Reconciliation) -> list[str]:
    """What gives a number, in words. The pipeline in use is called that; where the reference gives it, those that cannot be
    told from the reference say nothing more."""
    used = used_name(found)
    tied = set(found.tied) - {used} if "reference" in claim.matches else set()
    names = [n for n in claim.matches if n == "reference" or n not in tied]
    return [f"the pipeline in use ({n})" if n == used else n for n in names]
