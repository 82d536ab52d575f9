"""One way from a file to a network's input, whatever it was given as."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from valscope.data.pixels import scale
from valscope.data.pixels.prepare import pixels
from valscope.errors import DataError, ModelError, UsageError, ValscopeError
from valscope.nouns.fact import Source
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.paths.tensors import Floats, Tensor, tensor

Role = Literal["train", "serve"]
Given = Preparation | Pipeline | Callable[[str], Any] | str | os.PathLike[str] | Any
SCRIPTS = (".py", ".ipynb", ".txt", ".md")


@dataclass(frozen=True, slots=True)
class Way:
    """A way from a file to the network's input.

    ask          file to anything like an array.
    preparation  where it is known as a value.
    said, assumed  of code: which line says what, and what had to be assumed.
    """

    name: str
    ask: Callable[[str], Any]
    preparation: Preparation | None = None
    said: tuple[tuple[str, Source], ...] = ()
    assumed: tuple[str, ...] = ()

    def __call__(self, file: str) -> Tensor:
        """The tensor of one file. Whatever a user's function raises becomes a DataError of one sentence."""
        try:
            given = self.ask(file)
        except ValscopeError:
            raise
        except Exception as error:
            reason = (str(error).strip().splitlines() or [""])[0][:160]
            said = f"{type(error).__name__}: {reason}".rstrip(": ")
            raise DataError(f"{self.name} fails on {file} ({said}).") from None
        return tensor(given, self.name, file)


def prepared(preparation: Preparation, name: str = "preparation") -> Way:
    """The way that a preparation describes."""
    return Way(name, lambda file: _apply(file, preparation), preparation)


def _apply(file: str, preparation: Preparation) -> Floats:
    tensors = scale.apply(pixels(file, preparation)[None], preparation)
    return np.asarray(tensors[0])


def way_of(given: Given, role: Role, other: Given = None) -> Way:
    """A way from a function, a value, a run or a script; `other` is the opposite side, which may tell a script the
    size of the input. Raises UsageError for anything else."""
    if isinstance(given, Pipeline):
        if given.preparation is None:
            raise UsageError("A pipeline without a preparation is no way from a file; give it one.")
        return prepared(given.preparation)
    if isinstance(given, Preparation):
        return prepared(given)
    if isinstance(given, str | os.PathLike):
        return _of_file(Path(given), role, other)
    about = getattr(given, "about", None)
    stored = getattr(about, "preparation", None) or getattr(
        getattr(given, "recipe", None), "preparation", None
    )
    if isinstance(stored, Preparation):
        return prepared(stored, str(getattr(about, "file", "") or getattr(given, "folder", "run")))
    if callable(given):
        return Way(_name(given, role), given)
    raise UsageError(
        f"A way is a function from a file to an array, a Preparation, a Pipeline, a run or a script; got "
        f"{type(given).__name__}."
    )


def _name(function: Callable[[str], Any], role: Role) -> str:
    name = str(getattr(function, "__name__", type(function).__name__))
    return f"the {'first' if role == 'train' else 'second'} function" if name == "<lambda>" else name


def _of_file(path: Path, role: Role, other: Given) -> Way:
    if not path.exists():
        raise UsageError(f"{path} does not exist; give a script, or a run that valscope train made.")
    if path.is_file() and path.suffix.lower() in SCRIPTS:
        from valscope.paths.scripts import of_script

        return of_script(path, role, other)
    if path.is_dir():
        from valscope.run import Run

        run = Run(path)
        if run.recipe.preparation is None:
            raise ModelError(f"{path} was trained on feature vectors; there is no way from a file.")
        return prepared(run.recipe.preparation, str(path))
    raise UsageError(
        f"{path} stores no preparation: only a run of valscope does; give the script that trained it, or a function."
    )
