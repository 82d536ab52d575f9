"""The second half of the exam: every rule whose illness can be repeated is tried on its own training.

    python -m bench.trials [--keras] [--budget 10m] [--seed N] [CODE ...]

The illness is confirmed with its remedy, and what is only blamed is refuted; a remedy that mends nothing is never confirmed, and is refuted where its trial is
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
from typing import NamedTuple
from unittest import mock

from valscope.case import open_case
from valscope.diagnosis import all_rules, diagnose, faults
from valscope.diagnosis.settings import Settings
from valscope.lab.arms import LEAST
from valscope.lab.budget import parse_budget
from valscope.lab.ruling import QUARTER
from valscope.nouns.finding import Diagnosis
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.recipe import Recipe
from valscope.nouns.trial import Ruling, Trial
from valscope.worlds import World, write

WITHHELD = ("nothing that was tried learned anything", "too short to acquit")
RUIN = "T101"  # what ruins a training in which something neutral is blamed
BUDGET = {False: 120.0, True: 300.0}  # seconds, without Keras and with it


class Pair(NamedTuple):
    """One illness of a rule, and health beside it."""

    sick: World
    healthy: World
    wanted: Ruling


def pairs(rule: ModuleType, keras: bool = False, seed: int = 0) -> list[Pair]:
    """Its trainings that can be repeated; none where it brings none.

    A neutral one is what people blame beside what ruins the training: the rule's own trial must acquit it.
    """
    found = []
    for kind, wanted in (("sick", "CONFIRMED"), ("neutral", "REFUTED")):
        for form in ("program",) if keras else ("training", ""):
            names = [f"{k}_{form}".rstrip("_") for k in (kind, "healthy")]
            if not all(hasattr(rule, name) for name in names):
                continue
            sick, healthy = (getattr(rule, name)(seed) for name in names)
            if keras or (sick.recipe is not None and hasattr(rule, "remedy")):
                alone = getattr(rule, "ALONE", False)  # mends nothing, and so confirms nothing
                found.append(Pair(sick, healthy, "SUSPECTED" if alone else wanted))
                break
    return found


def _lacks_weights(pair: Pair) -> bool:
    return "VALSCOPE_WEIGHTS" in str(pair.sick.files) and "VALSCOPE_WEIGHTS" not in os.environ


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


def complaints(rule: ModuleType, pair: Pair, keras: bool = False) -> Iterator[str]:
    """What is wrong with a rule's trials, one sentence each."""
    sick, healthy, wanted = pair
    with tempfile.TemporaryDirectory(prefix="valscope-trial-") as folder:
        paths = [str(p) for p in write(sick, Path(folder))]  # once, for what is trained is kept by its files
        found = diagnose(open_case(paths), Settings("full", BUDGET[keras]))
        yield from _of_illness(rule, found, wanted)
        name, edit = ("mend", idle_use) if "predict.py" in sick.files else ("remedy", idle)
        if hasattr(rule, name):
            with mock.patch.object(rule, name, edit):
                again = diagnose(open_case(paths), Settings("full", BUDGET[keras]))
            yield from _of_idle(rule, "rescoring" if name == "mend" else "training", again)
    told = sorted({f.code for f in faults(tried(healthy, keras)) if not f.minor})
    if told:
        yield f"{', '.join(told)} speaks to its healthy training"


def _of_illness(rule: ModuleType, found: Diagnosis, wanted: Ruling) -> Iterator[str]:
    code = str(rule.CODE)
    heard = _rulings(code, found)
    if wanted not in [ruling for ruling, _ in heard]:
        told = "; ".join(f"{ruling} ({words})" if words else ruling for ruling, words in heard)
        yield f"is not {wanted} on its own training: {told or 'no trial'}"
    allowed = {
        code,
        *(x for f in found.findings if f.code == code for x in f.explains),
        *getattr(rule, "BESIDE", ()),
        *((RUIN,) if wanted == "REFUTED" else ()),
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


def _rulings(code: str, found: Diagnosis) -> list[tuple[str, str]]:
    """Rulings and words of its trials, and of experiments of its own."""
    tried = [
        o.trial for o in (*found.acquitted, *found.findings) if o.trial is not None and o.trial.code == code
    ]
    own = [(f.verdict, "") for f in found.findings if f.code == code and f.trial is None]
    return [*((trial.ruling, trial.words) for trial in tried), *own]


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
        "--seed", type=int, default=0, help="other images, and another form of some illnesses"
    )
    parser.add_argument(
        "--budget", type=parse_budget, help="of each diagnosis; a busy machine needs more than 5m"
    )
    asked = parser.parse_args()
    if asked.budget:
        BUDGET[asked.keras] = asked.budget
    failed = count = 0
    for rule in all_rules():
        for pair in (
            pairs(rule, asked.keras, asked.seed) if not asked.codes or rule.CODE in asked.codes else ()
        ):
            if _lacks_weights(pair):
                print(f"{rule.CODE} is not tried: its program needs the folder VALSCOPE_WEIGHTS", flush=True)
                continue
            began, said = time.monotonic(), list(complaints(rule, pair, asked.keras))
            for complaint in said:
                print(f"{rule.CODE} {complaint}", flush=True)
            failed, count = failed + bool(said), count + 1
            print(f"{rule.CODE} {pair.wanted} wanted, tried in {time.monotonic() - began:.0f} s", flush=True)
    print(f"{count} illnesses, {count - failed} without complaint.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
