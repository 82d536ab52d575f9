"""The pieces put together: reference, grid, claims, waterfalls, verdict."""

from __future__ import annotations

from collections.abc import Sequence

from valscope.nouns.finding import NotChecked
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Claim, Reconciliation, Variant, Waterfall
from valscope.nouns.served import ServedModel
from valscope.reconciling.axes import described, differing, value_of, words
from valscope.reconciling.board import Board
from valscope.reconciling.changed import changed
from valscope.reconciling.claims import Said, differs, matched
from valscope.reconciling.ends import Ends, Settled, settled
from valscope.reconciling.grid import grid, two_steps, variant
from valscope.reconciling.lines import with_lines
from valscope.reconciling.search import neighbours
from valscope.reconciling.snippets import snippet
from valscope.reconciling.train_folder import TrainFolder
from valscope.reconciling.train_scores import scored_on_training
from valscope.reconciling.variants import Space
from valscope.reconciling.verdicts import Judged, judged
from valscope.reconciling.waterfall import waterfall
from valscope.reconciling.written import Written
from valscope.training.observer import Observer

BETTER = 0.05  # batch statistics that are so much better point to moving ones that lag behind
SECONDS = 100.0  # for the grid; where it would take longer, few images rule variants out first


def answered(
    board: Board, space: Space, ends: Ends, said: Sequence[Said], written: Written, watch: Observer,
    training: TrainFolder,
) -> Reconciliation:  # fmt: skip
    """Everything that is measured and said of it."""
    inputs = sum(1 for _ in neighbours(space, ends.start))
    watch.phase("Looking for the best pipeline", 2 * inputs * board.parts.few + 8 * board.parts.chosen)
    found = settled(board, space, ends)
    watch.phase("Scoring variants", inputs * board.parts.all)
    variants = _variants(board, space, found, said)
    seen = scored_on_training(board, training, found.reference, found.served, watch)
    variants = (*variants, *seen.variants)
    further = two_steps(board, space, found.reference) if said else []
    claims = _claims(said, variants, further, found.served)
    falls = tuple(
        with_lines(fall, found.reference, written.said, space.model, board.images.dataset.classes)
        for fall in _waterfalls(board, space, found, said, claims, (*variants, *further))
    )
    verdict = judged(board, found, variants, said, claims, falls)
    end = _end(found, falls, (*variants, *further), claims)
    model, images = space.model, board.images.dataset
    return Reconciliation(
        model, images.origin, board.parts.all, images.classes,
        found.reference, found.reference_from, found.served, found.served_from,
        variants, tuple(v.name for v in variants if v.tied), claims, falls,
        changed(board, found.reference, end) if end is not None else (),
        verdict.verdict, verdict.sentence, snippet(found.reference, model, images.classes),
        (*_own(model), *_notes(board, space, found, verdict, variants), *seen.notes, *written.notes, *written.assumed),
        (*_not_checked(space, written), *written.not_measured, *seen.not_checked),
        settings=described(found.reference, images.classes),
    )  # fmt: skip


def _variants(board: Board, space: Space, found: Settled, claims: Sequence[Said]) -> tuple[Variant, ...]:
    """The grid round the reference, and the pipeline of use where the grid does not hold it."""
    variants = grid(board, space, found.reference, claims, SECONDS)
    if found.served is None or any(v.pipeline == found.served and not v.metric for v in variants):
        return variants
    return (*variants, variant(board, found.reference, found.served, board.parts.all))


def _claims(
    said: Sequence[Said], variants: Sequence[Variant], further: Sequence[Variant], used: Pipeline | None
) -> tuple[Claim, ...]:
    """Each number once, the highest first; two steps are looked at where one does not do."""
    found = []
    for one in sorted({s.value: s for s in said}.values(), key=lambda s: -s.value):
        claim = matched(one, variants, used)
        found.append(claim if claim.matches else matched(one, further))
    return tuple(found)


def _waterfalls(
    board: Board, space: Space, found: Settled, said: Sequence[Said], claims: Sequence[Claim],
    variants: Sequence[Variant],
) -> list[Waterfall]:  # fmt: skip
    """To the pipeline of use; without one, to the pipeline that gives each number below the reference's."""
    if found.served is not None:
        if not differing(found.reference, found.served):
            return []
        return [waterfall(board, space, found.reference, found.served, found.fresh)]
    accusing = {s.value for s in said if s.accuses}
    named = {v.name: v for v in variants if not v.metric}
    falls = []
    for claim in claims:
        match = next((named[m] for m in claim.matches if m in named and named[m].steps), None)
        low = differs(claim, variants[0].accuracy) and claim.value < (variants[0].accuracy.value or 0)
        if match is not None and low and claim.value in accusing:
            everything = slice(0, board.parts.all)
            falls.append(waterfall(board, space, found.reference, match.pipeline, everything, claim.value))
    return falls


def _end(
    found: Settled, falls: Sequence[Waterfall], variants: Sequence[Variant], claims: Sequence[Claim]
) -> Pipeline | None:
    """The pipeline at the foot of the first waterfall, None without one."""
    if not falls:
        return None
    if found.served is not None:
        return found.served
    wanted = next(c for c in claims if c.value == falls[0].claim)
    return next(v.pipeline for v in variants if v.name in wanted.matches and v.steps and not v.metric)


def _notes(
    board: Board, space: Space, found: Settled, verdict: Judged, variants: Sequence[Variant]
) -> list[str]:
    notes = list(verdict.notes)
    model, p = space.model, found.reference.preparation
    if model.inside not in ("none", "unknown") and p is not None and p.scale == "none":
        notes.append(
            f"The model itself does: {words('scale', model.inside)}. Dividing before it is scaling twice."
        )
    batch = next((v for v in variants if v.steps and v.pipeline.mode == "batch" and len(v.steps) == 1), None)
    if batch is not None and batch.low > BETTER:
        notes.append(
            f"With the statistics of each batch {100 * batch.difference:.1f} points more are right: the moving "
            "statistics of BatchNorm are not those of these images (few steps of training, or another scale)."
        )
    if found.better is not None:
        changes = "; ".join(
            f"{a}: {words(a, value_of(a, found.better), board.classes)}"
            for a in differing(found.reference, found.better)
        )
        notes.append(f"Another pipeline scores better than that of training ({changes}).")
    return notes


def _graph(model: ServedModel) -> bool:
    return len(model.modes) == 1 and model.format in ("onnx", "savedmodel")


def _own(model: ServedModel) -> tuple[str, ...]:
    """What is to be known of the model, but for what stands under what was not checked."""
    return tuple(note for note in model.notes if not (_graph(model) and "were not checked" in note))


def _not_checked(space: Space, written: Written) -> tuple[NotChecked, ...]:
    found = [
        NotChecked("pipelines in the code", reason, "the lines that read, scale and decide")
        for reason in written.reasons
    ]
    if not space.scalable:
        found.append(NotChecked("scale", "the arrays hold floats of their owner's scale", "the image files"))
    if _graph(space.model):
        kind = "an ONNX file" if space.model.format == "onnx" else "a SavedModel"
        found.append(NotChecked("inference modes", f"{kind} holds the graph of one mode", "the .keras file"))
    return tuple(found)
