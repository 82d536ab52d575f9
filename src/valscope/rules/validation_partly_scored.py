"""Validation scores fewer images than there are.

What it does: where the stated number of images is not the n behind the printed accuracies, tries every number of
steps: S whole batches, or S batches with the short one among them, which may change from epoch to epoch.
Why it matters: epochs are then compared on different images, and some images are left out.
Instead: no validation_steps at all, or ceil(n / batch).
Cannot tell: which images were left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.rotation import Rotation, rotation
from valscope.nouns.fact import Fact, Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.logs import Row, found, log
from valscope.worlds.scripts import flow

CODE, NAME = "L103", "validation_partly_scored"
NEEDS = ("runs", "stated_validation", "batch")
CERTAIN = 1e-4  # epochs that fit by accident, over all numbers of steps
FEWEST = 3


def check(case: Case) -> Iterator[Outcome]:
    """Needs the number of validation images and the batch size from text or code."""
    if not case.batch:
        return
    for run in case.runs:
        for n in case.stated_validation:
            found = rotation(run.column("val_accuracy"), n.value, case.batch.value)
            if found is not None and found.refuted >= FEWEST and found.accident <= CERTAIN:
                yield _finding(case, run, n, found)
                break


def _finding(case: Case, run: LoggedRun, n: Fact[int], found: Rotation) -> Finding:
    return Finding(
        CODE, NAME, "PROVED",
        f"Validation never scored all {found.n} images: {found.refuted} of the printed val_acc are no fraction of "
        f"{found.n}. Of {found.tried} numbers of steps only {found.steps} (of {found.batches} batches of "
        f"{found.batch}) fits all epochs: {_sizes(found)} ({found.accident:.1g} would fit by accident)"
        f"{'; which epochs, the running position foretells' if found.foretold and len(found.sizes) > 1 else ''}."
        f"{_division(case, found)}",
        numbers={
            "n": found.n, "batch": found.batch, "steps": found.steps, "batches": found.batches, "sizes": found.sizes,
            "refuted": found.refuted, "tried": found.tried, "accident": found.accident,
            **{f"epochs_{s}": len(found.epochs(s)) for s in found.sizes},
        },
        evidence=(n.source, *_lines(run, found), *_division_source(case)),
        cannot_tell="which images were left out; with a running position it is another batch each epoch.",
        remedy=f"Leave validation_steps out, or give ceil(n / batch) = {found.batches}.",
        next_step=f"validation_steps={found.batches}   (or leave it out)",
        weight=0.15, minor=True,
    )  # fmt: skip


def _sizes(found: Rotation) -> str:
    parts = []
    for size in found.sizes:
        epochs = found.epochs(size)
        if len(epochs) <= 4:
            word = "epoch" if len(epochs) == 1 else "epochs"
            parts.append(f"{word} {' and '.join(map(str, epochs))} scored {size}")
        else:
            parts.append(f"{len(epochs)} epochs scored {size}")
    return ", ".join(parts)


def _lines(run: LoggedRun, found: Rotation) -> tuple[Source, ...]:
    return tuple(run.epochs[found.epochs(size)[0] - 1].source for size in found.sizes)


def _division(case: Case, found: Rotation) -> str:
    for script in case.scripts:
        for fit in script.fits:
            steps = fit.validation_steps
            if steps is not None and steps.value.whole_division:
                return f" Python 2 makes {steps.value.text} {found.steps}."
    return ""


def _division_source(case: Case) -> tuple[Source, ...]:
    return tuple(
        f.validation_steps.source for s in case.scripts for f in s.fits if f.validation_steps is not None
    )[:1]


def sick(seed: int = 0) -> World:
    """187 images; nine batches of twenty are scored."""
    return _scored(180, seed)


def healthy(seed: int = 0) -> World:
    """All 187 are scored."""
    return _scored(187, seed)


def _scored(n: int, seed: int) -> World:
    right = (101, 107, 113, 119, 121, 127, 131, 133, 137, 139, 143, 149)
    rows: list[Row] = [(0.5, 0.8, 0.5, (k + seed % 7) / n) for k in right]
    fit = "model.fit_generator(train, epochs=12, validation_data=val, validation_steps=9)"
    return post(flow(mode="binary") + fit, found(2, 600, 187), log(rows, seed))
