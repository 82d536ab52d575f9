"""The quoted score is not the saved model's.

What it does: finds the epochs whose score the text quotes, and what the model was when it was saved.
Why it matters: best epoch, last epoch and saved model are three different models.
Instead: ModelCheckpoint(save_best_only=True), or EarlyStopping(restore_best_weights=True).
Cannot tell: how the epochs differ beyond noise; see the interval.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.evidence.laws.digits import numerator
from valscope.evidence.laws.epochs import best, quoted
from valscope.evidence.laws.noise import difference
from valscope.nouns.fact import Fact
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.log import LoggedRun, Reading
from valscope.worlds import World, post
from valscope.worlds.curves import learning
from valscope.worlds.logs import Row, log
from valscope.worlds.scripts import network

CODE, NAME = "L303", "quoted_epoch"
NEEDS = ("runs", "quoted_scores")
FEWEST = 5  # epochs
FINE = 0.0006  # half a unit of the quoted digits: 98.4 % names an epoch, 98 % does not
FEW = 3  # epochs that a quoted score may belong to


def check(case: Case) -> Iterator[Outcome]:
    """Only where the code saves the last epoch, and the quoted score is another's."""
    if not case.saves_last:
        return
    for run in case.runs:
        scores = run.column("val_accuracy")
        last = scores[-1] if scores else None
        for number in case.quoted_scores:
            at = quoted(scores, number.value)
            if last is None or len(run.epochs) < FEWEST or number.value.half > FINE or len(at) > FEW:
                continue
            if at and len(run.epochs) - 1 not in at:
                yield _finding(case, run, number, at, last)
                return


def _finding(
    case: Case, run: LoggedRun, number: Fact[Reading], at: tuple[int, ...], last: Reading
) -> Finding:
    names = ("epochs " if len(at) > 1 else "epoch ") + " and ".join(
        str(run.epochs[i].number or i + 1) for i in at
    )
    lowest = best(run, "val_loss")
    loss = ""
    if lowest is not None:
        loss = (
            f", and the best val_loss ({lowest.value.text}) is epoch "
            f"{run.epochs[lowest.epochs[0]].number or lowest.epochs[0] + 1}"
        )
    total = len(run.epochs)
    return Finding(
        CODE, NAME, "PROVED",
        f"The quoted {number.value.text} belongs to {names} of {total}, the saved model is epoch {total} with "
        f"{last.text}{loss}.{_noise(case, run, at[0], last)}",
        numbers={
            "quoted": number.value.value, "epochs": tuple(i + 1 for i in at), "last": last.value, "last_epoch": total,
            **({"best_val_loss": lowest.value.value, "best_epoch": lowest.epochs[0] + 1} if lowest else {}),
        },
        evidence=(number.source, run.epochs[at[0]].source, run.epochs[-1].source),
        remedy="Save the best epoch (ModelCheckpoint with save_best_only) and quote its score.",
        next_step="print(model.evaluate(x_val, y_val))   (the saved model's own score)",
        weight=0.1, minor=True,
    )  # fmt: skip


def _noise(case: Case, run: LoggedRun, at: int, last: Reading) -> str:
    size = case.scored(run)
    there = run.epochs[at].readings["val_accuracy"]
    if not (0 <= there.value <= 1 and 0 <= last.value <= 1):
        return ""
    stated = case.stated_validation
    n = size.n if size is not None and size.sure else stated[0].value if stated else None
    if n is None:
        return ""
    first, second = numerator(there, n), numerator(last, n)
    k, j = (
        round(there.value * n) if first is None else first,
        round(last.value * n) if second is None else second,
    )
    found = difference(k, j, n)
    return f" They differ by {found.images} of {n} images (p = {found.p:.2g} if the sets were drawn apart)."


def sick(seed: int = 0) -> World:
    """The best epoch is quoted, the last one is saved."""
    *rows, best = learning(seed, epochs=9, top=2.5)
    return _quoted([*rows[:6], (*best[:3], best[3] + 4 / 300), *rows[6:]], best[3] + 4 / 300, seed)


def healthy(seed: int = 0) -> World:
    """The last epoch is quoted."""
    rows = learning(seed, epochs=8, top=2.5)
    return _quoted(rows, rows[-1][3], seed)


def _quoted(rows: list[Row], score: float, seed: int) -> World:
    more = "model.fit(x, y, epochs=8, validation_data=(x_val, y_val))\nmodel.save('m.h5')"
    said = f"I reached a validation accuracy of {score:.2%}."
    return post(said, network(more=more, seed=seed), log(rows, seed))
