"""The labels have nothing to do with the images, as far as a probe can tell.

What it does: lets a linear probe on features learn the true labels, and 199 times labels that were dealt out anew; and
looks whether the reported validation beats the largest class.
Why it matters: no architecture, rate or regulariser helps where there is nothing to learn; a large network still
learns the training images by heart, which looks like overfitting.
Instead: check how labels were joined to images (order of files, rows of a table), then whether a person could tell.
Cannot tell: what another probe would see; the smallest effect that this one would have seen is stated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding, Outcome
from valscope.nouns.trial import Arm, Trial
from valscope.worlds import World, draw, spoil, trainings
from valscope.worlds.programs import training
from valscope.worlds.world import Drawn

if TYPE_CHECKING:
    from valscope.lab.bench import Bench
    from valscope.lab.null import NullResult

CODE, NAME = "D105", "nothing_learnable"
NEEDS = ("training",)
MEASURED = True  # speaks only from its own experiment
AFTER = True  # the trials, for what they learn can be learned
NOTHING = "nothing to learn in the images"
SURE = 0.01  # chance of the largest class's share or more, below which a training has learned something


def check(case: Case) -> Iterator[Outcome]:
    """Nothing without the experiment: a log at chance has many causes."""
    yield from ()


def measure(bench: Bench) -> Iterator[Outcome]:
    """The probe first; where it sees nothing, the reported validation, and what the trials have learned."""
    if bench.training is None:
        return
    found = bench.null()
    told = (
        f"a linear probe on {found.probe} learns them to {found.score:.1%} (mean over classes, {found.n} images, five "
        f"folds), dealt-out labels to {found.chance:.1%} (p = {found.p:.2g} over {found.shuffles} deals)"
    )
    trial = _trial(found, told)
    if found.learnable:
        yield Acquittal(NOTHING, f"the labels belong to the images: {told}.", "REFUTED", trial=trial)
        return
    trained = _trained(bench)
    if trained is not None and trained[2] <= SURE:
        yield Acquittal(
            NOTHING,
            f"the reported training has {trained[0]} of {trained[1]} validated images right, more than the largest class "
            f"gives (p = {trained[2]:.1g}).",
            "REFUTED",
        )
        return
    if bench.learned is not None:
        yield Acquittal(
            NOTHING,
            f"a training of the trials learned {bench.learned:.1%} of the untouched images.",
            "REFUTED",
        )
        return
    yield _finding(bench, found, told, trial, trained)


def _trained(bench: Bench) -> tuple[int, int, float] | None:
    """(right, images, p against the largest class) of the reported validation; None where it is not known."""
    from valscope import stats

    reported = [r for r in bench.training.reported if r.part == "val"] if bench.training else []
    n = (reported[-1].n or _validated(bench)) if reported else 0
    if not n:
        return None
    labels = bench.material.labels.tolist()
    largest = max(labels.count(k) for k in set(labels)) / len(labels)
    k = round(reported[-1].value * n)
    return k, n, stats.binomial_test(k, n, largest, "greater")


def _validated(bench: Bench) -> int:
    """Images of the validation part that the rebuilt split would make of the data that were given."""
    assert bench.training is not None
    split, parts = bench.training.recipe.split, bench.material.dataset.parts
    if split.kind == "given":
        return (parts or ()).count("val")
    return round(split.val * len(bench.material.dataset))


def _finding(
    bench: Bench, found: NullResult, told: str, trial: Trial, trained: tuple[int, int, float] | None
) -> Finding:
    also = "" if trained is None else (
        f"; the reported training has {trained[0]} of {trained[1]} validated images right, no more than the largest class "
        "gives"
    )  # fmt: skip
    origin = bench.training.data if bench.training is not None else ""
    # a training that knows its own images may have seen what a probe of few images does not: it was led astray
    # what the probe leaves open, trainings of the trials that learned nothing decide
    sure = trained is not None and not bench.memorises and (bench.trained or not found.open)
    return Finding(
        CODE, NAME, "CONFIRMED" if sure else "SUSPECTED",
        f"Nothing in the images tells the labels: {told}{also}. The probe would have seen anything above "
        f"{found.critical:.1%}.",
        numbers={
            "score": found.score, "chance": found.chance, "critical": found.critical, "p": found.p, "n": found.n,
            **({} if trained is None else {"right": trained[0], "of": trained[1]}),
        },
        evidence=(Source(origin, None, "measured"),),
        explains=("L201", "L202", "L203", "G101", "overfitting", "L209"),
        cannot_tell="what another probe or far more images would show.",
        remedy="Check how labels were joined to images (sorted file names, rows of a table), then what a person can tell.",
        next_step="print(list(zip(files[:20], labels[:20])))   (each label beside its file)",
        weight=0.9 if sure else 0.4,
        trial=trial,
    )  # fmt: skip


def _trial(found: NullResult, told: str) -> Trial:
    from valscope.scoring import share

    reach = found.critical - found.chance
    dealt, true = (
        Arm(label, (value,), share(round(value * found.n), found.n))
        for label, value in (("labels dealt out anew", found.chance), ("true labels", found.score))
    )
    difference = found.score - found.chance
    return Trial(
        CODE, NOTHING, "null", "A linear probe on the true labels and on labels that were dealt out anew.", dealt, true,
        found.n, difference, difference - reach, difference + reach, 0, 0, found.p, found.p,
        "REFUTED" if found.learnable else "CONFIRMED", words=told,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Labels that were shuffled against their images."""
    return _trained_on(spoil.unlearnable(draw.blobs(seed, (90, 90)), seed))


def healthy(seed: int = 0) -> World:
    """The same images under their own labels."""
    return _trained_on(draw.blobs(seed, (90, 90)))


def _trained_on(images: Drawn) -> World:
    return World({}, trainings.recipe(images, epochs=5), images)


def sick_program(seed: int = 0) -> World:
    """Labels dealt out by chance."""
    return training(spoil.unlearnable(_stripes(seed), seed), seed, epochs="6")


def healthy_program(seed: int = 0) -> World:
    """The labels that belong."""
    return training(_stripes(seed), seed, epochs="6")


def _stripes(seed: int) -> Drawn:
    return draw.bars(seed, (110,) * 4, side=24)
