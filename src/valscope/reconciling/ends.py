"""The two ends of the way: the pipeline of training and the pipeline of use, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass

from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Origin
from valscope.reconciling.axes import differing
from valscope.reconciling.board import Board
from valscope.reconciling.matching import best_of_any_order
from valscope.reconciling.paired import pair
from valscope.reconciling.variants import Space

# A pipeline that is stored, written or in use is called wrong only where another beats it on images that chose
# nothing, by chance once in a hundred times, and by points that matter. Batch statistics help a healthy model on
# images that differ a little from its own, so they must help more.
BEATEN_P, BEATEN_BY, BEATEN_BY_MODE = 0.01, 0.02, 0.05


@dataclass(frozen=True, slots=True)
class Ends:
    """start: where a search begins when nothing is known; trained and served with what showed them."""

    start: Pipeline
    trained: Pipeline | None
    trained_from: Origin
    served: Pipeline | None
    served_from: Origin


@dataclass(frozen=True, slots=True)
class Settled:
    """What is compared with what.

    fresh   images that have chosen neither end.
    better  a pipeline that beats that of training although both ends are known; None for none.
    agreed  both ends are known; otherwise the one that is known is compared with the best that was found.
    """

    reference: Pipeline
    reference_from: Origin
    served: Pipeline | None
    served_from: Origin | None
    fresh: slice
    better: Pipeline | None = None
    agreed: bool = False


def settled(board: Board, space: Space, ends: Ends) -> Settled:
    """The reference: the known pipeline of training; or, where that is not known or is beaten, the best found."""
    everything = slice(0, board.parts.all)
    known = ends.trained or ends.served
    if known is None:
        best = best_of_any_order(board, space, ends.start, known=False)
        return Settled(best, "found", None, None, board.parts.untouched)
    if ends.trained is not None and ends.served is not None:
        best = best_of_any_order(board, space, ends.trained)
        better = best if beats(board, best, ends.trained) else None
        return Settled(
            ends.trained, ends.trained_from, ends.served, ends.served_from, everything, better, True
        )
    origin = ends.trained_from if ends.trained is not None else ends.served_from
    best = best_of_any_order(board, space, known)
    if beats(board, best, known):
        return Settled(best, "found", known, origin, board.parts.untouched)
    served = known if ends.served is not None else None
    return Settled(known, origin, served, origin if served else None, everything)


def beats(board: Board, best: Pipeline, known: Pipeline) -> bool:
    """Whether one pipeline is better than another on the images that chose nothing."""
    axes = differing(known, best)
    if not axes:
        return False
    rest, everything = board.parts.untouched, board.parts.all
    told = pair(board.hits(known, everything)[rest], board.hits(best, everything)[rest])
    by = BEATEN_BY_MODE if set(axes) == {"mode"} else BEATEN_BY
    return told.p < BEATEN_P and told.difference >= by
