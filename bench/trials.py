"""The second half of the exam: every rule whose illness can be repeated is tried on its own training.

    python -m bench.trials [--keras] [--budget 10m] [CODE ...]

The illness is confirmed with its remedy; a remedy that mends nothing is never confirmed, and is refuted where its trial is
strong enough to tell; the healthy training is silent.
With --keras the trainings are programs of Keras, about two minutes a rule; without it those of the NumPy network.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from unittest import mock

from valscope.case import open_case
from valscope.diagnosis import all_rules, diagnose, faults
from valscope.diagnosis.settings import Settings
from valscope.lab.budget import parse_budget
from valscope.lab.ruling import LEAST, QUARTER
from valscope.nouns.finding import Diagnosis
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.recipe import Recipe
from valscope.nouns.trial import Trial
from valscope.worlds import World, write

WITHHELD = ("nothing that was tried learned anything", "too short to acquit")
BUDGET = {False: 120.0, True: 300.0}  # seconds, without Keras and with it


def worlds(rule: ModuleType, keras: bool = False) -> tuple[World, World] | None:
    """Its sick and its healthy training; None where it brings none that can be repeated."""
    if keras:
        pair = (rule.sick_program(), rule.healthy_program()) if hasattr(rule, "sick_program") else None
        if (
            pair is not None
            and "VALSCOPE_WEIGHTS" in str(pair[0].files)
            and "VALSCOPE_WEIGHTS" not in os.environ
        ):
            print(
                f"{rule.CODE} is not tried: its program needs the weights that VALSCOPE_WEIGHTS names",
                flush=True,
            )
            return None
        return pair
    if not hasattr(rule, "remedy"):
        return None
    for sick, healthy in (("sick_training", "healthy_training"), ("sick", "healthy")):
        if hasattr(rule, sick) and (world := getattr(rule, sick)()).recipe is not None:
            return world, getattr(rule, healthy)()
    return None


def idle(recipe: Recipe) -> Recipe | None:
    """A remedy that mends nothing: one image more in a batch, once."""
    batch = recipe.feed.batch
    return recipe.but(feed=replace(recipe.feed, batch=batch + 1)) if batch % 2 == 0 else None


def idle_use(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """The same for the use of a model: another kernel, for images that have the size of the network's input."""
    own = served.preparation
    if own is None or own.kernel == "lanczos":
        return None
    return served.but(preparation=own.but(kernel="lanczos"))


def tried(world: World, keras: bool = False) -> Diagnosis:
    """The whole diagnosis with trials, of neutral files."""
    with tempfile.TemporaryDirectory(prefix="valscope-trial-") as folder:
        paths = [str(p) for p in write(world, Path(folder))]
        return diagnose(open_case(paths), Settings("full", BUDGET[keras]))


def complaints(rule: ModuleType, pair: tuple[World, World], keras: bool = False) -> Iterator[str]:
    """What is wrong with a rule's trials, one sentence each."""
    sick, healthy = pair
    with tempfile.TemporaryDirectory(prefix="valscope-trial-") as folder:
        paths = [str(p) for p in write(sick, Path(folder))]  # once, for what is trained is kept by its files
        found = diagnose(open_case(paths), Settings("full", BUDGET[keras]))
        yield from _of_illness(rule, found)
        name, edit = ("mend", idle_use) if "predict.py" in sick.files else ("remedy", idle)
        if hasattr(rule, name):
            with mock.patch.object(rule, name, edit):
                again = diagnose(open_case(paths), Settings("full", BUDGET[keras]))
            yield from _of_idle(rule, "rescoring" if name == "mend" else "training", again)
    told = sorted({f.code for f in faults(tried(healthy, keras)) if not f.minor})
    if told:
        yield f"{', '.join(told)} speaks to its healthy training"


def _of_illness(rule: ModuleType, found: Diagnosis) -> Iterator[str]:
    code, wanted = str(rule.CODE), "REFUTED" if getattr(rule, "INNOCENT", False) else "CONFIRMED"
    heard = _rulings(code, found)
    if wanted not in heard:
        yield f"is not {wanted} on its own training: {', '.join(heard) or 'no trial'}"
    allowed = {
        code,
        *(x for f in found.findings if f.code == code for x in f.explains),
        *getattr(rule, "BESIDE", ()),
    }
    beside = {f.code for f in faults(found) if not f.minor and f.verdict == "CONFIRMED"} - allowed
    if beside:
        yield f"{', '.join(sorted(beside))} is confirmed beside it"


def _of_idle(rule: ModuleType, kind: str, again: Diagnosis) -> Iterator[str]:
    """Never confirmed by the trial of the remedy; refuted wherever that could have told."""
    code = str(rule.CODE)
    outcomes = (*again.findings, *again.acquitted)
    heard = [
        o.trial for o in outcomes if o.trial is not None and o.trial.code == code and o.trial.kind == kind
    ]
    if any(trial.ruling == "CONFIRMED" for trial in heard):
        yield "is confirmed with a remedy that mends nothing"
    elif any(trial.ruling != "REFUTED" and _tells(trial) for trial in heard) and not _withheld(again):
        yield f"is not refuted with a remedy that mends nothing: {heard[0].words}"


def _tells(trial: Trial) -> bool:
    """Whether the trial was strong enough to refute: its interval is narrower than a quarter of what is to be explained."""
    return (trial.high - trial.low) / 2 < max(QUARTER * trial.gap, LEAST)


def _rulings(code: str, found: Diagnosis) -> list[str]:
    """Of its trials, and of experiments of its own."""
    mine = [f for f in found.findings if f.code == code]
    cleared = [a.trial.ruling for a in found.acquitted if a.trial is not None and a.trial.code == code]
    return [*cleared, *(f.trial.ruling if f.trial is not None else f.verdict for f in mine)]


def _withheld(found: Diagnosis) -> bool:
    """Whether no training learned anything or all were cut short: then nobody is acquitted, a remedy that mends nothing
    neither."""
    said = [*(n.reason for n in found.not_checked), *(f.trial.words for f in found.findings if f.trial)]
    return any(why in words for words in said for why in WITHHELD)


def main() -> int:
    """0 when all pass."""
    parser = argparse.ArgumentParser(prog="python -m bench.trials")
    parser.add_argument("codes", nargs="*")
    parser.add_argument("--keras", action="store_true", help="programs of Keras, really run")
    parser.add_argument(
        "--budget", type=parse_budget, help="of each diagnosis; a busy machine needs more than 5m"
    )
    asked = parser.parse_args()
    if asked.budget:
        BUDGET[asked.keras] = asked.budget
    failed = count = 0
    for rule in all_rules():
        pair = worlds(rule, asked.keras) if not asked.codes or rule.CODE in asked.codes else None
        if pair is None:
            continue
        began, said = time.monotonic(), list(complaints(rule, pair, asked.keras))
        for complaint in said:
            print(f"{rule.CODE} {complaint}", flush=True)
        failed, count = failed + bool(said), count + 1
        print(f"{rule.CODE} tried in {time.monotonic() - began:.0f} s", flush=True)
    print(f"{count} rules, {count - failed} without complaint.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
