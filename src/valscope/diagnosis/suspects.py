"""Which rules are put on trial: those that found something, then what is usually blamed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from types import ModuleType
from typing import TypeVar

from valscope.lab.design import Suspect, changes
from valscope.nouns.finding import Finding
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.recipe import Recipe

X = TypeVar("X")


def plain_name(rule: ModuleType) -> str:
    """What people call the suspect: "class weights"."""
    return str(getattr(rule, "SUSPECT", rule.NAME.replace("_", " ")))


def of_recipes(
    rules: Iterable[ModuleType], recipe: Recipe, findings: Sequence[Finding], blamed: bool
) -> list[Suspect[Recipe]]:
    """Rules whose remedy changes the recipe: what was found first, heaviest first; then, where `blamed`, what was not
    found but is the usual suspect (the rule names one)."""
    able = [r for r in rules if hasattr(r, "remedy")]
    made = {str(r.CODE): Suspect(str(r.CODE), plain_name(r), r.remedy) for r in able}
    first = [f.code for f in sorted(findings, key=lambda f: (f.minor, -f.weight)) if f.weight > 0]
    usual = [str(r.CODE) for r in able if blamed and hasattr(r, "SUSPECT")]
    codes = dict.fromkeys(c for c in (*first, *usual) if c in made)
    return [made[c] for c in codes if changes(made[c], recipe)]


def of_pipelines(rules: Iterable[ModuleType], served: Pipeline, trained: Pipeline) -> list[Suspect[Pipeline]]:
    """Rules that would mend the way in which the model is used."""
    able = [r for r in rules if hasattr(r, "mend")]
    made = [Suspect(str(r.CODE), plain_name(r), _towards(r, trained)) for r in able]
    return [s for s in made if changes(s, served)]


def _towards(rule: ModuleType, trained: Pipeline):  # type: ignore[no-untyped-def]
    def edit(served: Pipeline) -> Pipeline | None:
        mended: Pipeline | None = rule.mend(served, trained)
        return mended

    return edit
