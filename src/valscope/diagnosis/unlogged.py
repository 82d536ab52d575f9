"""A training of which no number was given is run once, to see whether anything is amiss with it."""

from __future__ import annotations

from dataclasses import replace

from valscope.diagnosis.trouble import trouble
from valscope.lab.bench import Bench
from valscope.lab.repetition import COLUMNS, Repetition
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, NotChecked, Outcome
from valscope.nouns.training import Reported, Training

AS_IT_STANDS = "the training as it stands"


def run_once(bench: Bench) -> tuple[list[Outcome], tuple[str, ...]]:
    """What is to be told of it, and what is assumed from then on; nothing where numbers were given or code and recipe do
    not say how long it trains.

    Puts what was measured into the bench's training as reported.
    """
    training = bench.training
    if training is None or training.reported or not _length_known(training):
        return [], ()
    bench.observer.message("No log was given: training once as the code says.")
    made = bench.once()
    if made is None:
        return [
            NotChecked(
                AS_IT_STANDS, "no log was given, and one training takes more than a quarter of the time",
                "the log that fit printed, or --budget with more time",
            )
        ], ()  # fmt: skip
    bench.training = replace(training, reported=_reported(made, training))
    told = f"{made.trained:.1%} in training"
    if made.validated:
        told += f" and {made.validation:.1%} of {made.validated} validated images"
    if trouble(bench.training).any:
        return [], (f"No log was given: the training was run once as the code says, and came to {told}.",)
    said = f"run once, for no log was given: {told}."
    return [Acquittal(AS_IT_STANDS, said, "REFUTED", (Source(training.data, None, "measured"),))], ()


def _length_known(training: Training) -> bool:
    """A saved model alone does not say how many epochs made it."""
    return training.origin != "saved" or any(name == "stages.epochs" for name, _ in training.said)


def _reported(made: Repetition, training: Training) -> tuple[Reported, ...]:
    where = Source(training.data, None, "measured")
    curves = {
        name: tuple(made.history[:, COLUMNS.index(name)].tolist()) for name in ("accuracy", "val_accuracy")
    }
    val = Reported("val", made.validation, where, made.validated, curve=curves["val_accuracy"])
    return Reported("train", made.trained, where, curve=curves["accuracy"]), *(
        [val] if made.validated else []
    )
