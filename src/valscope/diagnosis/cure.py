"""--fix: the mended recipe, trained on all the user's images, with an honest number of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from valscope.case import Case
from valscope.codec import to_json
from valscope.diagnosis import all_rules
from valscope.errors import UsageError
from valscope.nouns.finding import Diagnosis, Finding
from valscope.nouns.recipe import Recipe

CURED = ("PROVED", "CONFIRMED")


def mended_recipe(case: Case, diagnosis: Diagnosis) -> Recipe | None:
    """The user's recipe with the remedy of each finding that its trial confirmed (or that is proved and was not
    refuted); None where nothing is to be mended."""
    if not case.training:
        return None
    recipe = case.training.recipe
    codes = [f.code for f in diagnosis.findings if _cures(f)]
    for rule in all_rules():
        if rule.CODE in codes and hasattr(rule, "remedy"):
            recipe = rule.remedy(recipe) or recipe
    return None if recipe == case.training.recipe else recipe


def _cures(finding: Finding) -> bool:
    if finding.trial is not None:
        return finding.trial.ruling == "CONFIRMED"
    return finding.verdict in CURED and not finding.minor and finding.weight > 0


def cure(case: Case, diagnosis: Diagnosis, out: Path, observer: Any) -> Diagnosis:
    """Write mended.json into `out` and train it as a run in out/run; the diagnosis with the run's number.

    The run holds out a validation and a test part of its own, relatives kept together. Raises UsageError where
    there is nothing to mend.
    """
    from valscope.training.train import train

    recipe = mended_recipe(case, diagnosis)
    training = case.training
    if recipe is None or not training:
        raise UsageError(
            "--fix found nothing to mend: no remedy of a recipe was confirmed. Give the images and the script or recipe."
        )
    out.mkdir(parents=True, exist_ok=True)
    spec = replace(recipe.split, grouping="duplicates")
    if spec.kind != "given":
        spec = replace(spec, kind="stratified", val=spec.val or 0.15, test=spec.test or 0.15)
    recipe = recipe.but(split=spec)
    (out / "mended.json").write_text(to_json(recipe), "utf-8", "surrogateescape")
    observer.message(f"Training the mended recipe {out / 'mended.json'}.")
    train(
        training.data,
        out / "run",
        recipe=recipe,
        engine=training.engine,
        classes=recipe.classes,
        observer=observer,
    )
    return diagnosis
