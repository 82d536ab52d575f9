"""What the measurements say in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from valscope import stats
from valscope.nouns.reconciliation import Claim, Fall, Variant, Verdict, Waterfall
from valscope.nouns.result import Share
from valscope.reconciling.axes import differing
from valscope.reconciling.board import Board
from valscope.reconciling.claims import Said, differs
from valscope.reconciling.ends import Settled
from valscope.reconciling.train_scores import LEARNED, of_training, training_words

# Images that one pipeline alone must have right, none the other, before chance would do it once in a hundred times.
FEWEST = 8
ELSEWHERE = "; it was measured on other images, or the weights are others"
MOST_KINDS = 4
SHOWN = 3  # pipelines that are named in a sentence
OTHER_ORDERS = ("outputs in the reverse order", "outputs stand for ")
SHOWN_POINT = 0.0005  # less is printed as 0.0 points
HIDDEN = 0.01  # less is lost in all than would be called a loss


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict, its sentence, and what should be added."""

    verdict: Verdict
    sentence: str
    notes: tuple[str, ...] = ()


def judged(
    board: Board, found: Settled, variants: Sequence[Variant], said: Sequence[Said], claims: Sequence[Claim],
    falls: Sequence[Waterfall],
) -> Judged:  # fmt: skip
    """Fault, equal, training, unmatched or unclear. The first variant is the reference."""
    best = variants[0].accuracy
    if not _beats_chance(board, best):
        return Judged(
            "unclear", f"No pipeline that was tried is better than chance: the best has {_share(best)} right."
        )
    if found.reference_from == "found" and _only_smoother(falls):
        return _smoother(falls[0])
    if found.served is not None:
        return with_claims(_of_use(board, found, variants, falls), found, variants, said, claims)
    return of_claims(best, said, claims, falls, variants)


def _only_smoother(falls: Sequence[Waterfall]) -> bool:
    """Whether all that surely differs is how images are resized. A model that is weak on its own images may like another
    kernel better than the one it was trained with, so that alone accuses nobody while training's is not known."""
    return {fall.step.axis for whole in falls for fall in whole.falls if fall.sure} == {"resize"}


def _smoother(whole: Waterfall) -> Judged:
    (step,) = (fall.step for fall in whole.falls if fall.sure)
    return Judged(
        "unclear",
        f"Resized by {step.after} {_share(whole.end)} are right, by {step.before} {_share(whole.start)}; whether training "
        "resized so is not known, and a weak model may like another kernel than its own.",
        ("The training script (--script) or its folder of runs tells how training resized.",),
    )


def _of_use(board: Board, found: Settled, variants: Sequence[Variant], falls: Sequence[Waterfall]) -> Judged:
    assert found.served is not None
    best = variants[0].accuracy
    if not differing(found.reference, found.served) and not found.agreed:
        least = FEWEST / max(1, board.parts.all - board.parts.chosen)
        scored = [v for v in variants if not v.metric and v.scored == board.parts.all]
        least = max(least, *(v.high for v in scored))  # what the grid leaves possible
        return Judged(
            "equal",
            f"Nothing is lost that these images show: no other pipeline has more than {_share(best)} right beyond "
            f"chance; a loss of fewer than {100 * least:.0f} points could go unseen.",
        )
    if not differing(found.reference, found.served):
        return Judged(
            "equal", f"Nothing is lost: training and use are the same pipeline, {_share(best)} right."
        )
    sure = [fall for fall in falls[0].falls if fall.sure]
    whole = falls[0]
    if sure and _total(whole) < HIDDEN:
        return Judged("fault", _hidden(whole, sure))
    if sure:
        return Judged("fault", lost(whole, sure))
    return Judged("equal", unsure(whole))


def with_claims(
    told: Judged, found: Settled, variants: Sequence[Variant], said: Sequence[Said], claims: Sequence[Claim]
) -> Judged:
    """What is said of the two pipelines, and whether that of use gives the numbers that somebody saw. Where nothing is
    lost and a number is neither pipeline's, it is the number that is not explained."""
    ends = [v for v in variants if not v.metric and v.pipeline in (found.reference, found.served)]
    accusing = {s.value for s in said if s.accuses}
    strange = [c for c in claims if c.value in accusing and all(differs(c, v.accuracy) for v in ends)]
    remembered = of_training(said, strange, variants, variants[0].accuracy)
    strange = [c for c in strange if remembered is None or c != remembered[0]]
    if remembered is not None and told.verdict == "equal" and not strange:
        return Judged(
            "training",
            training_words(*remembered, variants[0].accuracy),
            (LEARNED, told.sentence, *told.notes),
        )
    told = _with_training(told, remembered, variants[0].accuracy)
    if not strange:
        return told
    words = [
        _strange(c, ends[-1].accuracy, any(c.value > (v.accuracy.value or 0) for v in ends)) for c in strange
    ]
    if told.verdict == "equal":
        return Judged("unmatched", f"{words[0]} {told.sentence}", (*told.notes, *words[1:]))
    return Judged(told.verdict, told.sentence, (*told.notes, *words))


