"""The same pipelines on the images of training: a number that was seen in training is given by these and no others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from valscope import stats
from valscope.nouns.dataset import Dataset
from valscope.nouns.finding import NotChecked
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import TRAINING_IMAGES, Claim, Variant
from valscope.nouns.result import Share
from valscope.reconciling.board import Board
from valscope.reconciling.claims import Said, differs, may_give
from valscope.reconciling.sample import sample
from valscope.reconciling.train_folder import TrainFolder
from valscope.reconciling.train_overlap import Overlap, overlap
from valscope.scoring import share
from valscope.serving import Images, decide, pipeline_outputs
from valscope.training.observer import Observer

ON_TRAINING = f"the same pipeline {TRAINING_IMAGES}"
IN_USE = f"the pipeline in use {TRAINING_IMAGES}"
FEWEST = 20  # training images, below which their share says little
FEWEST_OTHERS = 10


@dataclass(frozen=True, slots=True)
class Trained:
    """What the training images say.

    variants  the pipelines on them, as further ways to a number.
    all_seen  every image that was looked at is one of training.
    """

    variants: tuple[Variant, ...] = ()
    all_seen: bool = False
    notes: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()


def scored_on_training(
    board: Board, folder: TrainFolder, reference: Pipeline, served: Pipeline | None, watch: Observer
) -> Trained:
    """The reference and the pipeline of use on a sample of the training images, and what these share with the others."""
    if folder.images is None:
        return Trained(notes=folder.notes, not_checked=folder.not_checked)
    origin = folder.images.origin
    common = overlap(board.images, folder.images)
    if common is not None and common.identical.all():
        note = (
            f"All {board.parts.all} images that were looked at lie in {origin}, the training folder: their accuracy is "
            "that of training images and says nothing of new ones."
        )
        return Trained((), True, (*folder.notes, note), folder.not_checked)
    notes = [*folder.notes, *_common(board, origin, common, reference)]
    if not (folder.names or folder.named):
        reason = f"the classes of {origin} cannot be matched to the outputs"
        return Trained((), False, tuple(notes), (NotChecked("training images", reason, "their class names"),))
    images = _sampled(folder.images, board.parts.all, reference)
    if len(images) < FEWEST:
        reason = f"{origin} has {len(images)} images that can be used, and {FEWEST} are needed"
        return Trained((), False, tuple(notes), (NotChecked("training images", reason, "more of them"),))
    watch.phase("Scoring training images", 2 * len(images))
    variants = [_scored(board, images, reference, reference, ON_TRAINING, folder, watch)]
    if served is not None and served != reference:
        variants.append(_scored(board, images, served, reference, IN_USE, folder, watch))
    notes += [_beside(variants[0].accuracy, board, reference)]
    return Trained(tuple(variants), False, tuple(notes), folder.not_checked)


def _sampled(training: Dataset, most: int, reference: Pipeline) -> Images:
    """A sample with every class in its share, without what cannot be read."""
    assert reference.preparation is not None
    images = Images(training.take(sample(training.labels, most)))
    failed = images.fetch([reference.preparation])
    keep = np.setdiff1d(np.arange(len(images)), np.asarray(sorted(failed), np.int64))
    return images.take(keep) if failed else images


def _scored(
    board: Board, images: Images, pipeline: Pipeline, reference: Pipeline, name: str, folder: TrainFolder, watch: Observer
) -> Variant:  # fmt: skip
    # under foreign names the labels are numbers of outputs, not of the other images' classes
    asked = pipeline if folder.named else pipeline.but(order=None)
    outputs = pipeline_outputs(board.served, images, asked, on_batch=watch.advance)
    hits = decide(outputs, asked.but(aligned=True)) == images.labels
    found = share(int(hits.sum()), len(images))
    own = board.hits(reference, board.parts.all)
    gap, reach = _apart(found, share(int(own.sum()), len(own)))
    return Variant(name, (), pipeline, found, gap, gap - reach, gap + reach, metric=name)


def _apart(one: Share, other: Share) -> tuple[float, float]:
    """Difference of two shares of different images, and the reach of its 95 % interval (Agresti-Caffo 2000: one right
    and one wrong answer added to each)."""
    a, b = (one.k + 1) / (one.n + 2), (other.k + 1) / (other.n + 2)
    spread = np.sqrt(a * (1 - a) / (one.n + 2) + b * (1 - b) / (other.n + 2))
    return (one.value or 0) - (other.value or 0), float(stats.normal_quantile(0.975) * spread)


def _beside(training: Share, board: Board, reference: Pipeline) -> str:
    own = board.hits(reference, board.parts.all)
    here = share(int(own.sum()), len(own))
    gap, reach = _apart(training, here)
    return (
        f"Of {training.n} training images the reference has {_share(training)} right, {100 * gap:+.1f} points "
        f"[{100 * (gap - reach):+.1f}, {100 * (gap + reach):+.1f}] against the {here.n} images here."
    )


def _common(board: Board, origin: str, common: Overlap | None, reference: Pipeline) -> list[str]:
    """How many images also lie in the training folder, and the accuracy on the others."""
    if common is None:
        return []
    seen, n = common.any, board.parts.all
    if not seen.any():
        return []
    kinds = [f"{int(common.identical.sum())} with the same bytes"] if common.identical.any() else []
    kinds += [f"{int(common.copies.sum())} saved again"] if common.copies.any() else []
    some = (
        f" (copies were looked for among {common.looked:,} of {common.of:,})"
        if common.looked < common.of
        else ""
    )
    hits = board.hits(reference, n)
    others = hits[~seen]
    rest = (
        f"{_share(share(int(others.sum()), len(others)))} of the {len(others)} others are right"
        if len(others) >= FEWEST_OTHERS
        else f"only {len(others)} are others"
    )
    own = share(int(hits[seen].sum()), int(seen.sum()))
    lie = "lies" if own.n == 1 else "lie"
    return [
        f"{own.n} of the {n} images also {lie} in {origin} ({' and '.join(kinds)}{some}): of those {_share(own)} are right, "
        f"{rest}."
    ]


LEARNED = (
    "What is missing here the model has learned of its training images only, or these images differ from them: more of "
    "such images in training, augmentation or a smaller network mend that, no line of prediction does."
)


def of_training(
    said: Sequence[Said], claims: Sequence[Claim], variants: Sequence[Variant], best: Share
) -> tuple[Claim, Variant] | None:
    """The first number above the reference's that the training images give and no pipeline on the others."""
    accusing = {s.value for s in said if s.accuses}
    plain = {v.name for v in variants if not v.metric}
    for claim in claims:
        above = claim.value in accusing and differs(claim, best) and claim.value > (best.value or 0)
        if above and not plain.intersection(claim.matches):
            found = next(
                (v for v in variants if v.metric in (ON_TRAINING, IN_USE) and may_give(claim, v.accuracy)),
                None,
            )
            if found is not None:
                return claim, found
    return None


def training_words(claim: Claim, on: Variant, best: Share) -> str:
    """That a number was training accuracy."""
    how = on.name.removesuffix(TRAINING_IMAGES).strip()
    return (
        f"{100 * claim.value:.1f} % is the accuracy on the training images: {how} has {_share(on.accuracy)} of those right, "
        f"and {_share(best)} of the {best.n} images here. The difference is not lost in preparation."
    )


def _share(found: Share) -> str:
    return f"{100 * (found.value or 0):.1f} % [{100 * found.low:.1f}, {100 * found.high:.1f}]"
