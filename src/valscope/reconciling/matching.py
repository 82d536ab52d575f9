"""The search where the outputs may stand for the classes in any order.

Folders named in another language, or numbered otherwise than in training, leave every preparation at chance, the right one
too. Here each pipeline is looked at under the order that explains its answers best, and what comes out has to beat the
plain search by more than the number of orders lets chance do.
"""

from __future__ import annotations

import math

from valscope import stats
from valscope.nouns.pipeline import Pipeline
from valscope.reconciling.axes import input_key
from valscope.reconciling.board import Board
from valscope.reconciling.orders import assignment
from valscope.reconciling.search import FINALISTS, find_best, neighbours
from valscope.reconciling.variants import Space

BEAM, ROUNDS = 2, 2
BELOW = 0.5  # of the choosing images right: with more, the plain search has found the preparation
P = 0.05


def best_of_any_order(board: Board, space: Space, start: Pipeline, known: bool = True) -> Pipeline:
    """What `find_best` finds; where that is poor or had its order fitted, the best pipeline under any order of the classes
    if it is surely better."""
    best = find_best(board, space, start, known)
    upto, classes = board.parts.chosen, len(board.images.dataset.classes)
    if classes < 3 or board.served.about.classes:
        return best
    fitted = best.order not in (start.order, *space.orders)  # so the inputs were looked for under a wrong one
    if not fitted and _hits(board, best, upto) >= BELOW * upto:
        return best
    matched = _matched(board, space, start)
    own, other = board.hits(best, upto), board.hits(matched, upto)
    gained, lost = int((other & ~own).sum()), int((own & ~other).sum())
    orders = math.factorial(min(classes, 12))
    if gained <= lost or stats.mcnemar_exact(gained, lost) * orders >= P:
        return best
    # the order is known now: everything else is looked for as ever, and what does not pay is taken back
    again = find_best(board, space, matched)
    return again if _hits(board, again, upto) >= _hits(board, matched, upto) else matched


def _matched(board: Board, space: Space, start: Pipeline) -> Pipeline:
    """The best input that a few steps lead to, each under its own order of the classes."""
    few, chosen = board.parts.few, board.parts.chosen
    seen = {input_key(start): _ordered(board, space, start, few)}
    beam = list(seen.values())
    for _ in range(ROUNDS):
        news = {input_key(p): p for one in beam for p in neighbours(space, one)}
        fresh = [p for key, p in news.items() if key not in seen]
        board.ask(fresh, few)
        seen |= {input_key(p): _ordered(board, space, p, few) for p in fresh}
        beam = _ranked(board, list(seen.values()), few)[:BEAM]
    finalists = _ranked(board, list(seen.values()), few)[:FINALISTS]
    board.ask(finalists, chosen)
    return _ranked(board, [_ordered(board, space, p, chosen) for p in finalists], chosen)[0]


def _ordered(board: Board, space: Space, pipeline: Pipeline, upto: int) -> Pipeline:
    """The pipeline under the order, and with the decision, that suit its outputs best."""
    plain = pipeline.but(order=None, decision=space.model.head.decision, aligned=True)
    classes = len(board.images.dataset.classes)
    return plain.but(order=assignment(board.answers(plain, upto), board.labels[:upto], classes))


def _ranked(board: Board, pipelines: list[Pipeline], upto: int) -> list[Pipeline]:
    return sorted(pipelines, key=lambda p: -_hits(board, p, upto))


def _hits(board: Board, pipeline: Pipeline, upto: int) -> int:
    return int(board.hits(pipeline, upto).sum())
