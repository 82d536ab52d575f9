"""From the pipeline that works to the one that is used: points lost step by step, paired on the same images."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np

from valscope import stats
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Axis, Fall, Interaction, Waterfall
from valscope.nouns.result import Share
from valscope.reconciling.axes import differing, steps, value_of, with_value, words
from valscope.reconciling.board import Board, Hits
from valscope.reconciling.paired import Pair, pair
from valscope.reconciling.search import neighbours
from valscope.reconciling.variants import Space
from valscope.scoring import share

ALPHA = 0.05
CLOSE = 0.05  # other steps within so much of the reference mend as well
ROUGHLY = 0.15  # further away on few images: not looked at
MOST = 4


def waterfall(
    board: Board, space: Space, reference: Pipeline, served: Pipeline, rest: slice, claim: float | None = None
) -> Waterfall:
    """The way from the reference to `served`, one differing axis at a time, in the order from file to class.

    rest  the images that it is measured on: those that chose nothing where the reference was chosen.
    """
    axes = differing(reference, served)
    path = [reference]
    for axis in axes:
        path.append(with_value(axis, value_of(axis, served), path[-1]))
    hits = [_hits(board, pipeline, rest) for pipeline in path]
    alone = [_hits(board, with_value(a, value_of(a, served), reference), rest) for a in axes]
    stepwise = [pair(one, two) for one, two in pairwise(hits)]
    single = [pair(hits[0], one) for one in alone]
    ps = stats.holm([min(1.0, 2 * min(a.p, b.p)) for a, b in zip(stepwise, single, strict=True)])
    falls = tuple(
        _fall(
            board, space, reference, served, rest, axis, at, (hits[at + 1], stepwise[at], single[at], ps[at])
        )
        for at, axis in enumerate(axes)
    )
    return Waterfall(
        _share(hits[0]), _share(hits[-1]), falls, _interactions(board, reference, served, rest, axes), claim
    )


def _fall(
    board: Board, space: Space, reference: Pipeline, served: Pipeline, rest: slice, axis: Axis, at: int,
    measured: tuple[Hits, Pair, Pair, float],
) -> Fall:  # fmt: skip
    after, step, single, p = measured
    worse = step.difference < 0 or single.difference < 0
    return Fall(
        steps(reference, served, board.classes)[at], _share(after), -step.difference, -step.high, -step.low, p,
        sure=p < ALPHA and worse, alone=-single.difference,
        alternatives=_alternatives(board, space, reference, served, axis),
    )  # fmt: skip


def _alternatives(
    board: Board, space: Space, reference: Pipeline, served: Pipeline, axis: Axis
) -> tuple[str, ...]:
    """Other right settings of an axis that the images cannot tell from the reference's."""
    everything = board.parts.all
    own = board.hits(reference, everything)
    used = value_of(axis, served)
    found = []
    for other in space.others(axis, reference):
        if value_of(axis, other) == used or not board.known(other, everything):
            continue
        told = pair(own, board.hits(other, everything))
        if told.p >= ALPHA and abs(told.difference) < 0.02:
            found.append(words(axis, value_of(axis, other), board.classes))
    elsewhere = _elsewhere(board, space, reference, served) if len(differing(reference, served)) == 1 else ()
    return (*found, *elsewhere)


def _elsewhere(board: Board, space: Space, reference: Pipeline, served: Pipeline) -> tuple[str, ...]:
    """Other single steps from the pipeline of use that mend it as well."""
    few, everything = board.parts.few, board.parts.all
    own = board.hits(reference, everything)
    axis = differing(reference, served)[0]
    found = []
    for other in neighbours(space, served):
        away = differing(served, other)
        if len(away) != 1 or away[0] == axis or not board.known(other, few):
            continue
        look = pair(own[:few], board.hits(other, few))
        if look.p < ALPHA or look.difference < -ROUGHLY:
            continue
        told = pair(own, board.hits(other, everything))
        if told.p >= ALPHA and abs(told.difference) < CLOSE:
            found.append(f"{away[0]}: {words(away[0], value_of(away[0], other), board.classes)}")
    return tuple(found[:MOST])


def _interactions(
    board: Board, reference: Pipeline, served: Pipeline, rest: slice, axes: tuple[Axis, ...]
) -> tuple[Interaction, ...]:
    """For each pair of steps, what both lose together beyond what each loses alone; the greatest first. The intervals
    are corrected for the number of pairs, so that each that is told is beyond chance."""
    found = []
    width = stats.normal_quantile(1 - 0.025 / max(1, len(axes) * (len(axes) - 1) // 2))
    start = _hits(board, reference, rest).astype(np.float64)
    for first, second in combinations(axes, 2):
        one = with_value(first, value_of(first, served), reference)
        two = with_value(second, value_of(second, served), reference)
        both = with_value(second, value_of(second, served), one)
        a, b, ab = (_hits(board, p, rest).astype(np.float64) for p in (one, two, both))
        beyond = (start - ab) - (start - a) - (start - b)
        mean, n = float(beyond.mean()), len(beyond)
        reach = width * float(beyond.std(ddof=1)) / np.sqrt(n) if n > 1 else 1.0
        if abs(mean) > reach:
            found.append(Interaction(first, second, mean, mean - reach, mean + reach))
    return tuple(sorted(found, key=lambda one: -abs(one.points)))


def _hits(board: Board, pipeline: Pipeline, rest: slice) -> Hits:
    return board.hits(pipeline, board.parts.all)[rest]


def _share(hits: Hits) -> Share:
    return share(int(hits.sum()), len(hits))
