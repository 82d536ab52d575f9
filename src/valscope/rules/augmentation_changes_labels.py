"""A random change of the training images changes what they show.

What it does: holds random flips and half turns against the names of the classes (left and right, b and d, 6 and 9)
and against the images: whether pictures of one class, mirrored, are those of another.
Why it matters: half of the training images then stand under a wrong label, and no network can tell the classes apart.
Instead: leave that change out; shifts, zooms and small rotations keep such labels.
Cannot tell: from the names alone, whether the images themselves carry the direction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from valscope import architecture
from valscope.case import Case
from valscope.case.mirrored import Direction, flip_verdict, mirror_names
from valscope.case.rebuild.augmentation import from_layers, from_steps
from valscope.case.rebuild.notes import Notes
from valscope.case.shown import place
from valscope.errors import ValscopeError
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, NotChecked, Outcome
from valscope.nouns.network import Layer
from valscope.nouns.recipe import Augmentation, Recipe
from valscope.worlds import World, draw
from valscope.worlds.programs import LAYERS, POOL, before, training
from valscope.worlds.scripts import flow, network

CODE, NAME = "D104", "augmentation_changes_labels"
NEEDS = ("training_code",)
SUSPECT = "flips and turns of training images"
EXPLAINS = ("L201", "L202", "G101", "L209")
SIDE = 64  # pixels that shifts are counted in; no matter for flips
TURNED = 0.25  # of a full turn from which images may stand on their head
SLIGHT = 0.05
WORDS = {
    "horizontal": "mirrored left to right",
    "vertical": "mirrored top to bottom",
    "turned": "turned by half a turn",
}


def check(case: Case) -> Iterator[Outcome]:
    """Only where code or recipe flip or turn at random."""
    for augmentation, places in _changes(case):
        directions = _directions(augmentation)
        named = next(((d, p) for d in directions for p in _pairs(case, d)), None)
        found = list(_measured(case, directions, places)) if directions else []
        yield from found
        if named is not None and not any(isinstance(o, Finding) for o in found):
            yield _by_name(*named, places)
        if named is not None or found:
            return


def remedy(recipe: Recipe) -> Recipe | None:
    """Without flips, and turned only slightly."""
    old = recipe.augmentation
    new = replace(old, flip_horizontal=False, flip_vertical=False)
    new = new if old.rotate < TURNED else replace(new, rotate=SLIGHT)
    config = recipe.model.config
    calm = _calm(config) if config is not None else None
    if new == old and calm == config:
        return None
    return recipe.but(augmentation=new, model=replace(recipe.model, config=calm))


def places(case: Case) -> Iterator[Source]:
    """The lines that flip or turn."""
    for _, lines in _changes(case):
        yield from lines


def _calm(config: str) -> str:
    """The same network, where it flips and turns images in its own layers."""
    turns = architecture.settings(config, "RandomRotation", "factor")
    if any(_largest(factor) >= TURNED for factor in turns):
        config = architecture.with_setting(config, "RandomRotation", "factor", SLIGHT)
    return (
        architecture.without(config, "RandomFlip") if "RandomFlip" in architecture.kinds(config) else config
    )


def _largest(factor: object) -> float:
    """Of a full turn, from one number or from a range."""
    values = factor if isinstance(factor, list) else [factor]
    return max((abs(v) for v in values if isinstance(v, int | float)), default=0.0)


def _changes(case: Case) -> Iterator[tuple[Augmentation, tuple[Source, ...]]]:
    """Random changes of training images, with their lines."""
    for script in case.scripts:
        for feed in script.feeds:
            if feed.augmentation and feed.use in ("train", "unknown"):
                yield from_steps(feed.augmentation, SIDE, Notes()), tuple(s.source for s in feed.augmentation)
    for built in case.networks:
        random = [x for x in _all(built.layers) if x.kind.startswith("Random")]
        if random:
            yield from_layers(random, Notes()), tuple(x.source for x in random if x.source is not None)
    training = case.training
    if training and not case.scripts and remedy(training.recipe) is not None:
        yield training.recipe.augmentation, place(case, "augmentation", "")


def _all(layers: Sequence[Layer]) -> Iterator[Layer]:
    """Layers with those of networks among them."""
    for layer in layers:
        yield layer
        yield from _all(layer.layers)


def _directions(augmentation: Augmentation) -> tuple[Direction, ...]:
    told: list[Direction] = ["horizontal"] if augmentation.flip_horizontal else []
    told += ["vertical"] if augmentation.flip_vertical else []
    return (*told, "turned") if augmentation.rotate >= TURNED or len(told) == 2 else tuple(told)


def _pairs(case: Case, direction: Direction) -> Iterator[tuple[str, str]]:
    names: list[Sequence[str]] = [d.classes for d in case.data]
    names += [o.names for s in case.scripts for o in s.class_orders if o.names]
    names += [case.training.recipe.classes] if case.training else []
    yield from (pair for known in names if (pair := mirror_names(known, direction)) is not None)


def _measured(case: Case, directions: Sequence[Direction], places: tuple[Source, ...]) -> Iterator[Outcome]:
    for facts in case.data[:1]:
        for direction in directions:
            if direction == "turned":
                continue
            try:
                verdict = flip_verdict(facts, direction)
            except ValscopeError as error:
                yield NotChecked(NAME, str(error).rstrip("."), "images that can be read")
                return
            if verdict is not None and verdict.verdict == "unsafe":
                yield _finding(
                    f"Training images are {WORDS[direction]} at random, and that changes labels. {verdict.reason}",
                    (*places, facts.source), {"swapped": len(verdict.swapped)}, 0.85,
                    "whether the network could have learned the classes otherwise.",
                )  # fmt: skip
                return


def _by_name(direction: Direction, pair: tuple[str, str], places: tuple[Source, ...]) -> Finding:
    return _finding(
        f"Training images are {WORDS[direction]} at random, which exchanges 2 of the classes by their names: "
        f"{pair[0]!r} and {pair[1]!r}.",
        places, {"first": pair[0], "second": pair[1]}, 0.7, "whether the images show what their names say.",
    )  # fmt: skip


def _finding(
    claim: str, places: tuple[Source, ...], numbers: dict[str, int | str], weight: float, open_: str
) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED", claim,
        numbers=numbers,
        evidence=places,
        explains=EXPLAINS,
        cannot_tell=open_,
        remedy="Leave the flip (or the large rotation) out; shifts, zooms and small rotations keep the labels.",
        next_step="horizontal_flip=False, vertical_flip=False, rotation_range=10   (five epochs tell)",
        weight=weight,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Arrows that point left and right, mirrored at random."""
    return _arrows("rescale=1./255, horizontal_flip=True", seed)


def healthy(seed: int = 0) -> World:
    """The same arrows, only shifted."""
    return _arrows("rescale=1./255, width_shift_range=0.1", seed)


def _arrows(changes: str, seed: int) -> World:
    images = draw.arrows(seed, (80, 80))
    feeds = flow(seed=seed).replace("rescale=1./255, horizontal_flip=True", changes)
    fit = "model.fit_generator(train, epochs=9, validation_data=val)\n"
    return World({"train.py": network(2, more=feeds + fit, seed=seed)}, images=images)


def sick_program(seed: int = 0) -> World:
    """Arrows, mirrored at random by the first layer."""
    return _layered('keras.layers.RandomFlip("horizontal")', seed)


def healthy_program(seed: int = 0) -> World:
    """Only shifted."""
    return _layered("keras.layers.RandomTranslation(0.05, 0.05)", seed)


def _layered(changes: str, seed: int) -> World:
    layers = LAYERS.replace(POOL, f"model.add(keras.layers.BatchNormalization(momentum=0.9))\n{POOL}", 1)
    return training(draw.arrows(seed, (440, 440), side=32), seed, layers=before(changes, layers))
