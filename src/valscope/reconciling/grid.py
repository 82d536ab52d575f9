"""The differential grid: every variant one step from the reference, scored; and which cannot be told from it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from valscope import stats
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Axis, Variant
from valscope.reconciling.axes import AXES, INPUT, differing, steps
from valscope.reconciling.board import Board
from valscope.reconciling.claims import Said, may_give
from valscope.reconciling.metrics import metric_variants
from valscope.reconciling.paired import pair
from valscope.reconciling.variants import Space
from valscope.scoring import share

ALPHA = 0.05


def grid(
    board: Board, space: Space, reference: Pipeline, claims: Sequence[Said], seconds: float
) -> tuple[Variant, ...]:
    """The reference and all variants one step away, the reference first.

    claims   numbers that variants are to be compared with: a variant whose few images allow one is scored on all.
    seconds  that may be spent on it; where they do not suffice, few images rule variants out first.
    """
    few, everything = board.parts.few, board.parts.all
    pipelines = [(axis, p) for axis in AXES for p in space.others(axis, reference)]
    own = board.hits(reference, everything)
    fast = _fits(board, sum(axis in INPUT for axis, _ in pipelines), seconds)
    until = time.monotonic() + seconds
    found = [variant(board, reference, reference, everything)]
    board.ask((p for _, p in pipelines), everything if fast else few)
    looked = []
    for _, pipeline in pipelines:
        upto = everything if fast or board.known(pipeline, everything) else few
        looked.append((pipeline, variant(board, reference, pipeline, upto)))
    by_promise = sorted(range(len(looked)), key=lambda i: -looked[i][1].accuracy.k / looked[i][1].accuracy.n)
    for i in by_promise:
        pipeline, seen = looked[i]
        if seen.scored < everything and time.monotonic() < until and _promising(seen, claims):
            looked[i] = (pipeline, variant(board, reference, pipeline, everything))
    found += [seen for _, seen in looked]
    return tuple(_told_apart(board, reference, found)) + metric_variants(board, reference, own)


def variant(board: Board, reference: Pipeline, pipeline: Pipeline, upto: int) -> Variant:
    """A pipeline scored on the first `upto` images, beside the reference on the same ones."""
    own, hits = board.hits(reference, upto), board.hits(pipeline, upto)
    found = pair(own, hits)
    made = steps(reference, pipeline, board.classes)
    return Variant(
        "; ".join(f"{step.axis}: {step.after}" for step in made) or "reference", made, pipeline,
        share(int(hits.sum()), upto), found.difference, found.low, found.high,
        same=bool((board.answers(reference, upto) == board.answers(pipeline, upto)).all() and pipeline.aligned),
    )  # fmt: skip


def _fits(board: Board, inputs: int, seconds: float) -> bool:
    return inputs * board.parts.all * board.per_image <= seconds


def _promising(seen: Variant, claims: Sequence[Said]) -> bool:
    """Whether few images leave it open that a variant equals the reference or gives a claimed number."""
    lost, gained = _discordant(seen)
    open_ = stats.mcnemar_exact(lost, gained) > ALPHA
    return open_ or any(may_give(claim, seen.accuracy) for claim in claims)


def _discordant(seen: Variant) -> tuple[int, int]:
    """At least so many images speak for the one and the other."""
    net = round(seen.difference * seen.scored)
    return max(0, -net), max(0, net)


def _told_apart(board: Board, reference: Pipeline, found: list[Variant]) -> list[Variant]:
    """McNemar on the images that chose nothing, Holm over all variants that were scored on them."""
    rest = board.parts.untouched
    whole = [i for i, v in enumerate(found) if i and v.scored == board.parts.all]
    own = board.hits(reference, board.parts.all)[rest]
    pairs = [pair(own, board.hits(found[i].pipeline, board.parts.all)[rest]) for i in whole]
    corrected = dict(zip(whole, stats.holm([p.p for p in pairs]), strict=True))
    told = []
    for i, seen in enumerate(found):
        p = corrected.get(i)
        tied = i == 0 or (p is not None and p >= ALPHA)
        told.append(replace(seen, p_holm=p, tied=tied and (i == 0 or _close(seen))))
    return told


def _close(seen: Variant) -> bool:
    """A variant that loses much on all images is not tied because half of them prove little."""
    return seen.low <= 0 <= seen.high or abs(seen.difference) < 0.02


def two_steps(board: Board, space: Space, reference: Pipeline) -> list[Variant]:
    """Variants of the input with one further change of what is done with the outputs: scoring them costs nothing."""
    everything = board.parts.all
    free: tuple[Axis, ...] = ("decision", "class order", "alignment")
    found = []
    for axis in INPUT:
        for one in space.others(axis, reference):
            if board.known(one, everything):
                found += [
                    variant(board, reference, two, everything)
                    for other in free
                    for two in space.others(other, one)
                ]
    return [v for v in found if len(differing(reference, v.pipeline)) == 2 and not np.isnan(v.difference)]
