"""A training log as it was printed: every number keeps its digits, because the digits are evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from valscope.nouns.fact import Source


@dataclass(frozen=True, slots=True)
class Reading:
    """A printed number. `half` is half a unit of the last printed digit: the true value lies within
    value +- half (0.5e-4 for "0.9107")."""

    text: str
    value: float
    half: float

    @property
    def low(self) -> float:
        """Smallest true value that prints like this."""
        return self.value - self.half

    @property
    def high(self) -> float:
        """Largest true value that prints like this."""
        return self.value + self.half


@dataclass(frozen=True, slots=True)
class LoggedEpoch:
    """One epoch's line. Metric names are canonical: "loss", "accuracy", "val_loss", "val_accuracy", and
    others as printed ("val_auc"). `steps` is the printed denominator ("60/60" gives 60)."""

    number: int | None
    readings: Mapping[str, Reading]
    source: Source
    total: int | None = None
    steps: int | None = None
    seconds: float | None = None
    per_step: float | None = None


@dataclass(frozen=True, slots=True)
class LoggedRun:
    """Consecutive epochs of one training, in order.

    form     "keras", "keras-verbose2", "csv", "history", "lightning", "fastai", "pytorch", "tensorboard", ...
    samples  True where the printed denominator counts samples (Keras before 2.3 on arrays: "3056/3056"),
             False where it counts batches, None where the text does not tell.
    events   other lines between the epochs (checkpoint and early-stopping messages).
    """

    epochs: tuple[LoggedEpoch, ...]
    form: str
    samples: bool | None = None
    events: tuple[Source, ...] = field(default=())

    def column(self, name: str) -> tuple[Reading | None, ...]:
        """The readings of one metric, one an epoch, None where an epoch lacks it."""
        return tuple(epoch.readings.get(name) for epoch in self.epochs)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Scores printed outside a fit: by `evaluate`, or as "Test accuracy: 0.75". Never an epoch. Names as in
    `LoggedEpoch`, and "test_loss", "test_accuracy" where the text says test."""

    readings: Mapping[str, Reading]
    source: Source
    steps: int | None = None
