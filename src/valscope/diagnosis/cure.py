"""--fix: the mended recipe, trained on all the user's images, with an honest number of its own."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

from valscope.case import Case
from valscope.codec import to_json
from valscope.diagnosis import all_rules
from valscope.errors import UsageError
from valscope.nouns.finding import Diagnosis, Finding, Mended
from valscope.nouns.recipe import Recipe
from valscope.nouns.training import Training
from valscope.run import Run

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

    The run holds out a validation and a test part of its own, relatives kept together. One that was stopped goes on;
    one of another recipe stays, and the new one is called run-2. Raises UsageError where there is nothing to mend.
    """
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
    recipe = recipe.but(
        split=spec, restore_best=True
    )  # one run, of which the best epoch is the number to go on with
    (out / "mended.json").write_text(to_json(recipe), "utf-8", "surrogateescape")
    observer.message(f"Training the mended recipe {out / 'mended.json'}.")
    run = _trained(training, recipe, out, observer)
    scores = run.result.scores
    before = diagnosis.cure.control.share if diagnosis.cure is not None else None
    made = Mended(str(out / "mended.json"), str(run.folder), scores.part, scores.accuracy, before)
    there = f"valscope predict {run.folder} IMAGES   (the mended training)"
    findings = tuple(
        replace(f, next_step=there) if "--fix" in (f.next_step or "") else f for f in diagnosis.findings
    )
    return replace(diagnosis, mended=made, findings=findings)


def _trained(training: Training, recipe: Recipe, out: Path, observer: Any) -> Run:
    """A finished run of the recipe in the first folder that holds it or nothing."""
    from valscope.training.train import resume, train

    for n in count(1):
        folder = out / ("run" if n == 1 else f"run-{n}")
        if not folder.exists() or not any(folder.iterdir()):
            return train(
                training.data, folder, recipe=recipe, engine=training.engine, classes=recipe.classes, observer=observer
            )  # fmt: skip
        if (folder / "run.json").is_file() and Run(folder).recipe == recipe:
            return resume(folder, observer=observer)
    raise AssertionError  # there are more numbers than folders
