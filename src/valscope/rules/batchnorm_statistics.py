"""BatchNorm's stored statistics are not those of the data.

What it does: looks for a network with BatchNorm whose training learns while validation stays at chance from epoch 1,
after so few updates, or with batches so small, that the moving averages cannot have arrived; with a saved model it
scores the same images once with stored and once with batch statistics.
Why it matters: training uses the batch's own statistics and looks well; inference uses the stored ones and fails.
Instead: more steps, batches of 16 and more, momentum 0.9; a frozen backbone's BatchNorm in inference.
Cannot tell: from the log alone the same picture may be a wrong split or another preparation of validation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from valscope import architecture
from valscope.case import Case
from valscope.evidence.laws.phase import phase
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.nouns.network import Layer
from valscope.nouns.recipe import Recipe
from valscope.worlds import World, draw
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log
from valscope.worlds.programs import LAYERS, POOL, training

if TYPE_CHECKING:
    from valscope.lab.bench import Bench

CODE, NAME = "T104", "batchnorm_statistics"
NEEDS = ("networks", "runs")
SUSPECT = "BatchNorm's stored statistics"
EXPLAINS = ("G101", "L202", "L203", "L209")
KIND = "BatchNormalization"
MOMENTUM = 0.99  # Keras' default
QUICK = 0.9
LEFT = 0.05  # share of the starting values that counts as too much; after 300 updates at MOMENTUM
SMALL = 4  # images in a batch, whose statistics are mostly noise
BATCH = 16
LEARNED, CHANCE = 0.3, 0.12  # above chance: training at the end, validation at best
FEWEST = 3


def check(case: Case) -> Iterator[Outcome]:
    """Not where a sorted tail is possible, which looks the same."""
    if case.tail_split_possible or not any(_normalised(n.layers) for n in case.networks):
        return
    for run in case.runs:
        updates, batch = _updates(case, run), case.trained_batch.value if case.trained_batch else None
        momentum = _momentum(case)
        few = updates is not None and momentum**updates >= LEFT
        if (few or (batch is not None and batch <= SMALL)) and _apart(case, run):
            yield _finding(run, updates, batch if not few else None, momentum)
            return


def remedy(recipe: Recipe) -> Recipe | None:
    """Statistics that follow within tens of steps, from batches large enough; a backbone's stay as they were."""
    spec, feed = recipe.model, recipe.feed
    if spec.batchnorm == "training":
        spec = replace(spec, batchnorm="inference")
    if spec.config is not None and KIND in architecture.kinds(spec.config):
        slow = [m for m in architecture.settings(spec.config, KIND, "momentum") if m is None or m > QUICK]
        if slow and any(t is not False for t in architecture.settings(spec.config, KIND, "trainable")):
            spec = replace(spec, config=architecture.with_setting(spec.config, KIND, "momentum", QUICK))
        if feed.batch < BATCH // 2:
            feed = replace(feed, batch=BATCH, steps=None)
    mended = recipe.but(model=spec, feed=feed)
    return mended if mended != recipe else None


def measure(bench: Bench) -> Iterator[Outcome]:
    """The saved model with stored statistics and with those of mixed batches, on the same images."""
    from valscope.lab.modes import modes_trial

    trial = modes_trial(bench.serving, CODE, SUSPECT) if bench.serving is not None else None
    if trial is None or trial.ruling == "SUSPECTED":
        return
    if trial.ruling == "REFUTED":
        yield Acquittal(SUSPECT, f"{trial.words}: not the cause.", "REFUTED", trial=trial)
        return
    yield Finding(
        CODE, NAME, "CONFIRMED",
        f"BatchNorm's stored statistics are not those of the images: {trial.words}.",
        numbers={"stored": trial.control.mean, "batch": trial.treated.mean, "n": trial.n},
        evidence=(Source(bench.serving.model if bench.serving is not None else "", None, "measured"),),
        explains=(CODE, *EXPLAINS),
        cannot_tell="whether too few updates, tiny batches, or other images than in training left them so.",
        remedy="Let the statistics arrive: more steps, batches of 16 or more, BatchNormalization(momentum=0.9).",
        next_step="for x in batches: model(x, training=True)   (a hundred batches, weights frozen; then evaluate again)",
        weight=min(1.0, max(0.5, trial.difference)),
        trial=trial,
    )  # fmt: skip


def _momentum(case: Case) -> float:
    """The slowest of the network that was rebuilt, Keras' default where none was: MobileNetV2 brings 0.999."""
    config = case.training.recipe.model.config if case.training else None
    found = architecture.settings(config, KIND, "momentum") if config is not None else ()
    return max((MOMENTUM if m is None else float(m) for m in found), default=MOMENTUM)


