"""Overfitting, named last: only after a good phase, and only where validation then gets worse or falls far behind.

What it does: holds the smallest val_loss against ln K and what came after it.
Why it matters: it is what people are told first, and mostly wrongly. A model that overfits knew something first.
Instead: stop at the best epoch, add data, augment, use a smaller or a pretrained network.
Cannot tell: too few images from a wrong feature (background, camera): that takes occlusion or cropping.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from valscope.case import Case
from valscope.evidence.laws.phase import Phase, phase
from valscope.nouns.finding import Acquittal, Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.nouns.recipe import Augmentation, Recipe
from valscope.worlds import World, draw, post, spoil
from valscope.worlds.curves import learning
from valscope.worlds.logs import found, log
from valscope.worlds.programs import training
from valscope.worlds.world import Drawn

CODE, NAME = "G101", "overfits"
NEEDS = ("runs",)
RISE = 1.25  # of the smallest val_loss; losses of honest runs on small sets wander by a tenth
GAP = 0.10  # between training and validation accuracy at the end
WIDE = 0.25  # the same, where val_loss does not get worse: beyond what chance adds
SLOW = 9  # epochs after the best from which the last third tells
FEWEST = 5
DROPOUT = 0.5
SMALL = Augmentation(rotate=0.03, shift=0.08, zoom=0.1)


def check(case: Case) -> Iterator[Outcome]:
    """A finding, an acquittal, or nothing."""
    same = _same_images(case)
    if same is not None:
        yield same
    for run in case.runs:
        found = phase(run.column("val_loss"), case.classes.value if case.classes else 2)
        if found is None or found.epochs < 3 or case.disowned(run):
            continue
        if found.good and found.epochs >= FEWEST and (_worsens(run, found) or _wide(case, run)):
            yield _finding(run, found)
        elif case.classes and found.ratio >= 1.2 and _learns(run, case.classes.value):
            yield _acquittal(run, found, case.classes.value)


def remedy(recipe: Recipe) -> Recipe | None:
    """Small changes of the images that keep any label, and more dropout. Which epoch is kept is another rule's."""
    dropout = max(DROPOUT, recipe.model.dropout)
    mended = recipe.but(model=replace(recipe.model, dropout=dropout))
    if recipe.preparation is not None and not recipe.augmentation:
        stages = tuple(replace(stage, cached=False) for stage in recipe.stages)
        mended = mended.but(augmentation=SMALL, stages=stages)
    return mended if mended != recipe else None


def _same_images(case: Case) -> Acquittal | None:
    """Where as many images as validation has score far less in prediction than inside fit."""
    sizes = {f.value for f in case.stated_validation}
    for fact in case.recounts:
        for run in case.runs:
            inside = _last(run, "val_accuracy")
            if fact.value.n in sizes and inside is not None and inside - fact.value.accuracy >= GAP:
                return Acquittal(
                    "overfitting",
                    f"the {fact.value.n} predicted images are the {fact.value.n} validated ones by number: they score "
                    f"{inside:.1%} inside fit and {fact.value.accuracy:.1%} in prediction. A model cannot overfit in one "
                    "of two ways to the same images; the ways differ.",
                    evidence=(fact.source, run.epochs[-1].source),
                )
    return None


def _worsens(run: LoggedRun, found: Phase) -> bool:
    train, val = _last(run, "accuracy"), _last(run, "val_accuracy")
    if train is None or val is None:
        return False  # losses alone may be those of a regression, where ln K means nothing
    later = [r.value for r in run.column("val_loss")[found.epoch + 1 :] if r is not None]
    lasting = len(later) >= 2 and sum(v > RISE * found.best for v in later) >= 0.6 * len(later)
    slow = len(later) >= SLOW and median(later[-len(later) // 3 :]) > RISE * found.best  # rose step by step
    return (lasting or slow) and train - val >= GAP


def _wide(case: Case, run: LoggedRun) -> bool:
    """A gap that no number of images explains, though val_loss keeps its level."""
    train, val, size = _last(run, "accuracy"), _last(run, "val_accuracy"), case.scored(run)
    if train is None or val is None or size is None:
        return False
    return bool(train - val >= WIDE + 2 * (val * (1 - val) / size.n) ** 0.5)


def _last(run: LoggedRun, column: str) -> float | None:
    """Mean of the last three epochs: one alone is noise."""
    known: list[Reading] = [r for r in run.column(column) if r is not None][-3:]
    return sum(r.value for r in known) / len(known) if known else None


def _learns(run: LoggedRun, classes: int) -> bool:
    train = _last(run, "accuracy")
    return train is not None and train >= 1 / classes + 0.2


def _finding(run: LoggedRun, found: Phase) -> Finding:
    train, val = _last(run, "accuracy"), _last(run, "val_accuracy")
    last = min(3, found.epochs)
    gap = f"; over the last {last} epochs accuracy is {train:.1%} in training and {val:.1%} in validation on average"
    gap = gap if train and val else ""
    best = run.epochs[found.epoch]
    rose = f"rose to {found.last:.4g} ({found.rise:.1f} times) after it"
    after = rose if found.rise >= RISE else f"gained no more ({found.last:.4g} at the end)"
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"The log at line {run.epochs[0].source.line} overfits: val_loss was good ({found.best:.4g}, {found.ratio:.2f} "
        f"of a uniform guess) in epoch {found.epoch + 1} of {found.epochs} and {after}{gap}.",
        numbers={"best": found.best, "last": found.last, "epoch": found.epoch + 1, "ratio": found.ratio, "rise": found.rise},
        evidence=(best.source, run.epochs[-1].source),
        explains=("L304",),
        cannot_tell="too few images from a wrong feature: both give these curves.",
        remedy="Keep the best epoch; then more or augmented images, a pretrained backbone, or a crop to the object.",
        next_step="valscope train PHOTOS/ --model mobilenetv2 --weights imagenet   (less to learn from few images)",
        weight=0.5,
    )  # fmt: skip


def _acquittal(run: LoggedRun, found: Phase, classes: int) -> Acquittal:
    return Acquittal(
        "overfitting",
        f"val_loss never passed through a good phase: in its best epoch ({found.epoch + 1} of {found.epochs}) it is "
        f"{found.best:.4g}, {found.ratio:.3g} times ln {classes}, and so from epoch 1 on. What overfits was good first.",
        evidence=(run.epochs[0].source, run.epochs[found.epoch].source),
    )


def sick(seed: int = 0) -> World:
    """val_loss is good in the third epoch and rises ever after, while training goes on to 100 %."""
    return post(found(3), log(learning(seed, epochs=12, top=3, overfit=0.6), seed))


def healthy(seed: int = 0) -> World:
    """The same without the rise."""
    return post(found(3), log(learning(seed, epochs=12, top=3), seed))


def sick_program(seed: int = 0) -> World:
    """Letters of which one in seven bears another's name: known at first, learned by heart then."""
    return training(spoil.mislabelled(_letters(seed), 0.15), seed, epochs="24", batch="16")


def healthy_program(seed: int = 0) -> World:
    """The right names."""
    return training(_letters(seed), seed, epochs="12", batch="16")


def _letters(seed: int) -> Drawn:
    return draw.letters(seed, (240,) * 4, side=32, contrast=160)
