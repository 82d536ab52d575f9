"""From pairs to a verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from valscope import stats
from valscope.comparison.paired import difference
from valscope.comparison.pairs import Pairs
from valscope.nouns.comparison import ClassChange, Comparison
from valscope.scoring import share

ALPHA = 0.05


def judge(pairs: Pairs, run_a: str, run_b: str) -> Comparison:
    """The comparison of at least one image."""
    only_a = int((pairs.right_a & ~pairs.right_b).sum())
    only_b = int((pairs.right_b & ~pairs.right_a).sum())
    n = len(pairs)
    (low, high), p = difference(pairs.right_a, pairs.right_b, pairs.groups)
    better: Literal["A", "B"] | None = None
    if p < ALPHA and (low > 0 or high < 0):
        better = "B" if only_b > only_a else "A"
    groups = len(set(pairs.groups)) if pairs.groups is not None else n
    return Comparison(
        run_a=run_a,
        run_b=run_b,
        n=n,
        accuracy_a=share(int(pairs.right_a.sum()), n),
        accuracy_b=share(int(pairs.right_b.sum()), n),
        difference=(only_b - only_a) / n,
        low=low,
        high=high,
        only_a=only_a,
        only_b=only_b,
        p=p,
        better=better,
        per_class=_classes(pairs),
        verdict=_verdict(better, (only_b - only_a) / n, low, high, only_a, only_b, p, n),
        cannot_tell="One training of each was compared: how much another seed would change is not in these numbers.",
        groups=groups if groups < n else None,
        notices=pairs.notices,
    )


def _classes(pairs: Pairs) -> tuple[ClassChange, ...]:
    """Every class that has images. Within a class groups are too few to count; images are counted."""
    counted = []
    for number, name in enumerate(pairs.classes):
        mine = pairs.labels == number
        a, b = pairs.right_a[mine], pairs.right_b[mine]
        if mine.any():
            counted.append((name, int(mine.sum()), int((a & ~b).sum()), int((b & ~a).sum())))
    corrected = stats.holm([stats.mcnemar_exact(a, b) for _, _, a, b in counted])
    return tuple(ClassChange(*row, p) for row, p in zip(counted, corrected, strict=True))


def _verdict(
    better: str | None, d: float, low: float, high: float, only_a: int, only_b: int, p: float, n: int
) -> str:
    images = f"{n:,} image{'s' if n != 1 else ''}"
    counts = f"{only_b:,} images only B got, {only_a:,} only A, {chance(p)}"
    if better == "A":
        interval = f"[{100 * -high:.1f}, {100 * -low:.1f}]"
        return f"A is better by {100 * -d:.1f} points {interval} on {images}; {counts}."
    interval = f"[{100 * low:.1f}, {100 * high:.1f}]"
    if better == "B":
        return f"B is better by {100 * d:.1f} points {interval} on {images}; {counts}."
    return f"A and B cannot be told apart on {images}: B less A is {100 * d:.1f} points {interval}; {counts}."


def chance(p: float) -> str:
    """`p = 0.006`, `p < 0.0001`."""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.1g}" if p < 0.01 else f"p = {p:.2f}"


def changed(changes: Sequence[ClassChange]) -> tuple[list[str], list[str]]:
    """Names of classes on which B is better, and on which A is, beyond chance."""
    sure = [c for c in changes if c.p < ALPHA]
    return [c.name for c in sure if c.only_b > c.only_a], [c.name for c in sure if c.only_a > c.only_b]
