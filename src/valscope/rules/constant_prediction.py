"""One answer for every image.

What it does: looks for scores that a constant answer gives: a value that never moves, p and 1 - p of one number,
or exactly a class's share.
Why it matters: the accuracy then measures the class shares, not the model.
Instead: look at the predictions themselves before anything else.
Cannot tell: why the output is stuck (rate, scale, dead or saturated units).
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.constant import Constant, class_shares, frozen, two_sided
from valscope.evidence.laws.digits import numerator
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, found, log

CODE, NAME = "L202", "constant_prediction"
NEEDS = ("runs",)
HIGHEST = 0.8  # a score that never moves above it is as likely a converged model on few images


def check(case: Case) -> Iterator[Outcome]:
    """Validation scores, or training scores where there is no validation."""
    for run in case.runs:
        column = "val_accuracy" if any(run.column("val_accuracy")) else "accuracy"
        scores = run.column(column)
        shares = class_shares(scores, case.validated) if case.validated and len(set(scores)) > 1 else None
        found = shares or two_sided(scores) or _low(frozen(scores))
        if found is not None:
            yield _finding(case, run, column, found)


def _low(found: Constant | None) -> Constant | None:
    return found if found is not None and found.p <= HIGHEST else None


def _finding(case: Case, run: LoggedRun, column: str, found: Constant) -> Finding:
    return Finding(
        CODE, NAME, "PROVED" if found.kind == "shares" else "SUSPECTED",
        f"The model gives one answer for every image: {_reason(case, run, column, found)}.",
        numbers={"p": found.p, "epochs": found.epochs, "spread": found.spread, "kind": found.kind},
        evidence=tuple(e.source for e in run.epochs if column in e.readings)[:6],
        explains=("G101", "L209"),
        cannot_tell="why it does: learning rate, input scale, saturated or dead units.",
        remedy="Look at the predicted classes, then at the input scale and the learning rate.",
        next_step="print(numpy.bincount(model.predict(x).argmax(1)))   (one unit: (model.predict(x) > 0.5).mean())",
        weight=0.5,
    )  # fmt: skip


def _reason(case: Case, run: LoggedRun, column: str, found: Constant) -> str:
    texts = [r.text for r in run.column(column) if r is not None]
    shown = ", ".join(dict.fromkeys(texts))
    if found.kind == "frozen":
        return f"{column} is {texts[0]} in all {found.epochs} epochs"
    if found.kind == "shares":
        return f"every {column} ({shown}) is exactly one class's share of the validated images"
    size = case.scored(run)
    counts = ""
    if size is not None and size.proved and column == "val_accuracy":
        right = [numerator(r, size.n) for r in run.column(column) if r is not None]
        counts = f" ({', '.join(str(k) for k in dict.fromkeys(right))} of {size.n})"
    wobble = (
        f", give or take {found.spread:.2%} of a set that is not quite the same each time"
        if found.spread
        else ""
    )
    return (
        f"over {found.epochs} epochs {column} is {shown}{counts}, always {found.p:.1%} or {1 - found.p:.1%}: "
        f"p or 1 - p of one number{wobble}"
    )


def sick(seed: int = 0) -> World:
    """val_accuracy stands still at one class's share, while val_loss moves."""
    rows: list[Row] = [(a, b, 1.4 + 0.3 * i, 1 / 3) for i, (a, b, *_) in enumerate(learning(seed))]
    return post(found(3, 900, 300), log(rows, seed))


def healthy(seed: int = 0) -> World:
    """The same training, validation included."""
    return post(found(3, 900, 300), log(learning(seed), seed))
