"""Pixels of 0 to 255 reach a network that does nothing about their scale.

What it does: sees unscaled images on the way into a network without Rescaling, normalisation or BatchNorm, beside a
log that never learns or is saturated.
Why it matters: the first layer's outputs are then hundreds of times too large: losses start in the hundreds, units
die or saturate, and a rate that suits scaled images throws the weights about.
Instead: x / 255, best as a Rescaling layer in the network.
Cannot tell: that it is the cause. With BatchNorm, or Adam and patience, networks learn on raw pixels too.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from valscope import architecture
from valscope.case import Case
from valscope.case.backbones import backbone_of
from valscope.case.shown import place
from valscope.evidence.laws.chance import prior
from valscope.evidence.laws.constant import frozen
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.nouns.network import Network
from valscope.nouns.recipe import ModelSpec, Recipe
from valscope.nouns.script import InputPath, ScriptFacts
from valscope.worlds import World, draw
from valscope.worlds.curves import at_prior, learning
from valscope.worlds.logs import found, log
from valscope.worlds.programs import training
from valscope.worlds.scripts import flow, network

CODE, NAME = "P118", "input_scale"
NEEDS = ("training_code", "runs")
SUSPECT = "images that are not scaled"
EXPLAINS = ("L201", "L202", "L204", "L209")
NORMALISING = ("BatchNormalization", "LayerNormalization", "GroupNormalization", "Normalization", "Rescaling")
OWN = ("cnn", "features")  # built-in networks that normalise
STARTS = 5.0  # times ln K: scaled images and fresh weights start below
LEARNED = 0.3  # accuracy above chance of a network that has coped


def check(case: Case) -> Iterator[Outcome]:
    """Only with a log that shows trouble: many networks learn on raw pixels."""
    ill = [run for run in case.runs if _ill(case, run)]
    if not ill:
        return
    for script in case.scripts:
        for path in script.paths_for("train"):
            if _raw(path) and not _normalises(script, path):
                yield _finding((path.source,), ill[0])
                return
    training = case.training
    if training and remedy(training.recipe) is not None:
        yield _finding(place(case, "preparation.scale", "none"), ill[0])


def remedy(recipe: Recipe) -> Recipe | None:
    """Divided by 255."""
    preparation = recipe.preparation
    if preparation is None or preparation.scale != "none" or _takes_raw(recipe.model):
        return None
    return recipe.but(preparation=preparation.but(scale="unit"))


def _takes_raw(model: ModelSpec) -> bool:
    """Whether the network scales or normalises by itself, or stands on a backbone, whose scale is another rule's."""
    if model.name in OWN or backbone_of(model) is not None:
        return True
    if model.config is not None and architecture.scales_first(model.config):
        return True
    return model.config is not None and any(kind in NORMALISING for kind in architecture.kinds(model.config))


def _raw(path: InputPath) -> bool:
    return path.traced and path.scale == "none" and path.inside == "none"


def _normalises(script: ScriptFacts, path: InputPath) -> bool:
    networks: tuple[Network, ...] = script.networks
    if path.network is not None and path.network < len(networks):
        networks = (networks[path.network],)
    kinds = {layer.kind for n in networks for layer in n.layers}
    known = bool(kinds) and all(n.whole for n in networks)
    return not known or bool(script.backbones) or bool(kinds & set(NORMALISING))


def _ill(case: Case, run: LoggedRun) -> bool:
    """A first loss far above ln K and little learned, or a run that never leaves the prior or one score."""
    losses, scores = run.column("loss"), run.column("accuracy")
    classes = case.classes.value if case.classes else None
    first = next((r.value for r in losses if r is not None and math.isfinite(r.value)), None)
    best = max((r.value for r in scores if r is not None), default=1.0)
    if first is not None and classes and first > STARTS * math.log(classes) and best < 1 / classes + LEARNED:
        return True
    still = frozen(scores)
    stuck = still is not None and still.p <= 0.8
    return stuck or prior(losses, scores, case.shares("train"), classes) is not None


def _finding(places: tuple[Source, ...], run: LoggedRun) -> Finding:
    first = run.epochs[0].readings.get("loss")
    shown = f" (the first logged loss is {first.text})" if first is not None else ""
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"Images reach the network as they are, 0 to 255, and nothing in it scales or normalises them{shown}.",
        numbers={"greatest": 255, **({"first_loss": first.value} if first is not None else {})},
        evidence=(*places, run.epochs[0].source),
        explains=EXPLAINS,
        cannot_tell="whether the scale holds it back: with Adam many networks learn on raw pixels all the same.",
        remedy="x / 255, or keras.layers.Rescaling(1 / 255) as the first layer.",
        next_step="x = x / 255.0   (three epochs tell)",
        weight=0.55,
    )  # fmt: skip


SIGMOIDS = """model.add(keras.layers.Flatten(input_shape=(size, size, 3)))
model.add(keras.layers.Dense(64, activation="sigmoid"))"""


def sick(seed: int = 0) -> World:
    """No rescale in the generators, none in the network, and nothing is learned."""
    return _fed("", log(at_prior(seed), seed), seed)


def healthy(seed: int = 0) -> World:
    """The same unscaled images, and it learns: then the scale does no harm."""
    return _fed("", log(learning(seed), seed), seed)


def _fed(scale: str, text: str, seed: int) -> World:
    feeds = flow(val=scale, seed=seed).replace("rescale=1./255, ", scale)
    fit = feeds + "model.fit_generator(train, epochs=8, validation_data=val)\n"
    return World({"train.py": network(more=fit, seed=seed), "training.log": found(3) + text})


def sick_program(seed: int = 0) -> World:
    """Sigmoids fed with 0 to 255."""
    return _sigmoids("img", seed)


def healthy_program(seed: int = 0) -> World:
    """Fed with 0 to 1."""
    return _sigmoids("img / 255.0", seed)


def _sigmoids(image: str, seed: int) -> World:
    return training(draw.blobs(seed, (150, 150, 150), side=32), seed, image=image, layers=SIGMOIDS)
