"""Each image is divided by its own brightest pixel.

What it does: finds `image / image.max()` (or min-max of the image) on the way to the network.
Why it matters: one bright pixel changes the whole image's scale, so brightness means nothing; and no published
backbone was trained on such inputs.
Instead: a constant scale, or the backbone's own preprocess_input.
Cannot tell: how much it costs here.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.backbones import expected
from valscope.case.shown import place
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.preparation import Preparation, Scale
from valscope.nouns.recipe import Recipe, Stage
from valscope.nouns.script import ScriptFacts
from valscope.worlds import World, draw, programs, spoil, trainings
from valscope.worlds.scripts import sequence

CODE, NAME = "P103", "scales_by_own_maximum"
NEEDS = ("ways",)
SUSPECT = "division of each image by its own maximum"
EXPLAINS = ("P104", "L202", "L209")
OWN = ("image_max",)


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each script; else the recipe."""
    yield from list(_in_code(case)) or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """One scale for all images: what the backbone was trained with, else 1/255."""
    preparation = recipe.preparation
    if preparation is None or preparation.scale not in OWN:
        return None
    scale, order = expected(recipe.model) or ("unit", preparation.order)
    return recipe.but(preparation=preparation.but(scale=scale, order=order))


def _in_code(case: Case) -> Iterator[Outcome]:
    """One finding for each script."""
    for script in case.scripts:
        places = _places(script)
        if places:
            yield _finding(places, EXPLAINS if _in_training(script) else ())


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if training and remedy(training.recipe) is not None:
        yield _finding(place(case, "preparation.scale", "image_max"))


def _finding(places: tuple[Source, ...], explains: tuple[str, ...] = EXPLAINS) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Every image is divided by its own maximum in {lines_of(places)}, so the same brightness reaches the network "
        "as different numbers from image to image.",
        numbers={"places": len(places)},
        evidence=places,
        explains=explains,
        cannot_tell="how many points it costs.",
        remedy="Divide by a constant (255), or call the backbone's preprocess_input.",
        next_step="x = x / 255.0   (in place of the division by the maximum, on every path)",
        weight=0.45,
    )  # fmt: skip


def _places(script: ScriptFacts) -> tuple[Source, ...]:
    found = [s.source for q in script.sequences if q.scale == "image_max" for s in q.scaling or ()]
    found += [q.source for q in script.sequences if q.scale == "image_max" and not q.scaling]
    found += [s.source for p in script.paths if p.scale == "image_max" for s in p.steps if s.kind == "scale"]
    return tuple(dict.fromkeys(found))


def _in_training(script: ScriptFacts) -> bool:
    """Whether training or validation scale so: what only prediction does explains nothing of a log."""
    return any(q.scale == "image_max" for q in script.sequences) or any(
        p.scale == "image_max" and p.use in ("train", "validation", "unknown") for p in script.paths
    )


def sick(seed: int = 0) -> World:
    """Each image divided by its own brightest pixel."""
    scale = "np.max(img_to_array(load_img(self.files[chosen])))"
    return World({"feed.py": sequence(scale=scale, seed=seed)})


def healthy(seed: int = 0) -> World:
    """All divided by 255."""
    return World({"feed.py": sequence(seed=seed)})


def sick_training(seed: int = 0) -> World:
    """Classes that differ in brightness alone, which the own maximum takes away."""
    return _training("image_max", seed)


def healthy_training(seed: int = 0) -> World:
    """The same under 1/255."""
    return _training("unit", seed)


def _training(scale: Scale, seed: int) -> World:
    images = spoil.dimmed(draw.plain(seed, (150, 150), contrast=40), (1.0, 0.55))
    sound = Preparation(draw.SIDE, draw.SIDE, scale=scale)
    return trainings.world(images, preparation=sound, stages=(Stage(20),))


def sick_program(seed: int = 0) -> World:
    """Classes that differ in brightness alone, each image divided by its own maximum."""
    return _program("img / np.max(img)", seed)


def healthy_program(seed: int = 0) -> World:
    """The same divided by 255."""
    return _program("img / 255.0", seed)


def _program(image: str, seed: int) -> World:
    return programs.training(
        spoil.dimmed(draw.plain(seed, (200, 200), side=32), (1.0, 0.55)), seed, image=image
    )
