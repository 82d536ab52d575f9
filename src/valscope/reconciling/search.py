"""The pipeline that a model was made for, found from images and labels: coordinate-wise, from where one starts.

Few images look at every neighbour, right answers first and likelihood between equals; the half that chooses looks
at the best of them; what a step does not need is taken back. The other half of the images has no say.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from valscope import stats
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Axis
from valscope.reconciling.axes import differing, input_key, value_of, with_value
from valscope.reconciling.board import Board
from valscope.reconciling.likelihood import log_loss
from valscope.reconciling.orders import fitted_order
from valscope.reconciling.variants import Space

ROUNDS = 3
SECONDS = 40.0  # after which only the most promising pipeline has its neighbours looked at
BEAM = 3
FINALISTS = 5
SINGLE = 6  # finalists of one step: few images often rank a detour before the one step that is needed
# A step must gain this share of the choosing images, two at least, or it is taken back.
WORTH = 0.01
DEAR = 0.04  # share of the images that a rare setting must gain over a common one
# Settings of use that few trainings have: what they explain, a common setting explains better.
RARE: dict[Axis, tuple[object, ...]] = {
    "axes": ("transposed", "reshaped"),
    "colour": ("grey_rgb",),
    "resize": (("lanczos", True), ("lanczos", False), ("bicubic", False)),
    "scale": ("centred", "unit_unit", "unit_symmetric", "unit_imagenet", "unit_caffe"),
}
SEARCHED: tuple[Axis, ...] = ("EXIF", "alpha", "colour", "geometry", "resize", "axes", "checkpoint", "mode")


@dataclass(frozen=True, slots=True)
class Look:
    """A pipeline with what few images say of it."""

    pipeline: Pipeline
    hits: int
    loss: float
    steps: int

    @property
    def rank(self) -> tuple[float, float]:
        """Right answers, a step costing half of one; then likelihood."""
        return (-(self.hits - 0.5 * self.steps), self.loss)


def find_best(board: Board, space: Space, start: Pipeline, known: bool = True) -> Pipeline:
    """The best pipeline that `start` can be turned into. A start that is known from somewhere is left only by steps
    that pay; one that is only usual has no such right."""
    held = start if known else None
    best = _fewest(board, held, [start, *_beam(board, space, start, held)])
    for _ in range(ROUNDS):
        better = _refined(board, space, held, best)
        if better == best:
            break
        best = better
    order = fitted_order(board, best, board.parts.chosen)
    if order is not None:
        best = best.but(order=order)
    return best if held is None else _pruned(board, held, best)


def _beam(board: Board, space: Space, start: Pipeline, held: Pipeline | None) -> list[Pipeline]:
    """The most promising pipelines on few images, up to ROUNDS settings of the input away."""
    few = board.parts.few
    seen = {input_key(start)}
    until = time.monotonic() + SECONDS
    beam = [_look(board, space, held, start, few)]
    ranked = list(beam)
    for _ in range(ROUNDS):
        far = time.monotonic() > until
        around = {
            input_key(p): p for look in beam[: 1 if far else BEAM] for p in neighbours(space, look.pipeline)
        }
        news = [p for key, p in around.items() if key not in seen]
        seen |= set(around)
        board.ask(news, few)
        fresh = [_look(board, space, held, p, few) for p in news]
        best_before = min(ranked, key=lambda look: look.rank)
        ranked = sorted([*ranked, *fresh], key=lambda look: look.rank)
        if not fresh or ranked[0] is best_before or ranked[0].hits - best_before.hits < 1:
            break
        beam = ranked[:BEAM]
    single = [look for look in ranked if len(differing(start, look.pipeline)) <= 1][:SINGLE]
    return list(dict.fromkeys(look.pipeline for look in (*single, *ranked[:FINALISTS])))


def neighbours(space: Space, pipeline: Pipeline) -> Iterator[Pipeline]:
    """Inputs one setting away; scale and channel order together, because they come in pairs."""
    for order in space.values("channel order") or (None,):
        turned = pipeline if order is None else with_value("channel order", order, pipeline)
        yield turned
        yield from space.others("scale", turned)
    for axis in SEARCHED:
        for other in space.others(axis, pipeline):
            # the statistics of a batch undo what a wrong scale did: no cause, and no way to predict one image
            if other.mode in ("moving", pipeline.mode):
                yield other


def _look(board: Board, space: Space, held: Pipeline | None, pipeline: Pipeline, upto: int) -> Look:
    """A pipeline with the decision and class order that suit its outputs best."""
    return min(
        (_seen(board, held, free, upto) for free in _free(space, pipeline)), key=lambda look: look.rank
    )


def _free(space: Space, pipeline: Pipeline) -> Iterator[Pipeline]:
    """The same inputs under every decision and order of classes: looking costs nothing."""
    yield pipeline
    fitting = pipeline.but(decision=space.model.head.decision, aligned=True)
    for order in dict.fromkeys((pipeline.order, *space.orders)):
        yield fitting.but(order=order)


def _seen(board: Board, held: Pipeline | None, pipeline: Pipeline, upto: int) -> Look:
    hits = int(board.hits(pipeline, upto).sum())
    outputs, labels = board.outputs(pipeline, upto), board.labels[:upto]
    loss = log_loss(outputs, labels, board.served.about.head, pipeline)
    return Look(pipeline, hits, loss, _steps(held, pipeline))


def _steps(held: Pipeline | None, pipeline: Pipeline) -> int:
    """Settings that differ from the start, and rare ones once more."""
    return (len(differing(held, pipeline)) if held is not None else 0) + _rare(held, pipeline)


def _rare(held: Pipeline | None, pipeline: Pipeline) -> int:
    """Settings that hardly anybody trains with and that the start does not have."""
    found = [axis for axis, values in RARE.items() if value_of(axis, pipeline) in values]
    return sum(held is None or value_of(axis, held) != value_of(axis, pipeline) for axis in found)


def _refined(board: Board, space: Space, held: Pipeline | None, best: Pipeline) -> Pipeline:
    """The best neighbour on the choosing half, among those that few images did not rule out."""
    few, chosen = board.parts.few, board.parts.chosen
    own = board.hits(best, few)
    candidates = [best]
    around = list(neighbours(space, best))
    board.ask(around, few)
    for other in around:
        look = _look(board, space, held, other, few).pipeline
        found = board.hits(look, few)
        lost, gained = int((own & ~found).sum()), int((found & ~own).sum())
        if gained >= lost or (lost - gained <= 1 and board.known(look, chosen)):
            candidates.append(look)
    return _fewest(board, held, [*candidates[: 3 * FINALISTS], *_beside(space, best)], chosen)


def _beside(space: Space, best: Pipeline) -> list[Pipeline]:
    return [other for other in _free(space, best) if other != best]


def _fewest(board: Board, held: Pipeline | None, candidates: list[Pipeline], upto: int = 0) -> Pipeline:
    """The candidate with most right answers on the choosing half; among those as good within WORTH, the one with
    the fewest steps from the start, then the likelier one."""
    upto = upto or board.parts.chosen
    board.ask(candidates, upto)
    looks = [_seen(board, held, candidate, upto) for candidate in dict.fromkeys(candidates)]
    worths = {look: look.hits - DEAR * upto * _rare(held, look.pipeline) for look in looks}
    most = max(worths.values())
    good = [look for look in looks if worths[look] >= most - worth(upto)]
    return min(good, key=lambda look: (look.steps, look.loss, -look.hits)).pipeline


def _pruned(board: Board, start: Pipeline, best: Pipeline) -> Pipeline:
    """Without the steps that the choosing half does not need."""
    chosen = board.parts.chosen
    for axis in differing(start, best):
        without = with_value(axis, value_of(axis, start), best)
        own, other = board.hits(best, chosen), board.hits(without, chosen)
        lost, gained = int((own & ~other).sum()), int((other & ~own).sum())
        if lost - gained < worth(chosen) or stats.mcnemar_exact(lost, gained) > 0.05:
            best = without
    return best


def worth(n: int) -> float:
    """Right answers that a step must gain on n images."""
    return max(2.0, WORTH * n)
