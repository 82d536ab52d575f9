"""What differs between two recipes or pipelines, setting by setting."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

from valscope.lab.config_changes import config_changes
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Stage
from valscope.nouns.trial import Change
from valscope.words.recipe import in_stages, preparation

LONGEST = 60  # characters of a value that is shown; a whole architecture is no setting to read


def changes_between(before: Any, after: Any) -> tuple[Change, ...]:
    """Every field that differs, nested ones by their path ("split.kind"), values as text that a person reads."""
    return tuple(_differences(before, after, ""))


def _differences(before: Any, after: Any, path: str) -> Iterator[Change]:
    for field in dataclasses.fields(before):
        a, b = getattr(before, field.name), getattr(after, field.name)
        if a == b:
            continue
        name = f"{path}{field.name}"
        if type(a) is type(b) and dataclasses.is_dataclass(a) and not isinstance(a, type):
            yield from _differences(a, b, f"{name}.")
        elif _stages(a, b):
            for i, (one, other) in enumerate(zip(a, b), 1):
                yield from _differences(one, other, f"{name}.{i}.")
        elif field.name == "config" and (layers := config_changes(name, a, b)):
            yield from layers
        else:
            yield Change(name, _shown(a), _shown(b))


def _stages(a: Any, b: Any) -> bool:
    both = isinstance(a, tuple) and isinstance(b, tuple) and len(a) == len(b)
    return both and all(dataclasses.is_dataclass(v) for v in (*a, *b))


def _shown(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple) and value and all(isinstance(v, Stage) for v in value):
        return in_stages(value)
    if isinstance(value, Preparation):
        return preparation(value)
    if dataclasses.is_dataclass(value):
        named = ((f.name, getattr(value, f.name)) for f in dataclasses.fields(value))
        return ", ".join(f"{name.replace('_', ' ')} {_shown(v)}" for name, v in named)
    if isinstance(value, tuple):
        return ", ".join(_shown(v) for v in value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
