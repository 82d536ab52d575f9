"""One statement that Python does not take, made readable where what was meant is beyond doubt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from valscope.evidence.script.text.clean import plain_signs
from valscope.evidence.script.text.logical import mended, reads_as_statement
from valscope.evidence.script.text.signs import closers, tokens

_OLD_EXCEPT = re.compile(r"^(\s*except\s+[\w.()\s,]+?)\s*,\s*(\w+)\s*:")
_OLD_RAISE = re.compile(r"^(\s*raise\s+[\w.]+)\s*,\s*(.+)$")
_OLD_NUMBER = re.compile(r"\b(\d+)[lL]\b")
_OLD_OCTAL = re.compile(r"(?<![\w.])0(\d+)(?![\w.])")
_KEYWORDS = frozenset({"print", "exec"})


def mend(text: str) -> tuple[str, bool] | None:
    """A statement that reads, and whether only Python 2 took it as it was; None when nothing helps."""
    if reads_as_statement(text):
        return text, False
    plain = plain_signs(text)
    for change, old in _CHANGES:
        for start in dict.fromkeys((text, plain)):
            tried = change(start)
            if tried is not None and reads_as_statement(tried):
                return tried, old
    return None


def python2(text: str) -> str | None:
    """A Python 2 statement as Python 3 would write it; None when it holds nothing of the kind."""
    changed = _printed(text)
    changed = _OLD_EXCEPT.sub(r"\1 as \2:", changed)
    changed = _OLD_RAISE.sub(r"\1(\2)", changed)
    changed = _OLD_NUMBER.sub(r"\1", changed)
    changed = _OLD_OCTAL.sub(r"0o\1", changed).replace("<>", "!=")
    return None if changed == text else changed


def _printed(text: str) -> str:
    """`print x` as `print(x)`, wherever it stands in the statement."""
    found: list[Any] = [token for token in tokens(text) if token.type.name not in ("INDENT", "DEDENT")]
    lines = text.split("\n")
    for number in reversed(range(len(found) - 1)):
        token, after = found[number], found[number + 1]
        if token.string not in _KEYWORDS or after.string in ("(", "=", ".", ",", ")", "[", ":"):
            continue
        if number and found[number - 1].string not in (":", ";", "\n") and token.start_pos[1] > 0:
            before = lines[token.start_pos[0] - 1][: token.start_pos[1]]
            if before.strip():
                continue
        _wrap(lines, token, _end(found, number))
    return "\n".join(lines)


def _end(found: list[Any], number: int) -> Any:
    """The token after the last one that is printed."""
    for token in found[number + 1 :]:
        if token.string == ";" or token.type.name in ("NEWLINE", "ENDMARKER"):
            return token
    return found[-1]


def _wrap(lines: list[str], token: Any, end: Any) -> None:
    row, column = end.start_pos[0] - 1, end.start_pos[1] - len(end.prefix)
    if row >= len(lines) or column < 0 or (end.type.name == "ENDMARKER" and not lines[row].strip()):
        row, column = len(lines) - 1, len(lines[-1])
    lines[row] = lines[row][:column] + ")" + lines[row][column:]
    first = token.start_pos[0] - 1
    after = token.start_pos[1] + len(token.string)
    rest = lines[first][after:].lstrip()
    if rest.startswith(">>"):  # print >>stream, text
        rest = rest.partition(",")[2].lstrip() if "," in rest else ")"
    lines[first] = lines[first][:after] + "(" + rest


def _closed(text: str) -> str | None:
    """With its brackets closed (a text cut off in the middle)."""
    signs = "".join(token.string for token in tokens(text) if token.string in tuple("()[]{}"))
    missing = closers(signs)
    return mended(text.rstrip().rstrip("\\,.="), missing) if missing else None


def _fewer(text: str) -> str | None:
    """Without a surplus closing bracket at the end."""
    stripped = text.rstrip()
    return stripped[:-1] if stripped.endswith((")", "]", "}", ",", "\\", ";")) else None


def _colon(text: str) -> str | None:
    """With the colon that opens a block."""
    return text.rstrip() + ":"


def _unquoted(text: str) -> str | None:
    """With the quote closed that was left open at the end."""
    for quote in ("'", '"'):
        if text.count(quote) % 2:
            closed = text.rstrip() + quote
            return closed if reads_as_statement(closed) else _closed(closed)
    return None


def _both(text: str) -> str | None:
    old = python2(text)
    return None if old is None else _closed(old)


_CHANGES: tuple[tuple[Callable[[str], str | None], bool], ...] = (
    (lambda text: text, False),
    (python2, True),
    (_closed, False),
    (_fewer, False),
    (_colon, False),
    (_both, True),
    (_unquoted, False),
)
