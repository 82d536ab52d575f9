"""`valscope.diagnose`: the same as the command, from Python."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence

from valscope.case import open_case
from valscope.diagnosis import diagnose as judge
from valscope.diagnosis.settings import Settings, Trials
from valscope.lab.budget import DEFAULT
from valscope.nouns.finding import Diagnosis
from valscope.training.observer import Observer, Silent


def diagnose(
    *inputs: str | os.PathLike[str],
    trials: Trials = "full",
    budget: float = DEFAULT,
    seeds: int = 3,
    observer: Observer | None = None,
) -> Diagnosis:
    """What is wrong with a training: from posts, logs, scripts, saved models, recipes, images, in any mixture.

    inputs   paths.
    trials   "none" only reads; "cheap" scores the saved model in other ways and asks a probe; "full" also trains.
    budget   seconds for all trials together;  seeds  repetitions of each training.

    Raises InputError for what is not there or cannot be opened.
    """
    given: Sequence[str] = [os.fspath(i) for i in inputs]
    return judge(
        open_case(given),
        Settings(trials, budget, seeds, observer or Silent(), f"valscope diagnose {shlex.join(given)}"),
    )
