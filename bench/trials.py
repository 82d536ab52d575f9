"""The second half of the exam: every rule whose illness can be repeated is tried on its own training.

    python -m bench.trials [CODE ...]

The illness is confirmed with its remedy, a remedy that mends nothing is not, and the healthy training is silent.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from unittest import mock

from valscope.case import open_case
from valscope.diagnosis import all_rules, diagnose, faults
from valscope.diagnosis.settings import Settings
from valscope.nouns.finding import Diagnosis
from valscope.nouns.recipe import Recipe
from valscope.worlds import World, write


def worlds(rule: ModuleType) -> tuple[World, World] | None:
    """Its sick and its healthy training; None where it brings none that can be repeated."""
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


def tried(world: World) -> Diagnosis:
    """The whole diagnosis with trials, of neutral files."""
    with tempfile.TemporaryDirectory(prefix="valscope-trial-") as folder:
        return diagnose(open_case([str(p) for p in write(world, Path(folder))]), Settings("full", 120.0))


def complaints(rule: ModuleType, pair: tuple[World, World]) -> Iterator[str]:
    """What is wrong with a rule's trials, one sentence each."""
    sick, healthy = pair
    code, found = str(rule.CODE), tried(sick)
    rulings = {f.code: f.trial.ruling for f in found.findings if f.trial is not None}
    if rulings.get(code) != "CONFIRMED":
        yield f"is not confirmed on its own training: {rulings.get(code, 'no trial')}"
    allowed = {
        code,
        *(x for f in found.findings if f.code == code for x in f.explains),
        *getattr(rule, "BESIDE", ()),
    }
    beside = {f.code for f in faults(found) if not f.minor and f.verdict == "CONFIRMED"} - allowed
    if beside:
        yield f"{', '.join(sorted(beside))} is confirmed beside it"
    with mock.patch.object(rule, "remedy", idle):
        again = tried(sick)
    heard = [
        f.trial for f in (*again.findings, *again.acquitted) if f.trial is not None and f.trial.code == code
    ]
    if any(trial.ruling == "CONFIRMED" for trial in heard):
        yield "is confirmed with a remedy that mends nothing"
    refuted = any(trial.ruling == "REFUTED" for trial in heard)
    if not refuted and not _withheld(again):
        yield "is not refuted with a remedy that mends nothing"
    told = sorted({f.code for f in faults(tried(healthy)) if not f.minor})
    if told:
        yield f"{', '.join(told)} speaks to its healthy training"


def _withheld(found: Diagnosis) -> bool:
    """Whether no training learned anything: then nobody is acquitted, a remedy that mends nothing neither."""
    said = [*(n.reason for n in found.not_checked), *(f.trial.words for f in found.findings if f.trial)]
    return any("nothing that was tried learned anything" in words for words in said)


def main() -> int:
    """0 when all pass."""
    failed = 0
    for rule in all_rules():
        pair = worlds(rule) if not sys.argv[1:] or rule.CODE in sys.argv[1:] else None
        for complaint in complaints(rule, pair) if pair is not None else ():
            failed += 1
            print(f"{rule.CODE} {complaint}", flush=True)
        if pair is not None:
            print(f"{rule.CODE} tried", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
