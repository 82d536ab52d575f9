"""Binary cross-entropy over outputs of which exactly one is right.

What it does: sees binary_crossentropy over several softmax outputs, or over a sigmoid for each of exclusive classes.
Why it matters: each output is scored by itself and the elements are averaged, so a right class weighs 1/K and the
loss of a uniform guess is not ln K; with many classes training slows down.
Instead: softmax with categorical_crossentropy.
Cannot tell: whether it costs anything. Over two softmax units it is the same loss, and on TensorFlow, where Keras takes
the logits behind the softmax, two sigmoids; a trial tells about more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope import architecture
from valscope.case import Case
from valscope.case.objective import output
from valscope.case.shown import place
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding, Outcome
from valscope.nouns.network import Network
from valscope.nouns.recipe import Optimiser, Recipe
from valscope.nouns.script import Compile
from valscope.worlds import World, draw, trainings
from valscope.worlds.programs import PARTED, RUINOUS, training
from valscope.worlds.scripts import network
from valscope.worlds.world import Drawn

CODE, NAME = "M111", "binary_crossentropy_on_exclusive"
NEEDS = ("networks",)
SUSPECT = "binary_crossentropy on exclusive classes"


def check(case: Case) -> Iterator[Outcome]:
    """Only softmax says by itself that classes exclude each other; a sigmoid for each may be meant."""
    found = [o for compiled, units in _pairs(case) for o in _judge((compiled.source,), units)]
    yield from found or _in_recipe(case)


def remedy(recipe: Recipe) -> Recipe | None:
    """Softmax with categorical cross-entropy; logits stay logits."""
    spec = recipe.model
    if recipe.loss != "binary_crossentropy" or spec.outputs == "one" or spec.activation == "relu":
        return None
    if spec.activation == "linear":
        return recipe.but(loss="crossentropy")
    config = None if spec.config is None else architecture.with_activation(spec.config, "softmax")
    return recipe.but(model=replace(spec, activation="softmax", config=config), loss="crossentropy")


def _pairs(case: Case) -> Iterator[tuple[Compile, int | None]]:
    """Compile calls with binary cross-entropy, and the units of their softmax."""
    known: list[tuple[Compile, Network]] = [
        (c, s.networks[c.network])
        for s in case.scripts for c in s.compiles
        if c.network is not None and c.network < len(s.networks)
    ]  # fmt: skip
    known += [(m.compiled, m.network) for m in case.saved if m.compiled is not None and m.network is not None]
    for compiled, whole in known:
        last = output(whole)
        binary = compiled.loss is not None and compiled.loss.value == "binary_crossentropy"
        logits = compiled.from_logits is not None and compiled.from_logits.value
        if binary and not logits and last is not None and last[1] == "softmax" and last[0] != 1:
            yield compiled, last[0]


def _in_recipe(case: Case) -> Iterator[Outcome]:
    training = case.training
    if training and training.recipe.model.activation == "softmax" and remedy(training.recipe) is not None:
        places = place(case, "loss", "binary_crossentropy")
        yield from _judge(places, len(training.recipe.classes))


def _judge(places: tuple[Source, ...], units: int | None) -> Iterator[Outcome]:
    if (units or 2) == 2:
        yield Acquittal(
            SUSPECT,
            "try categorical_crossentropy if you like, it is probably innocent: with a softmax over 2 units both elements "
            "say the same, -ln p of the true class, so the loss and its gradient are those of categorical cross-entropy. "
            "Keras on TensorFlow takes the 2 logits instead and counts two sigmoids, which tell the classes apart as well.",
            evidence=places,
        )
        return
    yield Finding(
        CODE, NAME, "SUSPECTED",
        f"binary_crossentropy over {units} softmax outputs averages the elements, so a right class weighs 1/{units} and "
        f"the loss of a uniform guess is not ln {units}.",
        numbers={"units": units or 0},
        evidence=places,
        cannot_tell="whether it costs anything: with few classes often nothing.",
        remedy="categorical_crossentropy (sparse_ for class numbers).",
        next_step="model.compile(optimizer, 'categorical_crossentropy', metrics=['accuracy'])   (a few epochs tell)",
        weight=0.3,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Five to seven classes, each output scored by itself."""
    return World({"train.py": network(5 + seed % 3, "softmax", "binary_crossentropy", seed=seed)})


def healthy(seed: int = 0) -> World:
    """The same with the loss of a softmax."""
    return World({"train.py": network(5 + seed % 3, "softmax", "categorical_crossentropy", seed=seed)})


def neutral_training(seed: int = 0) -> World:
    """A rate that destroys the network, and this, which is blamed for it."""
    return trainings.world(
        draw.blobs(seed), loss="binary_crossentropy", optimiser=Optimiser("adam", rate=0.3)
    )


def healthy_training(seed: int = 0) -> World:
    """Neither."""
    return trainings.world(draw.blobs(seed))


def neutral_program(seed: int = 0) -> World:
    """A rate that destroys the network, and binary_crossentropy, which is blamed for it."""
    data = (
        f"{PARTED}\ny_train = keras.utils.to_categorical(y_train)\ny_val = keras.utils.to_categorical(y_val)"
    )
    return training(_stripes(seed), seed, data=data, loss='"binary_crossentropy"', optimiser=RUINOUS)


def healthy_program(seed: int = 0) -> World:
    """The usual rate and the loss of a softmax."""
    return training(_stripes(seed), seed)


def _stripes(seed: int) -> Drawn:
    return draw.bars(seed, (150, 150, 150), side=32)
