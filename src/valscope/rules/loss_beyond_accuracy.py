"""A printed loss that is not the cross-entropy of the predictions behind the printed accuracy.

What it does: holds each loss between (1 - a) ln 2 and (1 - a) clip + a ln K, widened by class weights.
Why it matters: something else is in the loss (penalties, weights) or the two count different answers; a curve of
such a loss says little about learning.
Instead: print loss and penalty apart, and score both on the same predictions.
Cannot tell: what is added.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.objective import Objective
from valscope.evidence.laws import bounds
from valscope.evidence.laws.bounds import Bound
from valscope.evidence.laws.clips import KERAS
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log
from valscope.worlds.scripts import network

CODE, NAME = "L205", "loss_beyond_accuracy"
NEEDS = ("runs", "training_code")


def check(case: Case) -> Iterator[Outcome]:
    """Silent unless the code says which cross-entropy it is and nothing in it is known to change the loss."""
    objective = case.objective
    if not objective:
        return
    for run in case.runs:
        beyond = _over(run, objective) if objective.clipped and not objective.penalised else ()
        if beyond:
            yield _finding(run, beyond, objective, upper=True)
            continue
        beyond = _under(run, objective) if objective.plain else ()
        if len(beyond) >= 2:
            yield _finding(run, beyond, objective, upper=False)


Beyond = tuple[tuple[str, Bound], ...]


def _over(run: LoggedRun, objective: Objective) -> Beyond:
    return tuple(
        (part, b)
        for part in ("val_", "")
        for b in bounds.over(
            run.column(f"{part}loss"), run.column(f"{part}accuracy"), KERAS.cost, objective.floor_classes,
            objective.heaviest,
        )
    )  # fmt: skip


def _under(run: LoggedRun, objective: Objective) -> Beyond:
    return tuple(
        (part, b)
        for part in ("val_", "")
        for b in bounds.under(run.column(f"{part}loss"), run.column(f"{part}accuracy"), objective.lightest)
    )


def _finding(run: LoggedRun, beyond: Beyond, objective: Objective, *, upper: bool) -> Finding:
    clip, k = KERAS.cost, objective.floor_classes
    law = f"(1 - a) x {clip:.3f} + a x ln {k}" if upper else "(1 - a) x ln 2"
    shown = _largest(beyond)
    figures = "; ".join(
        f"epoch {run.epochs[b.epoch].number or b.epoch + 1} {part}loss is {b.loss.text} where at accuracy "
        f"{b.accuracy.text} {'at most' if upper else 'at least'} {b.limit:.2f} is possible"
        for part, b in shown
    )
    verb = "cannot exceed" if upper else "is at least"
    return Finding(
        CODE, NAME, "PROVED",
        f"The printed loss is not the plain cross-entropy of these predictions: at accuracy a it {verb} {law}, but "
        f"{figures}. {'Something is added to it' if upper else 'Something scales it down'}, or accuracy counts "
        "other answers.",
        numbers={
            "epochs": len(beyond), "clip": clip, "classes": k,
            "columns": tuple(f"{part}loss" for part, _ in beyond),
            "at": tuple(run.epochs[b.epoch].number or b.epoch + 1 for _, b in beyond),
            "limits": tuple(round(b.limit, 4) for _, b in beyond),
            "losses": tuple(b.loss.value for _, b in beyond),
            "accuracies": tuple(b.accuracy.value for _, b in beyond),
        },
        evidence=tuple(run.epochs[b.epoch].source for _, b in shown),
        cannot_tell="what is added: penalties on weights, a second loss, or labels counted differently.",
        remedy="Print the data loss alone, and evaluate loss and accuracy on the same predictions.",
        next_step="print(sum(model.losses), model.evaluate(x, y))   (what is added to the data loss)",
        weight=0.4,
    )  # fmt: skip


def _largest(beyond: Beyond) -> Beyond:
    """The worst of validation and the worst of training."""
    worst: dict[str, tuple[str, Bound]] = {}
    for part, b in sorted(beyond, key=lambda pair: -pair[1].excess):
        worst.setdefault(part, (part, b))
    return tuple(worst.values())


def sick(seed: int = 0) -> World:
    """A penalty of many nats in a loss that the code calls cross-entropy."""
    rows: list[Row] = [
        (a + 9 - 0.1 * i, b, c + 9 - 0.1 * i, d) for i, (a, b, c, d) in enumerate(learning(seed, classes=2))
    ]
    return post(network(2, seed=seed % 2), log(rows, seed, form="keras2"))


def healthy(seed: int = 0) -> World:
    """The plain cross-entropy of the same training."""
    return post(network(2, seed=seed % 2), log(learning(seed, classes=2), seed, form="keras2"))
