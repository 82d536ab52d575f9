"""A training that valscope itself recorded: its recipe says everything."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from valscope.case.rebuild.material import IMAGES, candidates, measured
from valscope.case.rebuild.notes import Unknown
from valscope.case.rebuild.reported import reported
from valscope.codec import from_plain
from valscope.errors import InputError, ValscopeError
from valscope.nouns.recipe import Recipe
from valscope.nouns.training import Training

if TYPE_CHECKING:
    from valscope.case.case import Case
    from valscope.case.inputs import Given

TOY = "toy"  # a recipe whose network has this name is one of the NumPy network


def exact(case: Case) -> Training | None:
    """The training of the first recipe or run folder among the inputs; None without one.

    Raises Unknown where its data are not at hand, InputError for a recipe that does not fit.
    """
    for given in case.inputs:
        if given.kind in ("recipe", "run") and given.path is not None:
            return _training(case, given.path)
    return None


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises InputError that names the field which does not fit."""
    try:
        return from_plain(Recipe, json.loads(path.read_bytes()), path.name)
    except ValueError as error:
        raise InputError(f"{path} is not JSON ({error}); give the recipe.json of a run.") from None


def _training(case: Case, path: Path) -> Training:
    home = path if path.is_dir() else path.parent
    recipe = read_recipe(home / "recipe.json" if path.is_dir() else path)
    about = _about(home)
    engine = TOY if recipe.model.name == TOY else str(about.get("engine") or "keras")
    data = _data(case.inputs, recipe, home, about.get("data"))
    return Training(recipe.but(data=data), data, engine, "recipe", reported=reported(case))


def _about(home: Path) -> dict[str, object]:
    """What run.json says was asked for; nothing where there is none."""
    try:
        found = json.loads((home / "run.json").read_bytes()).get("request")
    except (OSError, ValueError, AttributeError):
        return {}
    return found if isinstance(found, dict) else {}


def _data(inputs: Sequence[Given], recipe: Recipe, home: Path, asked: object) -> str:
    """Data that were given, else those that the recipe names."""
    reasons = []
    named = [name for name in (asked, recipe.data) if isinstance(name, str) and name]
    places = [
        str(p)
        for name in named
        for p in (Path(name), home / name)
        if name.startswith("sample:") or p.exists()
    ]
    samples = [name for name in named if name.startswith("sample:")]
    for path in (*candidates(inputs), *samples, *places):
        try:
            measured(path)
        except ValscopeError as error:
            reasons.append(str(error).rstrip("."))
        else:
            return path
    raise Unknown(reasons[0] if reasons else f"the data of the recipe ({recipe.data}) are not here", IMAGES)
