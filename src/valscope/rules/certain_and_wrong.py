"""A loss of 0 beside wrong answers.

What it does: looks for a loss that prints as 0 while the accuracy says that answers are wrong.
Why it matters: loss and accuracy then compare different things: softmax over one unit is always 1, so its
categorical cross-entropy is 0 whatever the label; or labels have another form than outputs.
Instead: one sigmoid unit with binary cross-entropy, or K softmax units with labels 0..K-1.
Cannot tell: which of the two, without the code.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedEpoch
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log

CODE, NAME = "L206", "certain_and_wrong"
NEEDS = ("runs",)
WRONG = 0.05
FEWEST = 2


def check(case: Case) -> Iterator[Outcome]:
    """Training or validation; at least two epochs."""
    for run in case.runs:
        for part in ("", "val_"):
            epochs = [e for e in run.epochs if _impossible(e, part)]
            if len(epochs) >= FEWEST:
                yield _finding(epochs, part)
                break


def _impossible(epoch: LoggedEpoch, part: str) -> bool:
    loss, accuracy = epoch.readings.get(f"{part}loss"), epoch.readings.get(f"{part}accuracy")
    if loss is None or accuracy is None or not 0 <= accuracy.value < 1 - WRONG:
        return False
    return loss.value == 0 and loss.half < 1e-3


def _finding(epochs: list[LoggedEpoch], part: str) -> Finding:
    first = epochs[0]
    accuracy = first.readings[f"{part}accuracy"]
    return Finding(
        CODE, NAME, "PROVED",
        f"{part}loss is {first.readings[f'{part}loss'].text} while {part}accuracy is {accuracy.text} in "
        f"{len(epochs)} epochs: a cross-entropy of 0 needs every answer right, so loss and accuracy do not "
        f"compare the same things (at this accuracy it is at least {(1 - accuracy.value) * 0.6931:.3f}).",
        numbers={"epochs": len(epochs), "accuracy": accuracy.value, "least": (1 - accuracy.value) * 0.6931},
        evidence=tuple(e.source for e in epochs[:3]),
        explains=("L202", "L203", "T101", "L209"),
        cannot_tell="whether softmax stands over a single unit or the labels have the wrong form.",
        remedy="One unit: sigmoid with binary_crossentropy. K units: softmax with labels 0..K-1.",
        next_step="valscope diagnose REPORT train.py   (the last layer, the loss and the labels)",
        weight=0.8,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """The loss is 0, and two thirds of the answers are wrong."""
    rows: list[Row] = [(0.0, 0.3333, 0.0, 0.335 - 0.001 * (seed % 9))] * 5
    return post(log(rows, seed))


def healthy(seed: int = 0) -> World:
    """The loss is 0, and all answers are right."""
    return post(log([*learning(seed, top=9), *[(0.0, 1.0, 0.0, 1.0)] * 2], seed))
