"""What a reader found, before labels are numbered: several sources are joined first, so that a class has one
number everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from valscope.errors import DataError
from valscope.nouns.dataset import Arrays, Files, Notice, Part


@dataclass(frozen=True, slots=True, eq=False)
class Raw:
    """Items with labels as they stand in the source.

    labels   a name, a whole number or None for each item.
    group_column  the table's column that `groups` are from.
    order    class names by number, where the source itself fixes them.
    by_folder  labels are names of folders, of which an item has one whatever they look like.
    Everything else as in `Dataset`.
    """

    content: Files | Arrays
    names: tuple[str, ...]
    labels: Sequence[object]
    origin: str
    groups: tuple[str, ...] | None = None
    parts: tuple[Part, ...] | None = None
    group_column: str | None = None
    order: tuple[str, ...] | None = None
    by_folder: bool = False
    notices: tuple[Notice, ...] = ()


def safe_name(text: str) -> str:
    """A name that can be written as UTF-8: bytes that are no text (possible in file names) are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def joined(sources: Sequence[tuple[Raw, Part]]) -> Raw:
    """Several sources as one, each item in the part that its source stands for, or gives itself.

    Raises DataError where files meet arrays, or arrays of different shapes meet.
    """
    first = sources[0][0]
    raws = [raw for raw, _ in sources]
    parts = tuple(own for raw, part in sources for own in (raw.parts or (part,) * len(raw.names)))
    groups = None
    if any(raw.groups for raw in raws):
        groups = tuple(group for raw in raws for group in (raw.groups or raw.names))
    return replace(
        first,
        content=_joined_content(raws),
        names=tuple(f"{part}/{name}" for raw, part in sources for name in raw.names),
        labels=[label for raw in raws for label in raw.labels],
        groups=groups,
        parts=parts,
        notices=tuple(notice for raw in raws for notice in raw.notices),
    )


def _joined_content(raws: Sequence[Raw]) -> Files | Arrays:
    contents = [raw.content for raw in raws]
    if all(isinstance(content, Files) for content in contents):
        return Files(tuple(path for c in contents if isinstance(c, Files) for path in c.paths))
    arrays = [content.values for content in contents if isinstance(content, Arrays)]
    if len(arrays) < len(contents):
        raise DataError("One source gives image files and another gives arrays; give both in the same form.")
    if len({values.shape[1:] for values in arrays}) > 1:
        shapes = " and ".join(str(values.shape[1:]) for values in arrays)
        raise DataError(f"The sources have items of different shapes, {shapes}; give items of one shape.")
    if len({values.dtype for values in arrays}) > 1:
        kinds = " and ".join(str(values.dtype) for values in arrays)
        raise DataError(f"The sources have pixels in different scales ({kinds}); give all in the same one.")
    return Arrays(np.concatenate(arrays))