def _normalised(layers: tuple[Layer, ...]) -> bool:
    return any(x.kind == KIND or _normalised(x.layers) for x in layers)


def _updates(case: Case, run: LoggedRun) -> int | None:
    """Steps over all epochs, None where the log counts samples or nothing."""
    steps = [e.steps for e in run.epochs if e.steps]
    return sum(steps) if steps and not run.samples and len(steps) == len(run.epochs) else None


def _apart(case: Case, run: LoggedRun) -> bool:
    """Training learns, validation is at chance in every epoch and its loss never below ln K."""
    if not case.classes:
        return False
    chance = 1 / case.classes.value
    trained = [r.value for r in run.column("accuracy") if r is not None]
    scored = [r.value for r in run.column("val_accuracy") if r is not None]
    found = phase(run.column("val_loss"), case.classes.value)
    if min(len(trained), len(scored)) < FEWEST or found is None or not math.isfinite(found.last):
        return False
    return trained[-1] >= chance + LEARNED and max(scored) <= chance + CHANCE and found.ratio >= 1


def _finding(run: LoggedRun, updates: int | None, batch: int | None, momentum: float) -> Finding:
    trained = [r for r in run.column("accuracy") if r is not None][-1]
    scored = [r for r in run.column("val_accuracy") if r is not None][-1]
    why = f"BatchNorm takes its statistics from batches of only {batch} images"
    if batch is None and updates is not None:
        left = momentum**updates
        why = f"After {updates} updates {left:.0%} of BatchNorm's starting values are left at its momentum of {momentum:g}"
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"{why}; training, which does not use its stored statistics, reaches {trained.text}, validation, which does, "
        f"{scored.text}.",
        numbers={"accuracy": trained.value, "val_accuracy": scored.value,
                 **({"updates": updates} if updates is not None else {}), **({"batch": batch} if batch else {})},
        evidence=(run.epochs[0].source, run.epochs[-1].source),
        explains=EXPLAINS,
        cannot_tell="a wrong split, or images that validation prepares otherwise: those look the same in a log.",
        remedy="More steps an epoch, batches of 16 or more, BatchNormalization(momentum=0.9).",
        next_step="print(model.evaluate(x_train, y_train))   (training images scored as validation is)",
        weight=0.5,
    )  # fmt: skip


SCRIPT = """import keras
model = keras.Sequential([
    keras.layers.Conv2D(16, 3, activation='relu', input_shape=(64, 64, 3)),
    {norm}
    keras.layers.Flatten(),
    keras.layers.Dense(3, activation='softmax'),
])
model.compile('adam', 'categorical_crossentropy', metrics=['accuracy'])
model.fit(train, epochs=6, validation_data=val)
"""


def sick(seed: int = 0) -> World:
    """Sixty updates, and validation at chance from the first epoch on."""
    rows: list[Row] = [
        (a, b, 1.6 + 0.3 * i, round(300 * (0.333 + 0.005 * ((i + seed) % 4))) / 300)
        for i, (a, b, *_) in enumerate(learning(seed, epochs=6))
    ]
    return _trained(rows, seed)


def healthy(seed: int = 0) -> World:
    """The same network and as few updates; validation follows."""
    return _trained(learning(seed, epochs=6), seed)


def _trained(rows: list[Row], seed: int) -> World:
    script = SCRIPT.format(norm="keras.layers.BatchNormalization(),")
    return World({"train.py": script, "training.log": found(3, 320, 300) + log(rows, seed, steps=10)})


def sick_program(seed: int = 0) -> World:
    """Three layers of BatchNorm, and too few updates for their statistics."""
    return _updated("", "6", seed)


def healthy_program(seed: int = 0) -> World:
    """Statistics that follow faster, and more updates."""
    return _updated("momentum=0.5", "8", seed)


def _updated(momentum: str, epochs: str, seed: int) -> World:
    norm, flat = (
        f"model.add(keras.layers.BatchNormalization({momentum}))\n",
        "model.add(keras.layers.Flatten())",
    )
    conv = 'model.add(keras.layers.Conv2D(64, (3, 3), activation="relu"))\n'
    layers = LAYERS.replace(POOL, norm + POOL).replace(flat, conv + norm + flat)
    return training(
        draw.bars(seed, (150,) * 4, side=32), seed, layers=layers, epochs=epochs,
        feed="x_train, y_train, batch_size=64, validation_data=(x_val, y_val)",
    )  # fmt: skip
