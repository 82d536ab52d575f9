"""What a result means, in sentences; the page, the terminal and notebooks say the same."""

from __future__ import annotations

from valscope.nouns.result import Baseline, Result, Scores, Share
from valscope.words.plain import count, points, share

FEW_MISTAKES = 0.98  # from here on mistakes say more than hits


def images(scores: Scores) -> str:
    """`379 test images that chose nothing`: how many, and whether they are untouched."""
    counted = count(scores.n, f"{scores.part} image".replace("val image", "validation image"))
    if scores.part == "test":
        return f"{counted} that chose nothing"
    return f"{counted} that also chose the epoch" if scores.part == "val" else counted


def meaning(scores: Scores) -> str:
    """The accuracy as an expectation for new images, in one plain sentence (two when groups were counted)."""
    right = scores.accuracy
    if right.value is None:
        return "No image was scored, so nothing is known about its accuracy."
    if right.k == right.n:
        return (
            f"All {count(right.n, 'image')} were named right; even so, as few as {round(100 * right.low)} of 100 "
            f"new ones like them may be.{_grouped(scores)}"
        )
    return f"{_expected(right, right.value)}{_grouped(scores)}"


def _expected(right: Share, value: float) -> str:
    """Mistakes where hits would all be 98 or more of 100; of 1,000 where the images tell that finely."""
    wrong = value >= FEW_MISTAKES
    base = 1000 if wrong or right.n >= 1000 else 100
    ends = (1 - right.high, 1 - value, 1 - right.low) if wrong else (right.low, value, right.high)
    low, middle, high = (round(base * v) for v in ends)
    return (
        f"Of {base:,} new images like these, expect about {middle:,} to be named {'wrong' if wrong else 'right'}; "
        f"the evidence allows anything from {low:,} to {high:,}."
    )


def _grouped(scores: Scores) -> str:
    if scores.groups is None:
        return ""
    return (
        f" Images of one group resemble each other, so the interval counts {count(scores.groups, 'group')} "
        f"and not {count(scores.n, 'image')}."
    )


def best_baseline(result: Result) -> Baseline | None:
    """The baseline with the highest accuracy among those that do without this network's features; None when
    there is none."""
    scored = [b for b in result.baselines if b.accuracy.value is not None and not b.own_features]
    return max(scored, key=lambda b: b.accuracy.value or 0.0, default=None)


def against(result: Result) -> str:
    """The network against its best baseline; empty when there is none."""
    best, right = best_baseline(result), result.scores.accuracy
    if best is None or best.accuracy.value is None or right.value is None:
        return ""
    gain, name = right.value - best.accuracy.value, best.name
    if gain <= 0:
        return f"The network is no better than the baseline “{name}”: {share(best.accuracy)}."
    lead = f"That is {points(gain)} above the best baseline, “{name}”"
    if right.low > best.accuracy.high:
        return f"{lead}, and the intervals do not overlap."
    return f"{lead}, but the intervals overlap: they alone do not show that the network is better."


def confusions(scores: Scores, most: int = 10) -> list[tuple[str, str, int, int]]:
    """(true, predicted, images, images of the true class), the most frequent mistakes first."""
    names = [c.name for c in scores.per_class]
    pairs = [
        (n, i, j) for i, row in enumerate(scores.confusion) for j, n in enumerate(row) if i != j and n > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    return [(names[i], names[j], n, sum(scores.confusion[i])) for n, i, j in pairs[:most]]


def mistakes(result: Result, shown: int) -> str:
    """How many mistakes there are, and which of them are shown."""
    right = result.scores.accuracy
    wrong = right.n - right.k
    if wrong == 0:
        return f"None: all {count(right.n, 'image')} were named right."
    some = f"; the {shown} it was surest of" if shown < wrong else "; the surest first"
    return f"{count(wrong, 'image')} of {right.n:,} named wrong{some if shown else ''}."
