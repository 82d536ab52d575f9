"""A saturated output: every answer is a certain 0 or 1, so loss = clip * (1 - accuracy) with no free number.

For balanced binary data and a constant answer that is half the clip. The same arithmetic is the loss of any
model whose wrong answers all have probability 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from valscope.evidence.laws.clips import CLIPS, Clip
from valscope.evidence.laws.digits import bounds
from valscope.nouns.log import Reading

Pair = tuple[Reading, Reading]  # (loss, accuracy) of one epoch
NEAR = 0.05  # nats: of a saturated model's right answers some cost a little


@dataclass(frozen=True, slots=True)
class Saturation:
    """The clip that fits best.

    exact     different (loss, accuracy) pairs that the law gives to the last printed digit.
    pairs     different pairs in all;  tried  clips tried.
    residual  largest |loss - clip * (1 - accuracy)| over all pairs.
    accident  how many exact fits would be expected by accident over all clips.
    """

    clip: Clip
    exact: int
    pairs: int
    residual: float
    tried: int
    accident: float


def saturation(losses: Sequence[Reading | None], accuracies: Sequence[Reading | None]) -> Saturation | None:
    """The clip with the most exact fits, or None without a pair whose accuracy is below 1."""
    pairs = different(losses, accuracies)
    if not pairs:
        return None
    best = max(CLIPS, key=lambda clip: (exact(pairs, clip), -_residual(pairs, clip)))
    return Saturation(
        best, exact(pairs, best), len(pairs), _residual(pairs, best), len(CLIPS),
        accident=len(CLIPS) * sum(_share(p, best) for p in pairs),
    )  # fmt: skip


def different(losses: Iterable[Reading | None], accuracies: Iterable[Reading | None]) -> tuple[Pair, ...]:
    """The different pairs of one column of losses and one of accuracies in which something is wrong."""
    seen: dict[tuple[str, str], Pair] = {}
    for loss, accuracy in zip(losses, accuracies):
        if loss is None or accuracy is None or not math.isfinite(loss.value):
            continue
        if 0 <= accuracy.value < 1 - accuracy.half:
            seen.setdefault((loss.text, accuracy.text), (loss, accuracy))
    return tuple(seen.values())


def exact(pairs: Iterable[Pair], clip: Clip) -> int:
    """How many pairs obey the law within the printed digits."""
    return sum(_fits(pair, clip) for pair in pairs)


def _fits(pair: Pair, clip: Clip) -> bool:
    (least, most), (low, high) = bounds(pair[0]), bounds(pair[1])
    return least <= clip.cost * (1 - low) and clip.cost * (1 - high) <= most


def _residual(pairs: Sequence[Pair], clip: Clip) -> float:
    return max(abs(loss.value - clip.cost * (1 - accuracy.value)) for loss, accuracy in pairs)


def _share(pair: Pair, clip: Clip) -> float:
    """Part of the losses possible at this accuracy that would be called a fit."""
    (least, most), (low, high) = bounds(pair[0]), bounds(pair[1])
    span = clip.cost * (high - low) + (most - least)
    return min(1.0, span / max(span, clip.cost * (1 - low)))
