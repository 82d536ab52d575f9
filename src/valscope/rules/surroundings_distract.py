"""The surroundings of the object tell nothing, and there are too few images to learn that.

What it does: a probe is fitted on whole images, on their central half, and on what is left without it; where the
centre tells all and the surroundings nothing, the training is repeated on cropped images.
Why it matters: a network with few images learns by heart what is beside the object; training reaches 100 % and
validation stays behind, as with any overfitting, but more layers or fewer do not help.
Instead: crop to the object, or collect images in which only the object repeats.
Cannot tell: objects that do not stand in the middle; heat maps show where they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from valscope.case import Case
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Recipe
from valscope.worlds import World, draw, spoil, trainings
from valscope.worlds.programs import training
from valscope.worlds.world import Drawn

if TYPE_CHECKING:
    from valscope.lab.ablation import Ablated
    from valscope.lab.bench import Bench

CODE, NAME = "X101", "surroundings_distract"
NEEDS = ("training",)
MEASURED = True  # speaks only from its own experiment
CENTRE = 0.5  # of each side is kept
SAME = 0.02  # less than the whole image by so little counts as all that there is
GAIN = 0.05  # of the images that the probe must get right in addition: less is not worth a smaller picture


def check(case: Case) -> Iterator[Outcome]:
    """Nothing without the experiment."""
    yield from ()


def screen(bench: Bench) -> Iterator[Finding]:
    """A probe on whole, on cropped and on hollowed images, before any training.

    Where the centre is told apart surely better than the whole, that is a suspicion by itself. Where the surroundings
    alone tell nothing and the centre tells all, the crop is worth a trial, and by the way until it is made.
    """
    found = {a.name: a for a in bench.ablations("crop", "background only")}
    if "crop" not in found or bench.training is None:
        return
    crop, hollow = found["crop"], found["background only"]
    if crop.accuracy.low <= largest_share(bench) and not bench.memorises:
        return  # the probe sees nothing in the centre, and no training has seen anything either
    surely = crop.low > 0 and crop.gain >= GAIN
    silent = hollow.accuracy.low <= largest_share(bench) and crop.gain >= -SAME
    if surely or silent:
        yield _finding(bench, found["whole"], crop, hollow, minor=not surely)


def largest_share(bench: Bench) -> float:
    """What a blind guess gets: the largest class's share of the images."""
    counts = Counter(bench.material.labels.tolist())
    return max(counts.values()) / sum(counts.values())


def _finding(bench: Bench, whole: Ablated, crop: Ablated, hollow: Ablated, minor: bool) -> Finding:
    n = whole.accuracy.n
    shares = [a.accuracy.value or 0.0 for a in (whole, crop, hollow)]
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"A probe gets {shares[0]:.1%} of {n} images right, {shares[1]:.1%} from their central half alone "
        f"({100 * crop.low:+.1f} to {100 * crop.high:+.1f} points) and {shares[2]:.1%} without it: what surrounds the "
        "object can only distract.",
        numbers={"whole": shares[0], "centre": shares[1], "surroundings": shares[2], "n": n},
        evidence=(Source(bench.training.data if bench.training else "", None, "measured"),),
        explains=("D105", "G101", "G102", "L209"),
        cannot_tell="whether the object lies in the middle of every image, and whether a tighter crop does better.",
        remedy=f"Crop every image to its central {CENTRE:.0%} of each side before resizing, in training and in use.",
        next_step="image = tf.image.central_crop(image, 0.5)   (before it is resized, in training and in use; train again)",
        weight=0.6,
        minor=minor,
    )  # fmt: skip


def remedy(recipe: Recipe) -> Recipe | None:
    """The same training on the central half of each side."""
    preparation = recipe.preparation
    if preparation is None or preparation.centre < 1.0:
        return None
    return recipe.but(preparation=replace(preparation, centre=CENTRE))


def sick(seed: int = 0) -> World:
    """Few images whose object fills the middle quarter of a busy picture."""
    images = spoil.surrounded(draw.blobs(seed, (70, 70)), 8, seed)
    return World({}, trainings.recipe(images, epochs=25), images)


def healthy(seed: int = 0) -> World:
    """The same pictures without surroundings."""
    images = draw.blobs(seed, (70, 70), side=32)
    return World({}, trainings.recipe(images, epochs=25), images)


def sick_program(seed: int = 0) -> World:
    """Faint spots in the middle of busy pictures."""
    return training(spoil.surrounded(_spots(seed), 16, seed), seed, epochs="12")


def healthy_program(seed: int = 0) -> World:
    """The same spots cut out."""
    return training(_spots(seed), seed, epochs="12")


def _spots(seed: int) -> Drawn:
    return draw.blobs(seed, (200, 200), contrast=24)
