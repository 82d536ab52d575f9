"""Functions whose tensors no simple edit maps onto each other: each is recognised as a preparation, and those are
compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from valscope.nouns.path_difference import Gap, PathStage
from valscope.nouns.preparation import Preparation
from valscope.paths.both import Both
from valscope.paths.fields import replay, tensors_of
from valscope.paths.parting import Parting
from valscope.paths.recognise import ALIKE, Seen, levels_of, recognise
from valscope.paths.samples import samples
from valscope.paths.tensors import Floats, gap
from valscope.paths.words import SCALES, differing

MOST_PAIRS = 8  # pairs of preparations that are tried on all files


@dataclass(frozen=True, slots=True)
class Pair:
    """What both sides were recognised as, and how far each really is from it; None where that cannot be told."""

    first: Seen
    second: Seen
    apart: tuple[Gap | None, Gap | None]


def likely(both: Both) -> Parting | None:
    """None where one side resembles no preparation."""
    if not both.one_size:
        return None
    sides = [_seen(both, side) for side in (0, 1)]
    if not all(sides):
        return None
    pair = _best(both, sides[0], sides[1])
    exact = all(apart is not None and apart.most <= both.within for apart in pair.apart)
    stages = _stages(both, pair)
    if not stages and max(pair.first.rms, pair.second.rms) > ALIKE:
        return None
    left = (
        None if exact else max((a for a in pair.apart if a is not None), key=lambda a: a.most, default=None)
    )
    return Parting(
        stages or _same_settings(both, pair), left, exact, (pair.first.preparation, pair.second.preparation),
        () if exact else (_nearly(pair),),
    )  # fmt: skip


def _seen(both: Both, side: int) -> list[Seen]:
    known = both.ways[side].preparation
    if known is not None:
        return [Seen(known, 0.0)]
    other = both.ways[1 - side].preparation
    tensors = (both.first, both.second)[side]
    return recognise(samples(both.files, both.chosen.kinds, tensors), other)


def _best(both: Both, first: Sequence[Seen], second: Sequence[Seen]) -> Pair:
    """The two preparations that differ least; of those that differ equally, a pair that fits all files."""

    def order(pair: tuple[Seen, Seen]) -> tuple[float, float]:
        one, other = pair
        formulas = one.formula != other.formula
        return len(differing(one.preparation, other.preparation)) + formulas, one.rms + other.rms

    ranked = sorted(product(first, second), key=order)[:MOST_PAIRS]
    tried = []
    for one, other in ranked:
        apart = _apart(one, both.first, both), _apart(other, both.second, both)
        tried.append(Pair(one, other, apart))
        if all(a is not None and a.most <= both.within for a in apart):
            break
    return min(tried, key=lambda pair: (_most(pair) > both.within, tried.index(pair)))


def _most(pair: Pair) -> float:
    return max((a.most if a is not None else np.inf for a in pair.apart), default=np.inf)


def _apart(seen: Seen, tensors: Sequence[Floats], both: Both) -> Gap | None:
    if seen.formula:
        return None
    return gap(tensors_of(seen.preparation, both.files), tensors, both.files, both.within)


def _stages(both: Both, pair: Pair) -> tuple[PathStage, ...]:
    one, other = pair.first, pair.second
    if not one.formula and not other.formula:
        return replay(one.preparation, other.preparation, both.files).stages
    plain: list[Preparation] = [seen.preparation.but(scale="none") for seen in (one, other)]
    stages = replay(plain[0], plain[1], both.files).stages
    words = [seen.formula or SCALES[seen.preparation.scale] for seen in (one, other)]
    if words[0] == words[1]:
        return stages
    # where nothing else differs, all of the difference is the scale's
    return (*stages, PathStage("scale", words[0], words[1], None if stages else both.gap))


def _same_settings(both: Both, pair: Pair) -> tuple[PathStage, ...]:
    """The same preparation fits both, and yet the tensors differ: rounding, or another decoder."""
    levels = [
        levels_of(seen, values) for seen, values in ((pair.first, both.first), (pair.second, both.second))
    ]
    if all(level is not None for level in levels):
        whole = [_whole(level or []) for level in levels]
        if whole[0] != whole[1]:
            words = [
                "whole grey levels after resizing" if w else "fractions of grey levels kept" for w in whole
            ]
            return (PathStage("dtype", words[0], words[1], both.gap),)
    one, other = "decoded and resized by one library", "by another, or resized twice, with the same settings"
    return (PathStage("decode", one, other, both.gap),)


def _whole(levels: Sequence[Floats]) -> bool:
    return all(np.abs(x - np.rint(x)).max(initial=0.0) < 0.02 for x in levels)


def _nearly(pair: Pair) -> str:
    rms = max(pair.first.rms, pair.second.rms)
    left = (
        "another library's decoding or rounding"
        if rms <= ALIKE
        else "a way of their own that comes close to it"
    )
    return (
        f"The functions were recognised from their tensors to within {rms:.2f} grey levels of 255 (root mean square); "
        f"what is left is {left}."
    )
