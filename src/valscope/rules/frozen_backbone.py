"""Only the head trains.

What it does: sees that every layer of the backbone is frozen, and how the head sits on it; and whether it is
frozen at random values, because no weights were loaded.
Why it matters: frozen features carry a head only when the inputs are scaled as in pretraining and the images
resemble photographs; a Flatten head over a large map memorises training images instead. Random features carry little.
Instead: right preprocessing and global pooling first; then unfreeze the last block at a low rate.
Cannot tell: whether the features suffice; a linear probe on a held-out part tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope import architecture
from valscope.case import Case
from valscope.case.backbones import backbone_of
from valscope.case.fresh import frozen_fresh
from valscope.case.shown import place
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.recipe import Recipe, Stage
from valscope.nouns.script import Freeze, ScriptFacts
from valscope.worlds import World, draw
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log
from valscope.worlds.programs import training

CODE, NAME = "M104", "frozen_backbone"
NEEDS = ("training_code", "runs")
GAP = 0.10
LOW = 2e-4  # a rate that pretrained weights bear
FINE = 10  # epochs of training all of it


def check(case: Case) -> Iterator[Outcome]:
    """Random values that are frozen; pretrained ones only where the log shows that validation does not follow training."""
    for script in case.scripts:
        if (random := frozen_fresh(script)) is not None:
            yield _random(*random, coped=_coped(case))
            return
    if not any(case.gap(run) >= GAP for run in case.runs):
        return
    for script in case.scripts:
        frozen = [f for f in script.freezes if _all(f)]
        if script.backbones and frozen and not _thawed(script):
            yield _finding(script, frozen[0])
    if not case.scripts:
        yield from _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """The backbone is trained as well, a pretrained one at a low rate, its BatchNorm on stored statistics."""
    spec, stages = recipe.model, recipe.stages
    rate = recipe.optimiser.rate
    factor = 0.1 if backbone_of(spec) is not None and (rate is None or rate > LOW) else 1.0
    if any(stage.trains != "head" for stage in stages):
        if spec.name != "config" or spec.config is None or not architecture.frozen(spec.config):
            return None
        thawed = replace(spec, config=architecture.thawed(spec.config))
        slower = tuple(replace(s, rate_factor=s.rate_factor * factor) for s in stages)
        return recipe.but(model=thawed, stages=slower)
    epochs = min(FINE, max(1, sum(stage.epochs for stage in stages)))
    tuned = Stage(epochs, "all", rate_factor=factor, patience=stages[-1].patience)
    return recipe.but(model=replace(spec, batchnorm="inference"), stages=(*stages, tuned))


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if training and remedy(training.recipe) is not None:
        name = backbone_of(training.recipe.model) or training.recipe.model.name
        yield _said(name, "", 0, place(case, "stages", "head"))


def _all(freeze: Freeze) -> bool:
    return not freeze.value and not freeze.slice and freeze.of in ("backbone", "model", "unknown")


def _thawed(script: ScriptFacts) -> bool:
    return any(f.value for f in script.freezes)


def _finding(script: ScriptFacts, freeze: Freeze) -> Finding:
    flattened = any(layer.kind == "Flatten" for network in script.networks for layer in network.layers)
    head = ", and Flatten hands its whole map to the head" if flattened else ""
    return _said(
        script.backbones[-1].name, head, int(flattened), (freeze.source, script.backbones[-1].source)
    )


def _coped(case: Case) -> bool:
    """Whether validation came halfway from chance to all right."""
    chance = 1 / case.classes.value if case.classes else 0.5
    best = [r.value for run in case.runs for r in run.column("val_accuracy") if r is not None]
    return bool(best) and max(best) >= (1 + chance) / 2


def _random(name: str, freeze: Freeze, coped: bool) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"All layers of {name} are frozen before anything trained them, and no weights are loaded: only the head trains, "
        "on random features.",
        numbers={"backbone": name, "random": 1},
        evidence=(freeze.source,),
        explains=("L201", "L202", "G101", "L209"),
        cannot_tell="how much random features carry here.",
        remedy="Let it train (leave trainable = False out), or start it from pretrained weights.",
        next_step="base.trainable = True   (before compile)",
        weight=0.7, minor=coped,
    )  # fmt: skip


def _said(name: str, head: str, flattened: int, places: tuple[Source, ...]) -> Finding:
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"All layers of {name} are frozen{head}: only the head trains, on features that were "
        "made for other images.",
        numbers={"backbone": name, "flatten": flattened},
        evidence=places,
        explains=("L209",),
        cannot_tell="whether the frozen features suffice once the inputs are scaled rightly.",
        remedy="Scale as in pretraining and pool globally; then train the last block at a tenth of the rate.",
        next_step=f"valscope train PHOTOS/ --model {name.lower()} --weights imagenet --fine-tune 5",
        weight=0.5,
    )  # fmt: skip


SCRIPT = """base = keras.applications.{name}(include_top=False, weights='imagenet')
for layer in base.layers:
    layer.trainable = False
head = Dense(3, activation='softmax')(Flatten()(base.output))
model = Model(base.input, head)
"""
INNER = """base = keras.Sequential(name="base")
base.add(keras.layers.Conv2D(16, 3, activation="relu", input_shape=(size, size, 3)))
base.add(keras.layers.MaxPooling2D())
base.add(keras.layers.Conv2D(32, 3, activation="relu"))
base.add(keras.layers.MaxPooling2D())
{}model.add(base)
model.add(keras.layers.GlobalAveragePooling2D())
model.add(keras.layers.Dense(64, activation="relu"))"""


def sick(seed: int = 0) -> World:
    """The head learns the training images, and nothing else."""
    rows: list[Row] = [
        (a, b, 2.2 + 0.2 * i, 0.40 + 0.01 * ((i + seed) % 4))
        for i, (a, b, *_) in enumerate(learning(seed, top=6))
    ]
    return _frozen(rows, seed)


def healthy(seed: int = 0) -> World:
    """Frozen features that suffice."""
    return _frozen(learning(seed), seed)


def _frozen(rows: list[Row], seed: int) -> World:
    script = SCRIPT.format(name=("ResNet50", "VGG16", "MobileNetV2")[seed % 3])
    return World({"train.py": script, "training.log": log(rows, seed)})


def sick_program(seed: int = 0) -> World:
    """An inner network without weights is frozen."""
    return _inner("base.trainable = False\n", seed)


def healthy_program(seed: int = 0) -> World:
    """It trains."""
    return _inner("", seed)


def _inner(frozen: str, seed: int) -> World:
    return training(draw.letters(seed, (150,) * 4, side=32), seed, layers=INNER.format(frozen), epochs="20")
