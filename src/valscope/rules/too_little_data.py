"""More images would help, or they would not.

What it does: trains the best recipe of the trials on half and on all of the training images, for as many updates each,
and scores them on the same untouched images; on a quarter too where that doubling gained. Where nothing is learned from
all of them, or nearly every image is right, nothing is trained for it.
Why it matters: "get more data" costs most of all advice, and it is given without asking whether the curve still rises.
Instead: collect where the last doubling gained; look at labels, features and network where it did not.
Cannot tell: beyond one more doubling, which is expected to gain at most what the last one did.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding, NotChecked, Outcome
from valscope.nouns.recipe import Optimiser
from valscope.worlds import World, draw, trainings
from valscope.worlds.programs import training
from valscope.worlds.world import Drawn

if TYPE_CHECKING:
    from valscope.lab.arms import Contrast
    from valscope.lab.bench import Bench
    from valscope.lab.growth import GrowthResult

CODE, NAME = "G102", "too_little_data"
NEEDS = ("training",)
MEASURED = TRAINS = True  # speaks only from its own experiment, and that trains
LITTLE = "too few images"
MUCH = 0.05  # gain of the last doubling from which collecting comes first


def check(case: Case) -> Iterator[Outcome]:
    """Nothing without the experiment: a number of images is neither few nor many."""
    yield from ()


def measure(bench: Bench) -> Iterator[Outcome]:
    """Only after trials, whose pace tells whether the time suffices."""
    if bench.training is None or bench.pace is None:
        return
    found = bench.growth()
    if found is None:
        yield NotChecked(
            NAME, "the time did not suffice to train on half of the images", "--budget with more time"
        )
        return
    told = _told(found)
    if not found.learns:
        yield NotChecked(NAME, f"{told}: nothing is learned from them", "the cause of that mended first")
    elif found.last is None:
        yield Acquittal(LITTLE, f"{told}: {found.left:.1%} are left to gain.", "REFUTED")
    elif found.flat:
        yield Acquittal(
            LITTLE,
            f"{told}: twice as many are expected to gain no more than {max(0.0, 100 * found.last.high):.1f} points.",
            "REFUTED",
        )
    elif found.helps:
        yield _finding(bench, found, found.last, told)
    else:
        yield NotChecked(
            NAME, f"{told}: too weak to decide", "more images to score on, or --budget with more time"
        )


def _told(found: GrowthResult) -> str:
    curve = ", ".join(
        f"{accuracy:.1%} with {round(share * found.images)}"
        for share, accuracy in zip(found.shares, found.accuracies)
    )
    told = f"on {found.n} untouched images {curve} training images"
    if (last := found.last) is None:
        return told
    return f"{told}; the last doubling gained {100 * last.mean:+.1f} points [{100 * last.low:+.1f}, {100 * last.high:+.1f}]"


def _finding(bench: Bench, found: GrowthResult, last: Contrast, told: str) -> Finding:
    origin = bench.training.data if bench.training is not None else ""
    return Finding(
        CODE, NAME, "CONFIRMED",
        f"More images would help: {told}. Twice as many are expected to gain at most that.",
        numbers={
            "images": found.images, "shares": found.shares, "accuracies": found.accuracies, "gain": last.mean,
            "low": last.low, "high": last.high, "n": last.n,
        },
        evidence=(Source(origin, None, "measured"),),
        explains=("overfitting",),
        cannot_tell="how far it goes on; curves of this kind flatten.",
        remedy="More images of the kind that is predicted; until then a pretrained backbone and small random changes.",
        next_step="valscope train PHOTOS/ --model mobilenetv2 --weights imagenet   (needs fewer images)",
        weight=min(0.6, max(0.1, last.mean)), minor=last.mean < MUCH,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Eight classes that lie close in many dimensions."""
    return _trained(draw.vectors(seed, (100,) * 8, size=256, apart=4))


def healthy(seed: int = 0) -> World:
    """Two classes far apart."""
    return _trained(draw.vectors(seed, (300, 300), apart=9))


def _trained(images: Drawn) -> World:
    slow = trainings.recipe(images, epochs=15).but(optimiser=Optimiser("adam", rate=3e-3), restore_best=True)
    return World({}, slow, images)


def sick_program(seed: int = 0) -> World:
    """Eight letters at any place, sixty photographs of each."""
    return training(draw.letters(seed, (60,) * 8, side=32), seed, epochs="20")


def healthy_program(seed: int = 0) -> World:
    """Stripes in three directions, told from few."""
    return training(draw.bars(seed, (150, 150, 150), side=32), seed)
