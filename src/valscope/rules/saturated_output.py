"""Every answer is a certain 0 or 1, the wrong ones too.

What it does: holds the loss against clip * (1 - accuracy), with the clips of the frameworks and versions.
Why it matters: at saturation the gradient is zero; such a model does not learn out of it by itself.
Instead: check the input scale, the last layer's activation against the loss, and lower the learning rate.
Cannot tell: which of these saturated it.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.saturated import Saturation, saturation
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log

CODE, NAME = "L204", "saturated_output"
NEEDS = ("runs",)
FEWEST = 2  # different pairs that agree to the last digit
CERTAIN = 1e-2  # accidental fits expected at most
WRONG = 0.03  # share of wrong answers below which any small loss resembles the law


def check(case: Case) -> Iterator[Outcome]:
    """Training and validation columns together: they obey the same law."""
    for run in case.runs:
        losses, accuracies = _columns(run)
        found = saturation(losses, accuracies)
        if found is not None and _certain(found):
            yield _finding(run, found)


def _certain(found: Saturation) -> bool:
    many = found.exact >= FEWEST and 2 * found.exact >= found.pairs
    return many and found.accident <= CERTAIN * max(1, found.exact - 1)


def _columns(run: LoggedRun) -> tuple[list[Reading | None], list[Reading | None]]:
    losses, accuracies = [], []
    for part in ("", "val_"):
        for loss, accuracy in zip(run.column(f"{part}loss"), run.column(f"{part}accuracy")):
            if loss is not None and accuracy is not None and accuracy.value <= 1 - WRONG:
                losses.append(loss)
                accuracies.append(accuracy)
    return list(losses), list(accuracies)


def _finding(run: LoggedRun, found: Saturation) -> Finding:
    return Finding(
        CODE, NAME, "PROVED",
        f"The output is saturated: loss = {found.clip.cost:.3f} x (1 - accuracy) to the last digit in {found.exact} "
        f"of {found.pairs} different pairs ({found.clip.origin}; {found.tried} clips tried, {found.accident:.1g} "
        "fits expected by accident). Each wrong answer is given with certainty.",
        numbers={
            "clip": found.clip.cost, "exact": found.exact, "pairs": found.pairs, "residual": found.residual,
            "tried": found.tried, "accident": found.accident,
        },
        evidence=tuple(e.source for e in run.epochs[:3]),
        explains=("G101", "L202", "L209"),
        cannot_tell="whether the input scale, the learning rate or the last layer saturated it.",
        remedy="Scale the inputs, use one activation that fits the loss, and lower the learning rate.",
        next_step="valscope train PHOTOS/   (finds the rate by a range test and keeps one scale)",
        weight=0.6,
    )  # fmt: skip


def sick(seed: int = 0) -> World:
    """Each wrong answer costs -ln 1e-7, each right one nothing."""
    clip = 16.11809565
    wrong = [0.5 - 0.01 * ((3 * i + seed) % 7) for i in range(6)]
    rows: list[Row] = [(clip * w, 1 - w, clip * (w + 0.05), 0.95 - w) for w in wrong]
    return post(log(rows, seed))


def healthy(seed: int = 0) -> World:
    """Two classes, learned as usual."""
    return post(log(learning(seed, classes=2), seed))
