"""What a result means, in sentences; the page, the terminal and notebooks say the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from valscope.nouns.result import Baseline, Result, Scores, Share
from valscope.report.words import count, listing, number, percent, points, share

Row = Mapping[str, float | int | str | None]
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
    """The baseline with the highest accuracy, None when none was scored."""
    scored = [b for b in result.baselines if b.accuracy.value is not None]
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


def best_epoch(history: Sequence[Row]) -> Row | None:
    """The row with the lowest validation loss, the first of equals, as training chooses it."""
    rows = [row for row in history if (loss := value(row, "val_loss")) is not None and loss < float("inf")]
    return min(rows, key=lambda row: value(row, "val_loss") or 0.0, default=None)


def value(row: Row, name: str) -> float | None:
    """A number of a history row; None where it is missing, no number, or NaN."""
    found = row.get(name)
    return float(found) if isinstance(found, float | int) and found == found else None


def chosen(result: Result, restored: bool) -> str:
    """Which epoch was kept, and how much its validation accuracy flatters; empty without a validation part."""
    o = result.optimism
    if o is None:
        return ""
    accuracy = percent(o.val_accuracy, o.n)
    if o.epochs < 2:
        return f"One epoch was trained; nothing was chosen. Its validation accuracy is {accuracy}."
    if not restored:
        return f"The weights of the last epoch are used, not those of the best; its validation accuracy is {accuracy}."
    return (
        f"Epoch {o.best_epoch} of {o.epochs} was kept: its validation loss was lowest. "
        f"Being the best of {o.epochs} on {count(o.n, 'image')} makes its validation accuracy of {accuracy} "
        f"look about {points(o.points)} too good."
    )


def calibrated(result: Result) -> str:
    """How far stated probabilities can be trusted, with the temperature and without."""
    c, scores = result.calibration, result.scores
    after = scores.ece if scores.ece is not None or c is None else c.ece_after
    miss = (
        ""
        if after is None
        else f"On the {count(scores.n, f'{scores.part} image')} a stated probability misses by {points(after)} on average"
    )
    if c is None:
        return f"{miss}; no temperature was fitted." if miss else ""
    fitted = f"Logits are divided by the temperature {number(c.temperature)}, fitted on {count(c.n, 'validation image')}."
    if not miss:
        return fitted
    return f"{fitted} {miss}" + (
        "." if c.ece_before is None else f", without the temperature by {points(c.ece_before)}."
    )


def confusions(scores: Scores, most: int = 10) -> list[tuple[str, str, int, int]]:
    """(true, predicted, images, images of the true class), the most frequent mistakes first."""
    names = [c.name for c in scores.per_class]
    pairs = [
        (n, i, j) for i, row in enumerate(scores.confusion) for j, n in enumerate(row) if i != j and n > 0
    ]
    pairs.sort(key=lambda pair: (-pair[0], pair[1], pair[2]))
    return [(names[i], names[j], n, sum(scores.confusion[i])) for n, i, j in pairs[:most]]


def put_aside(result: Result) -> str:
    """The rule for images of none of the classes, with its error; empty when there is none."""
    u = result.unsure
    if u is None:
        return ""
    return (
        f"An image is put aside as unsure when its probability is below {percent(u.probability, 1000)} or when it lies "
        f"farther than {number(u.distance)} from the training images in feature space. The rule puts aside "
        f"{share(u.false_unsure)} of {count(u.false_unsure.n, 'image')} that do belong to a class."
    )


def versions(result: Result) -> str:
    """`keras 3.15.1, numpy 2.3.4`."""
    return listing([f"{name} {version}" for name, version in result.versions.items()], most=50)
