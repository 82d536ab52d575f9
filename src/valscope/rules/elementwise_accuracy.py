"""Accuracy that counts outputs instead of images.

What it does: sees that the code takes binary cross-entropy over K >= 3 exclusive outputs in a Keras whose
"accuracy" then means the share of right elements.
Why it matters: 1 - 1/K is then what a model scores that has learned nothing (0.9 for ten classes).
Instead: metrics=["categorical_accuracy"], or categorical cross-entropy.
Cannot tell: the exact accuracy where some images have no output above 1/2.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.elementwise import nothing_above_half, per_image
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log
from valscope.worlds.scripts import network

CODE, NAME = "L207", "elementwise_accuracy"
NEEDS = ("runs", "training_code")
BESIDE = ("M111",)  # the same lines of code, read without the log


def check(case: Case) -> Iterator[Outcome]:
    """Keras 3 and tf.keras choose the metric by the shape of the output; old Keras by the loss."""
    objective = case.objective
    if not objective or objective.loss != "binary_crossentropy" or not objective.exclusive:
        return
    classes = objective.outputs or 0
    for run in case.runs:
        if classes >= 3 and case.old_keras(run) and any(run.column("accuracy")):
            yield _finding(run, classes, objective.source)


def _finding(run: LoggedRun, classes: int, code: Source) -> Finding:
    part = "val_accuracy" if any(run.column("val_accuracy")) else "accuracy"
    last: Reading = [r for r in run.column(part) if r is not None][-1]
    true = per_image(last.value, classes)
    return Finding(
        CODE, NAME, "PROVED",
        f"{part} counts the {classes} outputs of an image, not images: binary_crossentropy makes this Keras print "
        f"binary accuracy, so {last.text} is {true:.3f} of the images right (a = 1 - {classes} (1 - printed) / 2), "
        f"and {nothing_above_half(classes):.3f} is the score of a model that has learned nothing.",
        numbers={"printed": last.value, "accuracy": true, "classes": classes, "floor": nothing_above_half(classes)},
        evidence=(code, run.epochs[-1].source),
        cannot_tell="the exact accuracy: images without any output above 1/2 lose one element instead of two.",
        remedy="categorical_crossentropy with softmax, or metrics=['categorical_accuracy'].",
        next_step="print((model.predict(x).argmax(1) == y.argmax(1)).mean())   (accuracy over images)",
        weight=0.7,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Five exclusive classes under binary cross-entropy, in a Keras that counts elements."""
    rows: list[Row] = [
        (2 * a / 5, 1 - 2 * (1 - b) / 5, 2 * c / 5, 1 - 2 * (1 - d) / 5)
        for a, b, c, d in learning(seed, classes=5)
    ]
    return post(network(5, "softmax", "binary_crossentropy", seed=seed), log(rows, seed, form="keras2"))


def healthy(seed: int = 0) -> World:
    """The same under categorical cross-entropy."""
    return post(network(5, seed=seed), log(learning(seed, classes=5), seed, form="keras2"))
