"""The loss is not a number.

What it does: finds the first epoch whose loss is nan or infinite.
Why it matters: from there on the weights are nan and nothing is learned; a checkpoint of it is worthless.
Instead: a lower rate, gradient clipping, labels within the outputs, inputs without nan.
Cannot tell: which of these it was.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import log

CODE, NAME = "T102", "loss_not_finite"
NEEDS = ("runs",)


def check(case: Case) -> Iterator[Outcome]:
    """Training loss before validation loss: where the first is finite the weights still are."""
    for run in case.runs:
        for column in ("loss", "val_loss"):
            bad = [
                i for i, r in enumerate(run.column(column)) if r is not None and not math.isfinite(r.value)
            ]
            if not bad:
                continue
            at = bad[0]
            before = run.epochs[at - 1] if at and column in run.epochs[at - 1].readings else None
            stays = "and stays so" if len(bad) == len(run.epochs) - at else "and recovers"
            yield Finding(
                CODE, NAME, "PROVED",
                f"{column} is {run.epochs[at].readings[column].text} from epoch {run.epochs[at].number or at + 1} of "
                f"{len(run.epochs)} on {stays}"
                + (f"; in the epoch before it was {before.readings[column].text}." if before else "."),
                numbers={"epoch": at + 1, "epochs": len(bad)},
                evidence=(*((before.source,) if before else ()), run.epochs[at].source),
                explains=("L202", "L203", "T101"),
                cannot_tell="whether the rate, nan in the inputs, or labels outside the outputs did it.",
                remedy="A tenth of the rate and clipnorm=1.0; check inputs with numpy.isfinite and the label numbers.",
                next_step="print(numpy.isfinite(x).all(), y.min(), y.max())",
                weight=0.9,
            )  # fmt: skip
            break


def sick(seed: int = 0) -> World:
    """From the fourth epoch on the loss is nan."""
    nan = float("nan")
    return post(log([*learning(seed)[:3], *[(nan, 0.3333, nan, 0.3333)] * 3], seed))


def healthy(seed: int = 0) -> World:
    """The same, finite."""
    return post(log(learning(seed)[:6], seed))
