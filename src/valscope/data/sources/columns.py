"""Which column of a table is the path, the label, the group and the part, where nobody said so."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.parts import part_of
from valscope.data.sources.walk import EXTENSIONS
from valscope.errors import DataError

Column = Sequence[object]

# Names in use in public tables, likeliest first; compared without case and separators.
_NAMES = {
    "path": "path filepath imagepath imgpath filename file imagefile image img imagename imageid fileid picture "
    "photo fname name id",
    "label": "label labels class classname classlabel target category categoryname y species diagnosis breed "
    "classid labelid targetid emotion finding type",
    "group": "group groups groupid patient patientid subject subjectid person personid",
    "part": "part split set subset partition usage",
}
_WORDS = {role: tuple(names.split()) for role, names in _NAMES.items()}


@dataclass(frozen=True, slots=True)
class Roles:
    """Column names by what they hold. `one_hot` are the columns that together hold the label instead."""

    path: str | None
    label: str | None
    group: str | None
    part: str | None
    one_hot: tuple[str, ...] = ()


def roles(
    table: Mapping[str, Column],
    path: str | None = None,
    label: str | None = None,
    group: str | None = None,
    part: str | None = None,
) -> Roles:
    """Name the columns; those given are taken as they are. Raises DataError where a given one is missing or
    no label can be found."""
    for given in (path, label, group, part):
        if given is not None and given not in table:
            raise DataError(f"The table has no column {shown(given)}; it has {_listed(table)}.")
    taken = {given for given in (path, label, group, part) if given}
    path = path or _path_column(table, taken)
    taken |= {path} if path else set()
    part = part or _part_column(table, taken)
    taken |= {part} if part else set()
    group = group or _named(table, "group", taken)
    taken |= {group} if group else set()
    label = label or _named(table, "label", taken)
    one_hot = () if label else _one_hot(table, taken)
    if not label and not one_hot:
        rest = [name for name in table if name not in taken]
        if len(rest) != 1:
            raise DataError(
                f"No column of {_listed(table)} is known to hold the label; name it (label column)."
            )
        label = rest[0]
    return Roles(path, label, group, part, one_hot)


def looks_like_path(value: object) -> bool:
    """Whether a cell ends as image files do."""
    return isinstance(value, str) and PurePath(value).suffix.lower() in EXTENSIONS


def _path_column(table: Mapping[str, Column], taken: set[str]) -> str | None:
    for name, column in table.items():
        if name not in taken and len(column) and all(looks_like_path(value) for value in column[:20]):
            return name
    named = _named(table, "path", taken)
    return named if named and all(isinstance(value, str) for value in table[named][:20]) else None


def _part_column(table: Mapping[str, Column], taken: set[str]) -> str | None:
    named = _named(table, "part", taken)
    if named and all(part_of(str(value)) for value in set(table[named])):
        return named
    return None


def _named(table: Mapping[str, Column], role: str, taken: set[str]) -> str | None:
    plain = {re.sub(r"[^a-z]", "", name.lower()): name for name in table if name not in taken}
    return next((plain[word] for word in _WORDS[role] if word in plain), None)


def _one_hot(table: Mapping[str, Column], taken: set[str]) -> tuple[str, ...]:
    """The remaining columns where each holds only zeros and ones and there are two at least."""
    rest = [name for name in table if name not in taken]
    binary = [
        name for name in rest if set(map(str, table[name])) <= {"0", "1", "0.0", "1.0", "True", "False"}
    ]
    return tuple(binary) if len(binary) > 1 and len(binary) == len(rest) else ()


def _listed(table: Mapping[str, Column]) -> str:
    names = [shown(name) for name in table]
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
