"""What a diagnosis may try, for how long, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from valscope.lab.budget import DEFAULT
from valscope.nouns.finding import Outcome
from valscope.nouns.trial import Trial
from valscope.training.observer import Observer, Silent

Trials = Literal["none", "cheap", "full"]


@dataclass(frozen=True)
class Settings:
    """trials   "none": only what was given is read; "cheap": also experiments without a training (the saved model
                scored in other ways, a probe on the images); "full": also trainings.
    budget   seconds for all trials together;  seeds  repetitions of each training.
    command  what its user typed, to be told how it goes on.
    """

    trials: Trials = "full"
    budget: float = DEFAULT
    seeds: int = 3
    observer: Observer = field(default_factory=Silent)
    command: str = "valscope diagnose FILES"


@dataclass(frozen=True)
class Tried:
    """Outcomes after the trials;  checked  names of rules that an experiment settled;  cure  before and after."""

    outcomes: Sequence[Outcome]
    checked: tuple[str, ...] = ()
    cure: Trial | None = None
    assumed: tuple[str, ...] = ()
