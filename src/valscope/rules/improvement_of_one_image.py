"""An improvement of one or two images.

What it does: translates the improvements that checkpointing or early stopping acted on into images.
Why it matters: a choice between epochs that one image decides is a choice by chance.
Instead: watch val_loss, and use more validation images.
Cannot tell: which epoch is really better.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.noise import interval
from valscope.nouns.fact import Source
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post
from valscope.worlds.logs import found

CODE, NAME = "L306", "improvement_of_one_image"
NEEDS = ("runs",)
IMPROVED = re.compile(r"\bval_(?:acc\w*|\w*accuracy) improved from (\d*\.\d+) to (\d*\.\d+)")
FEW, FEWEST = 2, 2


def check(case: Case) -> Iterator[Outcome]:
    """Needs n: from the digits or from the text."""
    for run in case.runs:
        size = case.scored(run)
        if size is None or not size.sure:
            continue
        steps = [
            (s, (float(m[2]) - float(m[1])) * size.n) for s in run.events if (m := IMPROVED.search(s.quote))
        ]
        small = [(s, gain) for s, gain in steps if 0.5 <= gain <= FEW + 0.5]
        if len(small) >= FEWEST:
            yield _finding([s for s, _ in small], [round(g) for _, g in small], size.n)


def _finding(lines: list[Source], gains: list[int], n: int) -> Finding:
    low, high = interval(round(0.9 * n), n)
    return Finding(
        CODE, NAME, "PROVED",
        f"{len(gains)} of the improvements that checkpointing acted on are {min(gains)} to {max(gains)} images of {n}: "
        f"chance decides between such epochs (90 % of {n} images is {low:.1%} to {high:.1%}).",
        numbers={"n": n, "gains": tuple(gains), "low": low, "high": high},
        evidence=tuple(lines[:4]),
        remedy="Monitor val_loss, validate on more images, or average the last epochs.",
        next_step="valscope compare RUN_A RUN_B",
        weight=0.1, minor=True,
    )  # fmt: skip


EPOCH = """Epoch {i}/4
10/10 [==============================] - 3s 90ms/step - loss: {x} - acc: {a:.4f} - val_loss: {x} - val_acc: {a:.4f}

Epoch 0000{i}: val_acc improved from {b} to {a:.5f}, saving model to best.h5
"""


def sick(seed: int = 0) -> World:
    """Fifty images; each checkpoint was saved for one or two more that are right."""
    first = 30 + seed % 8
    return _checkpoints(first, first + 1, first + 3)


def healthy(seed: int = 0) -> World:
    """Each checkpoint was saved for many."""
    first = 30 + seed % 6
    return _checkpoints(first, first + 5, first + 11)


def _checkpoints(*right: int) -> World:
    before = ["-inf", *(f"{k / 50:.5f}" for k in right)]
    lines = [
        EPOCH.format(i=i + 1, x=round(0.6 - 0.1 * i, 1), a=k / 50, b=before[i]) for i, k in enumerate(right)
    ]
    return post(found(2, 200, 50), "\n".join(lines))
