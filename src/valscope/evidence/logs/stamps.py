"""Times and names of loggers before a line."""

from __future__ import annotations

import re

_STAMP = re.compile(
    r"""^[\s>|]*(?:
        [\[(]?\d{4}[-/.]\d\d?[-/.]\d\d?[\sT_]+\d\d?:\d\d(?::\d\d)?(?:[.,][\d%f]+)?(?:Z|[+-]\d\d:?\d\d)?[\])]?
      | [IWE]\d{4}\s\d\d:\d\d:\d\d\.\d+\s+\d+
      | [\[(]?\d\d:\d\d:\d\d(?:[.,]\d+)?[\])]?
    )[\s:|,-]*""",
    re.VERBOSE,
)
_LOGGER = re.compile(
    r"^(?:-?\s*[\w./]+\.(?:py|cpp|cc)[\w\[\]():]*\s*-?\s*)?(?:[\[(]?(?:INFO|DEBUG|WARNING)[\])]?\b[\s:|-]*(?:\w+:(?=\w)[\s]*)?)?\]?\s*"
)
_FULL_STAMP = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.,][\d%f]+(?:\s-\s\w+\s-\s)?[\s:\])|-]*")


def unstamped(text: str) -> str:
    """The line without the time and the logger's name before it."""
    stamps = list(_FULL_STAMP.finditer(text))
    bare = text[stamps[-1].end() :] if stamps else _STAMP.sub("", text)
    return _LOGGER.sub("", bare, count=1)
