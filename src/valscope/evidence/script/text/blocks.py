"""Statements put back into blocks when pasting has spoilt their indentation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from valscope.evidence.script.text.logical import indent_of, parses, reads_as_statement
from valscope.evidence.script.text.signs import without_comment

_CONTINUES = {
    "elif": ("if", "elif"), "else": ("if", "elif", "for", "while", "except"),
    "except": ("try", "except"), "finally": ("try", "except", "else"),
}  # fmt: skip
# Lines in a row that lost their indentation within a block; more of them are the end of it.
_STRAYING = 3
_WORD = re.compile(r"\s*(?:async\s+)?([a-z]+)\b")


@dataclass(slots=True)
class Statement:
    """A statement that reads. `first`..`end` are its physical lines; `opens` tells whether a block follows."""

    text: str
    first: int
    end: int
    depth: int = 0
    word: str = field(default="")
    opens: bool = field(default=False)

    def __post_init__(self) -> None:
        self.text = _bare_head(self.text)
        found = _WORD.match(self.text)
        self.word = found.group(1) if found else ""
        self.opens = self.text.lstrip().startswith("@") or _opens(self.text.strip(), self.word)


def _bare_head(text: str) -> str:
    """The head of a block without the comment behind its colon, so that something can be put there."""
    before, newline, last = text.rpartition("\n")
    bare = without_comment(last).rstrip() if "#" in last else last
    return before + newline + bare if bare.endswith(":") else text


def assemble(statements: Sequence[Statement], length: int) -> str:
    """One text of `length` lines in which every statement stands on its own line, indented anew."""
    tab = min((8, 4), key=lambda width: _surprises(statements, width))
    _place(statements, tab)
    _adopt(statements)
    lines = [""] * length
    for number, statement in enumerate(statements):
        after = statements[number + 1] if number + 1 < len(statements) else None
        _write(lines, statement, after)
    return "\n".join(lines)


def _opens(text: str, word: str) -> bool:
    if word in _CONTINUES:
        before = "try: pass\n" if word in ("except", "finally") else "if 1: pass\n"
        return not parses(before + text) and text.endswith(":")
    return not parses(text) and (parses(text + " pass") or parses(text + " pass\nfinally: pass"))


def _place(statements: Sequence[Statement], tab: int) -> None:
    """Depths from indentation: a statement indented for no reason stays where it is, and so does one that
    should have been and is not. One or two lines that lost their indentation do not end a block that goes on
    after them."""
    levels: list[int] = []
    left: list[int] = []  # the levels before the last dedent, or with the body that a head still lacks
    since = 0
    opened = False
    for number, statement in enumerate(statements):
        indent = indent_of(statement.text.split("\n")[0], tab)
        since += 1
        if not levels:
            levels = [indent]
        elif opened and indent > levels[-1]:
            levels.append(indent)
        elif indent > levels[-1] and since <= _STRAYING and left and _resumes(left, indent):
            levels = [*left[:-1], indent] if left[-1] < 0 else left
            for stray in statements[number - since : number]:
                stray.depth = len(levels) - 1
        elif opened or indent < levels[-1]:
            left, since = ([*levels, -1] if opened else list(levels)), 0
            while len(levels) > 1 and indent < levels[-1]:
                levels.pop()
            levels[0] = min(levels[0], indent)
        statement.depth = len(levels) - 1
        opened = statement.opens and not statement.text.lstrip().startswith("@")


def _resumes(left: list[int], indent: int) -> bool:
    """Whether a line goes on with the block that was left: at its indentation, or as the body that its head
    lacks so far."""
    return left[-1] == indent or (left[-1] < 0 and indent > left[-2])


def _surprises(statements: Sequence[Statement], tab: int) -> int:
    """How often indentation at this tab width changes for no reason."""
    count, before = 0, None
    known: list[int] = []
    for statement in statements:
        indent = indent_of(statement.text.split("\n")[0], tab)
        if before is not None and indent > known[-1]:
            count += not before.opens
            known.append(indent)
        while known and indent < known[-1]:
            known.pop()
        if not known or indent != known[-1]:
            count += before is not None
            known.append(indent)
        before = statement
    return count


def _adopt(statements: Sequence[Statement]) -> None:
    """Heads without their partner (an `else` whose `if` was cut off, a `try` without `except`) become
    plain blocks, so that what they hold is read."""
    last: dict[int, Statement] = {}
    for statement in statements:
        for depth in [depth for depth in last if depth > statement.depth]:
            del last[depth]
        before = last.get(statement.depth)
        if statement.word in _CONTINUES and (before is None or before.word not in _CONTINUES[statement.word]):
            _become_block(statement)
        if before is not None and before.word == "try" and statement.word not in ("except", "finally"):
            _become_block(before)
        last[statement.depth] = statement
    for statement in last.values():
        if statement.word == "try":
            _become_block(statement)


def _become_block(statement: Statement) -> None:
    head, colon, rest = statement.text.partition(":")
    indent = head[: len(head) - len(head.lstrip())]
    statement.text = f"{indent}if 1:{rest}" if colon else f"{indent}pass"
    statement.word = "if"


def _is_decorated(after: Statement | None) -> bool:
    return after is not None and (after.word in ("def", "class") or after.text.strip().startswith("@"))


def _write(lines: list[str], statement: Statement, after: Statement | None) -> None:
    text = statement.text.strip()
    decorates = text.startswith("@")
    if decorates and not _is_decorated(after):
        return
    if statement.opens and not decorates and (after is None or after.depth <= statement.depth):
        text += " pass"
    written = (" " * statement.depth + text).split("\n")
    room = statement.end - statement.first
    if len(written) > room and not reads_as_statement(text):
        return
    for offset, line in enumerate(written[:room]):
        lines[statement.first + offset] = line
    if len(written) > room:  # mending never adds lines; kept for safety, so that nothing is lost
        lines[statement.first + room - 1] += "\n".join(written[room:])