def _strange(claim: Claim, used: Share, above: bool) -> str:
    """A number that neither pipeline gives."""
    seen = f"{_percent(claim.value)}{_of_others(claim)} is not what the code in use gives on these images ({_share(used)})"
    others = [name for name in claim.matches if name != "reference"]
    if others:
        return f"{seen}; what would give it: {_ways(others)}."
    return f"{seen}, and no pipeline that was tried gives it{ELSEWHERE if above else ''}."


def _of_others(claim: Claim) -> str:
    """ " of 111 other images" where the number cannot be of those that were looked at."""
    counted = f" of {claim.n}" if claim.n is not None else ""
    return (
        f"{counted} other images" if counted and claim.elsewhere else f"{counted} images" if counted else ""
    )


def of_claims(
    best: Share, said: Sequence[Said], claims: Sequence[Claim], falls: Sequence[Waterfall],
    variants: Sequence[Variant] = (),
) -> Judged:  # fmt: skip
    """Without a pipeline of use: the first claim that sure steps lead to, else what no step explains."""
    for whole in falls:
        faults = [fall for fall in whole.falls if fall.sure]
        if faults:
            return _with_training(
                _of_matches(whole, faults, claims), of_training(said, claims, variants, best), best
            )
    remembered = of_training(said, claims, variants, best)
    if remembered is not None:
        return Judged("training", training_words(*remembered, best), (LEARNED,))
    accusing = {s.value for s in said if s.accuses}
    open_ = [c for c in claims if c.value in accusing and differs(c, best) and not c.matches]
    if open_:
        above = open_[0].value > (best.value or 0)
        more = ELSEWHERE if above else ""
        return Judged(
            "unmatched",
            f"No pipeline that was tried gives {_percent(open_[0].value)}: the best has {_share(best)} right{more}.",
        )
    unexplained = [c for c in claims if c.value in accusing and differs(c, best)]
    if unexplained:
        return Judged("unmatched", _another(unexplained[0], best))
    if claims:
        return Judged("equal", f"Nothing is lost: the model has {_share(best)} right, as was claimed.")
    return Judged("equal", f"The model has {_share(best)} right; no other number was given to compare with.")


def _with_training(told: Judged, remembered: tuple[Claim, Variant] | None, best: Share) -> Judged:
    """A fault is told first, and beside it that a higher number was training accuracy."""
    if remembered is None:
        return told
    return Judged(told.verdict, told.sentence, (*told.notes, training_words(*remembered, best)))


def _of_matches(whole: Waterfall, faults: Sequence[Fall], claims: Sequence[Claim]) -> Judged:
    """One pipeline gives the number, or several do and the number alone cannot tell them apart."""
    claim = next(c for c in claims if c.value == whole.claim)
    matches = [name for name in claim.matches if not name.startswith("metric: ")]
    if len(matches) < 2 and any(order in fall.step.after for fall in faults for order in OTHER_ORDERS):
        return Judged("fault", _reordered(whole, claim))
    if len(matches) < 2:
        return Judged("fault", lost(whole, faults, whole.claim))
    return Judged(
        "fault",
        f"{_percent(claim.value)} is not what the model gives in the way that fits it ({_share(whole.start)}); "
        f"{len(matches)} ways of using it give that number, and the number alone does not tell which: "
        f"{_ways(matches)}.",
        ("The code of prediction (--predict-script) or some predictions of it tell which of these it is.",),
    )


def _ways(names: Sequence[str]) -> str:
    """A few by name; of many only what they change: the claims list them."""
    if len(names) <= SHOWN:
        return "; ".join(names)
    axes = Counter(" and ".join(step.partition(":")[0] for step in name.split("; ")) for name in names)
    kinds = [f"{n} of {axis}" for axis, n in axes.items()]
    return _joined([*kinds[:MOST_KINDS], *(["others"] if len(kinds) > MOST_KINDS else [])])


