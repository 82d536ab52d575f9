"""The network is asked in training mode.

What it does: finds predictions with training=True, and pipelines that leave dropout on or take BatchNorm's
statistics from the batch.
Why it matters: dropout then removes random features from every answer, and with batch statistics an image's answer
depends on the images beside it; one image alone is normalised to nothing.
Instead: model.predict(x), or model(x, training=False).
Cannot tell: whether the noise is wanted, as in Monte-Carlo dropout.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.worlds import World, draw
from valscope.worlds.programs import LAYERS, using
from valscope.worlds.scripts import flow, network

CODE, NAME = "P116", "predicts_in_training_mode"
NEEDS = ("prediction_code",)
SUSPECT = "training mode in use"
USES = ("predict", "test", "validation")


def check(case: Case) -> Iterator[Outcome]:
    """Direct calls that say training=True outside training."""
    for script in case.scripts:
        for call in script.predictions:
            if call.use in USES and call.training is not None and call.training.value:
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"The network is called with training=True at {call.use} in {lines_of([call.training.source])}: dropout "
                    "stays on and BatchNorm uses the statistics of whatever batch it gets.",
                    numbers={"use": call.use},
                    evidence=(call.training.source,),
                    explains=(WORSE_IN_USE,),
                    cannot_tell="how many points it costs, and whether it is meant.",
                    remedy="model.predict(x), or model(x, training=False).",
                    next_step="print(abs(model(x, training=True) - model(x, training=True)).max())   (0 without noise)",
                    weight=0.6,
                )  # fmt: skip
                return


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """Stored statistics, no dropout."""
    return served.but(mode="moving") if served.mode != "moving" else None


def sick(seed: int = 0) -> World:
    """Predictions with dropout on."""
    return _used("training=True", seed)


def healthy(seed: int = 0) -> World:
    """Predictions as evaluation makes them."""
    return _used("training=False", seed)


def _used(mode: str, seed: int) -> World:
    fit = flow(seed=seed) + "model.fit_generator(train, epochs=9, validation_data=val)\n"
    use = f"images, labels = next(val)\nscores = model(images, {mode})\nnames = np.argmax(scores, axis=1)\n"
    return World({"train.py": network(more=fit + use, seed=2 * seed)})


def sick_program(seed: int = 0) -> World:
    """The saved model is called with training=True, and much is dropped."""
    return _called("True", seed)


def healthy_program(seed: int = 0) -> World:
    """It is called with training=False."""
    return _called("False", seed)


def _called(mode: str, seed: int) -> World:
    layers = f"{LAYERS}\nmodel.add(keras.layers.Dropout(0.9))"
    call = f"model(np.expand_dims(x, axis=0), training={mode}).numpy()"
    return using(
        draw.bars(seed, (200, 200, 200), side=32), seed, {"layers": layers, "epochs": "20"}, call=call
    )
