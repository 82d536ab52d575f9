"""Broken code cut into statements: where brackets close, or where they should have.

Tokens come from parso, whose tokeniser goes on where Python's own gives up (an open string, a stray sign).
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from valscope.evidence.script.text.signs import Line, closers, meet, table_of, without_comment

_LONGEST = 400  # lines of one statement; a literal table of data is longer, and is then read in pieces
_MENDED = 60  # lines looked ahead for the place where a forgotten bracket should have stood
_STARTS = re.compile(
    r"(?:import|from|def|class|for|while|if|elif|else|try|except|finally|with|return|print|raise|assert|del"
    r"|async|global|pass|break|continue|yield|@\w)\b|[A-Za-z_][\w.]*(?:\[[^\]]*\])*(?:\s*,\s*\w+)*\s*"
    r"(?:=[^=]|[-+*/]=|\.\w+\(|\()"
)
_HEADERS = re.compile(r"(?:def|class|for|while|if|elif|else|try|except|finally|with|async)\b")
_TRIED = 6  # such places tried; a statement that none of them ends is no statement


@dataclass(frozen=True, slots=True)
class Span:
    """Physical lines `first`..`end` (0-based, end exclusive) of one statement; `missing` closes its brackets."""

    first: int
    end: int
    missing: str = ""


def parses(text: str) -> bool:
    """Whether Python takes the text as it is."""
    return parse(text) is not None


def parse(text: str) -> ast.Module | None:
    """The syntax tree, or None; warnings about escapes are nobody's business here."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def spans(lines: Sequence[str]) -> Iterator[Span]:
    """Statements in order; blank lines and comments are left out."""
    table = table_of(lines)
    at = 0
    while at < len(lines):
        if not lines[at].strip() or lines[at].lstrip().startswith("#"):
            at += 1
            continue
        span = _span(lines, table, at)
        yield span
        at = span.end


def indent_of(line: str, tab: int = 8) -> int:
    """Columns before the first sign."""
    wide = line.expandtabs(tab)
    return len(wide) - len(wide.lstrip())


def _span(lines: Sequence[str], table: Sequence[Line], at: int) -> Span:
    whole = _balanced(table, at)
    if whole is not None and (whole == at + 1 or reads_as_statement("\n".join(lines[at:whole]))):
        return Span(at, whole)
    return _cut(lines, table, at) or Span(at, whole or at + 1)


def _balanced(table: Sequence[Line], at: int) -> int | None:
    stack: list[str] = []
    for end in range(at, min(len(table), at + _LONGEST)):
        for sign in table[end].signs:
            meet(stack, sign)
        if not table[end].glued and not stack:
            return end + 1
    return None


def _cut(lines: Sequence[str], table: Sequence[Line], at: int) -> Span | None:
    """The shortest stretch that reads as a statement once its brackets are closed."""
    signs, text, tried = "", "", 0
    for end in range(at, min(len(lines), at + _MENDED)):
        signs, text = signs + table[end].signs, text + lines[end] + "\n"
        if table[end].glued or not _may_end(lines, end, indent_of(lines[at])):
            continue
        missing = closers(signs)
        if missing and reads_as_statement(mended(text, missing)):
            return Span(at, end + 1, missing)
        tried += 1
        if tried == _TRIED:
            break
    return None


def mended(text: str, missing: str) -> str:
    """The text with its brackets closed: before the colon that opens a block, else at the end (a comment
    there is left out)."""
    lines = text.rstrip().split("\n")
    last = without_comment(lines[-1]).rstrip()
    colon = ":" if last.endswith(":") and _HEADERS.match(text.lstrip()) else ""
    lines[-1] = (last[:-1] if colon else last) + missing + colon
    return "\n".join(lines)


def reads_as_statement(text: str) -> bool:
    """Whether the text, taken out of its place, is a statement or the head of a block."""
    text = text.strip()
    if parses(text) or parses(text + " pass") or parses(text + "\n    pass"):
        return True
    return any(parses(before + text + after) for before, after in _FRAMES)


_FRAMES = (
    ("if 1: pass\n", " pass"), ("if 1: pass\n", ""), ("try: pass\n", " pass"), ("try: pass\n", ""),
    ("", "\ndef f(): pass"), ("", " pass\nfinally: pass"), ("def f():\n  ", ""), ("def f():\n  ", " pass"),
)  # fmt: skip


def _may_end(lines: Sequence[str], end: int, indent: int) -> bool:
    """Whether a statement may end after this line: what follows looks like the start of another."""
    rest = next(
        (line for line in lines[end + 1 :] if line.strip() and not line.lstrip().startswith("#")), None
    )
    if rest is None:
        return True
    starts = _STARTS.match(rest.lstrip())
    if starts is None or indent_of(rest) > indent or rest.rstrip().endswith(","):
        return False
    sure = (
        _HEADERS.match(rest.lstrip()) or "." in starts.group() or rest.lstrip().startswith(("import", "from"))
    )
    return bool(sure) or not lines[end].rstrip().endswith((",", "(", "[", "{", "+", "=", "\\"))
