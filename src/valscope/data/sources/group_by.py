"""Groups that the user names: a column, a pattern on file names, or one value an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from valscope.data.sources.raw import Raw
from valscope.errors import DataError, UsageError
from valscope.nouns.dataset import Notice


def grouped(raw: Raw, group_by: str | Sequence[object]) -> Raw:
    """The items with groups.

    group_by  the column that `raw` took its groups from already, a regular expression on file names (its first
              group, else the whole match), or one value for each item.
    Raises UsageError where it is none of these, DataError where it matches nothing.
    """
    if not isinstance(group_by, str):
        if len(group_by) != len(raw.names):
            raise UsageError(
                f"group_by has {len(group_by):,} values for {len(raw.names):,} items; give one an item."
            )
        return replace(raw, groups=tuple(str(value) for value in group_by))
    if raw.group_column == group_by:
        return raw
    try:
        pattern = re.compile(group_by)
    except re.error as error:
        raise UsageError(
            f"group_by {group_by!r} is neither a column nor a regular expression: {error}."
        ) from error
    return _by_pattern(raw, pattern)


def _by_pattern(raw: Raw, pattern: re.Pattern[str]) -> Raw:
    """Groups from the file's own name, or from its whole relative path where no file name matches."""
    found = [pattern.search(PurePosixPath(name).name) for name in raw.names]
    if not any(found):
        found = [pattern.search(name) for name in raw.names]
    if not any(found):
        raise DataError(
            f"group_by {pattern.pattern!r} matches none of {len(found):,} names, such as {raw.names[0]}."
        )
    alone = tuple(name for name, match in zip(raw.names, found) if not match)
    groups = tuple(_group(match) if match else name for name, match in zip(raw.names, found))
    notices = raw.notices
    if alone:
        text = f"Names that do not match group_by {pattern.pattern!r}, each its own group: {len(alone):,}."
        notices += (Notice("ungrouped", text, alone),)
    return replace(raw, groups=groups, notices=notices)


def _group(match: re.Match[str]) -> str:
    return (match.group(1) if match.re.groups else match.group(0)) or ""
