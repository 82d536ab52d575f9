"""Images that two parts share which loaders cut off by themselves.

A folder's files, in the order of a seed or as they stand, are cut at n - int(share n): image_dataset_from_directory trains
what stands before and validates the rest. Generators validate what stands before int(share n), class by class, in the order
of the files, whatever their seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.script.subsets import Subset

Why = Literal["seeds", "draws", "order", "shares", "whole", "part"]
LEAST = 0.001  # of all rows; less is rounding


@dataclass(frozen=True, slots=True)
class Common:
    """why     two seeds, two calls that draw one, one order shuffled and one not, two shares, one part that is all of
            it, or the same part twice.
    share   of the images that score, that are trained too: expected where the order is drawn; None where the text does
            not tell the shares.
    """

    why: Why
    share: float | None


def common(trained: Subset, scored: Subset) -> Common | None:
    """What two parts share, None where nothing is proved to be shared."""
    if trained.base != scored.base or trained.by != scored.by or not (trained.part or scored.part):
        return None
    one, other = _span(trained), _span(scored)
    if not trained.part or not scored.part:
        return Common("whole", one and one[1] - one[0])
    why = _apart(trained, scored)
    if why is not None:
        return Common(why, one and one[1] - one[0])
    if not _same_order(trained, scored) or one is None or other is None:
        return None
    shared = min(one[1], other[1]) - max(one[0], other[0])
    if shared < LEAST:
        return None
    return Common("part" if trained.part == scored.part else "shares", shared / (other[1] - other[0]))


def _span(one: Subset) -> tuple[float, float] | None:
    """Where it stands in the order of all, as shares of all."""
    if not one.part:
        return (0.0, 1.0)
    if one.share is None:
        return None
    share = one.share.value
    head = one.part == "training" if one.by == "image_dataset_from_directory" else one.part == "validation"
    cut = 1 - share if one.by == "image_dataset_from_directory" else share
    return (0.0, cut) if head else (cut, 1.0)


def _apart(trained: Subset, scored: Subset) -> Why | None:
    """Why the order of the one is certainly not that of the other."""
    if trained.mixed is None or scored.mixed is None or (trained.mixed and trained.seed_at is None):
        return None  # Keras refuses a shuffled part without a seed
    if scored.mixed and scored.seed_at is None:
        return None
    if trained.mixed != scored.mixed:
        return "order"
    if not trained.mixed or trained.seed_at == scored.seed_at:
        return None
    if trained.seed is not None and scored.seed is not None:
        return "seeds" if trained.seed.value != scored.seed.value else None
    return "draws" if trained.draws and scored.draws else None


def _same_order(trained: Subset, scored: Subset) -> bool:
    if trained.mixed is None or trained.mixed != scored.mixed:
        return False
    if not trained.mixed:
        return True
    if trained.seed is not None and scored.seed is not None:
        return trained.seed.value == scored.seed.value
    return trained.seed_at is not None and trained.seed_at == scored.seed_at
