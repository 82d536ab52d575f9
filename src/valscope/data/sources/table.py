"""Items of a table: image paths with labels, or rows of numbers with labels."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.columns import Column, Roles, roles
from valscope.data.sources.parts import part_of
from valscope.data.sources.raw import Raw, safe_name
from valscope.data.sources.table_paths import at, base_folder, exists, resolved
from valscope.data.sources.tablefile import Table
from valscope.errors import DataError
from valscope.nouns.dataset import Arrays, Files, Notice, Part

_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?")
# Where this share of the images has several labels, the table means several, and it is no slip.
SEVERAL = 0.2


def table_items(table: Table, origin: str, folder: str, named: Mapping[str, str | None]) -> Raw:
    """Items of a table. Paths are relative to `folder`; without a path column the numbers are the items.

    named  columns that the user named: "path", "label", "group", "part".
    Raises DataError where there are no rows, no label or no file that exists.
    """
    if not table or not len(next(iter(table.values()))):
        raise DataError(f"{shown(origin)} has no rows; give a table with a path and a label in each row.")
    found = roles(table, **named)
    labels = _labels(table, found)
    if found.path is None:
        return _vectors(table, found, labels, origin)
    return _files(table, found, labels, origin, folder)


def _files(table: Table, found: Roles, labels: list[object], origin: str, folder: str) -> Raw:
    assert found.path is not None
    values = [str(value) for value in table[found.path]]
    keep, notices = _distinct(values, labels, origin)
    base = base_folder(values, folder)
    paths = {i: resolved(at(base, values[i])) for i in keep}
    rows = [i for i in keep if exists(paths[i])]
    there = set(rows)
    gone = tuple(safe_name(values[i]) or f"row {i + 1}" for i in keep if i not in there)
    if not rows:
        raise DataError(
            f"None of the {len(paths):,} files that {shown(origin)} names exists, such as "
            f"{shown(paths[keep[0]])}; give the folder that its paths start from (root)."
        )
    if gone:
        notices.append(
            Notice(
                "missing_file",
                f"Files that the table names and that do not exist, left out: {len(gone):,}.",
                gone,
            )
        )
    return Raw(
        Files(tuple(paths[i] for i in rows)),
        tuple(safe_name(values[i]) for i in rows),
        [labels[i] for i in rows],
        origin,
        groups=_groups(table, found, rows),
        parts=_parts(table, found, rows),
        group_column=found.group,
        order=found.one_hot or None,
        notices=tuple(notices),
    )


def _vectors(table: Table, found: Roles, labels: list[object], origin: str) -> Raw:
    taken = {found.label, found.group, found.part, *found.one_hot}
    names = [name for name in table if name not in taken]
    try:
        values = np.array([table[name] for name in names], np.float32).T
    except (TypeError, ValueError) as error:
        raise DataError(
            f"{shown(origin)} has no column of image paths, and its columns are not all numbers; name the column "
            f"that holds the paths (path column)."
        ) from error
    if not names:
        raise DataError(f"{shown(origin)} has labels but neither paths nor numbers beside them.")
    rows = list(range(len(labels)))
    return Raw(
        Arrays(np.ascontiguousarray(values)),
        tuple(f"row {i + 1}" for i in rows),
        labels,
        origin,
        groups=_groups(table, found, rows),
        parts=_parts(table, found, rows),
        group_column=found.group,
        order=found.one_hot or None,
    )


def _labels(table: Table, found: Roles) -> list[object]:
    if not found.one_hot:
        assert found.label is not None
        return numbered(table[found.label])
    rows = np.array([[float(str(v) in ("1", "1.0", "True")) for v in table[name]] for name in found.one_hot])
    totals = rows.sum(axis=0)
    if totals.max() > 1:
        both = tuple(name for name, on in zip(found.one_hot, rows[:, totals.argmax()]) if on)
        return [both] * len(totals)
    return [found.one_hot[i] if total else None for i, total in zip(rows.argmax(axis=0), totals)]


def numbered(column: Column) -> list[object]:
    """The column with text that is numbers throughout as numbers: "12", "1.0" and "0.5", but not "007"."""
    given = [value for value in column if value not in ("", None)]
    if given and all(isinstance(value, str) and _NUMBER.fullmatch(value) for value in given):
        return [float(value) if isinstance(value, str) and value else None for value in column]
    return list(column)


def _groups(table: Table, found: Roles, rows: Sequence[int]) -> tuple[str, ...] | None:
    return None if found.group is None else tuple(str(table[found.group][i]) for i in rows)


def _parts(table: Table, found: Roles, rows: Sequence[int]) -> tuple[Part, ...] | None:
    if found.part is None:
        return None
    parts = [part_of(str(table[found.part][i])) for i in rows]
    if None in parts:
        odd = table[found.part][rows[parts.index(None)]]
        raise DataError(f"The part {shown(odd)} is none of train, val and test; name each row's part so.")
    return tuple(part for part in parts if part)


def _distinct(values: list[str], labels: list[object], origin: str) -> tuple[list[int], list[Notice]]:
    """Rows to keep: of rows with the same path and label, the first."""
    first: dict[tuple[str, str], int] = {}
    for i, key in enumerate(zip(values, map(str, labels))):
        first.setdefault(key, i)
    labels_of = Counter(path for path, _ in first)
    several = tuple(path for path, n in labels_of.items() if n > 1)
    if len(several) > SEVERAL * len(labels_of):
        raise DataError(
            f"{shown(origin)} gives several labels to {len(several):,} of {len(labels_of):,} images: this is "
            f"multi-label data, and valscope gives each image one class; keep one row for each image."
        )
    notices = []
    if several:
        text = f"Images that stand in the table with different labels, kept with each: {len(several):,}."
        notices.append(Notice("label_conflict", text, tuple(map(safe_name, several))))
    if len(first) < len(values):
        text = f"Rows that repeat an earlier one, left out: {len(values) - len(first):,}."
        notices.append(Notice("repeated_row", text))
    return sorted(first.values()), notices
