"""The kind of each line, from its shape and from what the lines before it opened."""

from __future__ import annotations

import re
from typing import Literal

from valscope.evidence.shapes import Shape, shape, summary_row, wordy
from valscope.nouns.post import SegmentKind

# "maybe" is code beside code, and else output or prose.
Kind = SegmentKind | Literal["maybe"]
# Characters of a line that are looked at: a longer one is data, and its brackets close on it.
_LONGEST = 2000
# So many lines may continue an open bracket.
_OPEN_FOR = 80
_IN_TRACEBACK = re.compile(
    r"^\s+\S|^\s*File \"|^-+>|^[/~<\w].*\bin\b.*\(|^\s*\d+\s|^\.\.\.|^\s*$|.*\.py[:\"]|^In ?\[|^-{5,}|"
    r"^During handling|^The above"
)
_TRIPLE = re.compile(r'"""|\'\'\'')
_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|#.*$")


class LineKinds:
    """The kind of each line, from its shape and from what is still open."""

    def __init__(self) -> None:
        self._fence = False
        self._depth = 0
        self._open = self._blanks = 0
        self._docstring = False
        self._now: Kind = "prose"

    def kind(self, text: str) -> Kind | None:
        """None for a line that belongs to whatever stands before it: empty lines and fences."""
        form = shape(text)
        if form == "fence":
            self._fence, self._depth, self._docstring, self._now = not self._fence, 0, False, "prose"
            return None
        if form == "blank":
            self._blanks += 1
            return None
        self._now = self._next(form, text)
        return self._now

    def _next(self, form: Shape, text: str) -> Kind:
        blanks, self._blanks = self._blanks, 0
        if self._docstring or self._continues(form, text, blanks):
            self._count(text)
            return "code"
        self._depth = self._open = 0
        if form in ("summary", "traceback"):
            return form
        if self._now == "summary" and summary_row(text):
            return "summary"
        if self._now == "traceback" and (form == "error" or _IN_TRACEBACK.match(text)):
            return "traceback"
        if form == "error":
            return "traceback"
        if form == "numbers":
            return "numbers"
        if form == "table":
            return "table"
        quoted = self._now == "code" and text.lstrip().startswith(('"""', "'''", 'r"""'))
        if quoted or form == "code" or (form == "maybe_code" and (self._now == "code" or self._fence)):
            self._count(text)
            return "code"
        if self._fence and not wordy(text) and self._now == "code":
            self._count(text)
            return "code"
        return "maybe" if form == "maybe_code" else "prose"

    def _continues(self, form: Shape, text: str, blanks: int) -> bool:
        """Whether the line is within the brackets of the code before it. A forgotten bracket must not
        swallow the text that follows."""
        if not self._depth or self._open >= _OPEN_FOR or form in ("traceback", "summary", "error"):
            return False
        return form in ("code", "maybe_code", "numbers") or not (blanks or wordy(text))

    def _count(self, text: str) -> None:
        """Keep track of open brackets and docstrings."""
        text = text[:_LONGEST]
        if len(_TRIPLE.findall(text)) % 2:
            self._docstring = not self._docstring
            return
        if self._docstring:
            return
        bare = _STRINGS.sub("", text)
        self._open = self._open + 1 if self._depth else 0
        self._depth += sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")
        self._depth = max(self._depth, 0)
