"""validation_split takes the last rows as they stand.

What it does: sees a validation_split on arrays that nothing shuffles, in a training whose validation is far below
training from the first epoch on.
Why it matters: rows collected folder by folder are sorted by class, and the tail then holds classes that were never
trained. Keras takes the tail before it shuffles.
Instead: train_test_split(..., stratify=labels), or shuffle rows and labels together first.
Cannot tell: that the rows are sorted; the label array or the class counts settle it.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log
from valscope.worlds.scripts import network

CODE, NAME = "S106", "tail_unshuffled"
NEEDS = ("training_code", "runs")
GAP = 0.25


def check(case: Case) -> Iterator[Outcome]:
    """Not where the composition is known already."""
    fraction = case.tail_split_possible
    if not fraction or any(t.proved for t in case.tails):
        return
    for run in case.runs:
        gaps = [
            t.value - v.value for t, v in zip(run.column("accuracy"), run.column("val_accuracy"))
            if t is not None and v is not None
        ]  # fmt: skip
        if len(gaps) >= 3 and min(gaps[:3]) >= GAP:
            yield Finding(
                CODE, NAME, "SUSPECTED",
                f"validation_split={fraction.value:g} takes the last rows unshuffled, and validation is at least "
                f"{min(gaps[:3]):.0%} below training from the first epoch on: as with rows sorted by class.",
                numbers={"fraction": fraction.value, "gap": min(gaps[:3])},
                evidence=(fraction.source, run.epochs[0].source),
                explains=("L209",),
                cannot_tell="whether rows are sorted: look at the first and last labels.",
                remedy="train_test_split(X, y, stratify=labels) before fit, validation_data in fit.",
                next_step="valscope diagnose REPORT labels.npy   (the order of the labels settles it)",
                weight=0.6,
            )  # fmt: skip
            return


def sick(seed: int = 0) -> World:
    """Validation stays at 40 % from the first epoch on, while training learns."""
    rows: list[Row] = [
        (a, b, 2.5 + 0.2 * i, 0.40 + 0.01 * ((i + seed) % 3))
        for i, (a, b, *_) in enumerate(learning(seed, top=8, epochs=11)[3:])
    ]
    return _tail(rows, seed)


def healthy(seed: int = 0) -> World:
    """The same split in a training whose validation keeps up."""
    return _tail(learning(seed, top=6), seed)


def _tail(rows: list[Row], seed: int) -> World:
    script = network(more="model.fit(x, y, epochs=8, validation_split=0.2)", seed=seed)
    return World({"train.py": script, "training.log": log(rows, seed)})