def _reordered(whole: Waterfall, claim: Claim) -> str:
    """Of many orders of the classes, those that were tried stand for all."""
    return (
        f"{_percent(claim.value)} is what the model gives where its outputs are taken for other classes "
        f"({_share(whole.end)} in reverse order, {_share(whole.start)} in the order that fits); the number alone does "
        "not tell in which order."
    )


def _another(claim: Claim, best: Share) -> str:
    """A number that only another definition, or no sure step, leads to."""
    metric = next((name for name in claim.matches if name.startswith("metric: ")), None)
    if metric is None:
        return f"{_percent(claim.value)} is another number than {_share(best)}, but no step to it is sure."
    return (
        f"{_percent(claim.value)} fits another definition of accuracy ({metric.removeprefix('metric: ')}); "
        f"of the images themselves {_share(best)} are right."
    )


def _total(whole: Waterfall) -> float:
    return (whole.start.value or 0) - (whole.end.value or 0)


def _hidden(whole: Waterfall, sure: Sequence[Fall]) -> str:
    """Faults of which one hides what the other costs."""
    costs = " and ".join(
        f"{fall.step.axis} ({fall.step.after} instead of {fall.step.before}) costs {100 * fall.alone:.1f} points alone"
        for fall in sure
    )
    others = _axes([fall for fall in whole.falls if not fall.sure])
    return (
        f"Nothing is lost as it stands ({_share(whole.start)} and {_share(whole.end)}), but only because one fault "
        f"hides another: {costs}{f'; it is hidden by {others}' if others else ''}. Mend them together."
    )


def unsure(whole: Waterfall) -> str:
    """Pipelines that differ, and no step that surely costs anything."""
    many = 2 * len(whole.falls)
    corrected = f", corrected for {many} comparisons" if any(fall.low > 0 for fall in whole.falls) else ""
    return (
        f"The pipelines differ ({_axes(whole.falls)}), but no point is lost beyond chance{corrected}: "
        f"{_share(whole.start)} and {_share(whole.end)} right."
    )


def lost(whole: Waterfall, sure: Sequence[Fall], claim: float | None = None) -> str:
    """What is lost in all, and how much of it each sure step takes: the others have their share in the sum."""
    total, ends = _total(whole), f"{_share(whole.start)} becomes {_share(whole.end)}"
    seen = f" {_percent(claim)} is what this gives." if claim is not None else ""
    if len(sure) == 1 and abs(total - sure[0].lost) < SHOWN_POINT:
        return f"{100 * total:.1f} points are lost by {_step(sure[0])}: {ends}.{seen}"
    each = _joined([f"{_step(fall)} {_taken(fall)}" for fall in sure])
    rest = [f for f in whole.falls if not f.sure and abs(f.lost) >= SHOWN_POINT]
    others = _joined([f"{f.step.axis} {_taken(f)}" for f in rest])
    more = f"; what else differs is not sure to cost anything: {others}" if rest else ""
    return f"{100 * total:.1f} points are lost: {ends}. Of these {each}{more}.{seen}"


def _step(fall: Fall) -> str:
    return f"{fall.step.axis} ({fall.step.after} instead of {fall.step.before})"


def _taken(fall: Fall) -> str:
    """Points of a step after those before it; what it costs alone where it costs nothing there."""
    points = 100 * abs(fall.lost)
    if abs(fall.lost) < SHOWN_POINT:
        did = "takes none"
    else:
        did = f"takes {points:.1f}" if fall.lost > 0 else f"gives {points:.1f} back"
    alone = (
        f" after the steps before it and costs {100 * fall.alone:.1f} alone"
        if fall.sure and fall.low <= 0
        else ""
    )
    return did + alone


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), *parts[-1:])))


def _axes(falls: Sequence[Fall]) -> str:
    return ", ".join(fall.step.axis for fall in falls)


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _share(share: Share) -> str:
    return f"{100 * (share.value or 0):.1f} % [{100 * share.low:.1f}, {100 * share.high:.1f}]"


def _beats_chance(board: Board, best: Share) -> bool:
    counts = np.bincount(board.labels, minlength=len(board.images.dataset.classes))
    chance = stats.chance_level([int(c) for c in counts])
    return stats.binomial_test(best.k, best.n, min(1.0, chance), "greater") < 0.01 or best.low > chance
