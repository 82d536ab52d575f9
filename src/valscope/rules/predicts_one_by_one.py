"""Images are predicted one at a time.

What it does: finds predict() inside a loop over single images.
Why it matters: each call costs tens of milliseconds whatever the batch; and it invites a second way from file to
tensor that drifts from the first.
Instead: one batch, or one feed for validation and prediction.
Cannot tell: nothing about accuracy.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World
from valscope.worlds.scripts import flow, network, predicting

CODE, NAME = "P107", "predicts_one_by_one"
NEEDS = ("prediction_code",)


def check(case: Case) -> Iterator[Outcome]:
    """By the way, and only beside a larger trouble: it costs time, no accuracy."""
    for script in case.scripts:
        for call in script.predictions:
            if call.per_image and call.name.startswith("predict"):
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"{call.name} in {lines_of([call.source])} is called for one image at a time: slow, and "
                    "easily another way from file to tensor than that of training.",
                    evidence=(call.source,),
                    remedy="Predict in batches, prepared by the function that training uses, in one order.",
                    next_step="valscope predict RUN PHOTOS/",
                    weight=0.0, minor=True,
                )  # fmt: skip
                break


def sick(seed: int = 0) -> World:
    """A call for each file."""
    return _used(predicting(seed=seed), seed)


def healthy(seed: int = 0) -> World:
    """One call for all."""
    return _used("scores = model.predict(val)\n", seed)


def _used(how: str, seed: int) -> World:
    fit = (
        flow(mode="binary", val_more=", shuffle=False", seed=seed)
        + "model.fit_generator(train, validation_data=val)\n"
    )
    return World({"train.py": network(1, "sigmoid", "binary_crossentropy", fit + how, seed=2 * seed)})
