"""Where a rebuilt training says what it does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from valscope.nouns.fact import Source

if TYPE_CHECKING:
    from valscope.case.case import Case


def place(case: Case, setting: str, value: object) -> tuple[Source, ...]:
    """The lines that a setting of the recipe ("feed.order") was read from, else the file that holds it."""
    training = case.training
    if not training:
        return ()
    found = [source for name, source in training.said if name == setting]
    found = found or list(_in_recipe(case, setting.rpartition(".")[2], value))
    return tuple(found) or (Source(training.data, None, "measured"),)


def _in_recipe(case: Case, name: str, value: object) -> Iterator[Source]:
    """The line of a recipe file that gives `name` this value; its first line where none does."""
    for given in case.inputs:
        if given.kind not in ("recipe", "run") or given.path is None:
            continue
        path = Path(given.path)
        path, shown = (
            (path / "recipe.json", f"{given.name}/recipe.json") if path.is_dir() else (path, given.name)
        )
        lines = path.read_text("utf-8", "replace").splitlines()
        wanted = str(value).lower()
        at = next((i for i, x in enumerate(lines) if f'"{name}"' in x and wanted in x.lower()), None)
        at = next((i for i, x in enumerate(lines) if f'"{name}"' in x), 0) if at is None else at
        yield Source(shown, at + 1, lines[at].strip() if lines else "")
        return
