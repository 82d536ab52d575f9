"""Small edits that several settings need: a value, an argument, an import, a line."""

from __future__ import annotations

import re

from valscope.report.patch.calls import Argument, Call, Token
from valscope.report.patch.code import Code, Statement
from valscope.report.patch.edit import Edit, still_valid

LITERAL = ("number", "string")


def set_value(code: Code, argument: Argument, new: str) -> Edit:
    """The argument's value becomes `new`: where it stands, or where its name gets its only value."""
    if len(argument.tokens) == 1 and argument.tokens[0].kind == "name":
        given = assignments(code, argument.tokens[0].text)
        if len(given) == 1 and all(t.kind in LITERAL for t in given[0].tokens[2:]):
            return Edit(given[0].tokens[2].start, given[0].end, new)
    return Edit(argument.value_start, argument.end, new)


def assignments(code: Code, name: str) -> list[Statement]:
    """All statements that give a plain name its value."""
    return [s for s in code.statements if s.target == name]


def without(code: Code, call: Call, argument: Argument) -> Edit:
    """The argument goes, with the comma before it, or after it where it is the first."""
    place = call.arguments.index(argument)
    if place:
        return Edit(call.arguments[place - 1].end, argument.end, "")
    after = call.arguments[1].start if len(call.arguments) > 1 else argument.end
    return Edit(argument.start, after, "")


def added(call: Call, argument: str) -> Edit:
    """One more argument at the end of a call."""
    if not call.arguments:
        return Edit(call.opens + 1, call.opens + 1, argument)
    end = call.arguments[-1].end
    return Edit(end, end, f", {argument}")


def quoted(like: Token, word: str) -> str:
    """A string in the quotes of another."""
    mark = "'" if like.text.lstrip("rRbBuU").startswith("'") else '"'
    return f"{mark}{word}{mark}"


def inner(token: Token) -> str:
    """The text of a plain string without its quotes."""
    return token.text.lstrip("rRbBuU").strip("'\"")


def line_before(code: Code, statement: Statement, line: str) -> Edit | None:
    """A new line before a statement, as far in; None where the statement does not begin its line."""
    indent = code.indent(statement.start)
    if indent is None:
        return None
    start = code.line_start(statement.start)
    return Edit(start, start, f"{indent}{line}{code.newline}")


def line_after(code: Code, statement: Statement, line: str) -> Edit | None:
    """A new line after a statement, as far in; None where the statement is not alone on its lines."""
    indent, end = code.indent(statement.start), code.text.find("\n", statement.end)
    end = len(code.text) if end < 0 else end
    rest = code.text[statement.end : end].strip()
    if indent is None or (rest and not rest.startswith("#")) or statement.tokens[-1].text == ":":
        return None
    if end == len(code.text):
        return Edit(end, end, f"{code.newline}{indent}{line}")
    return Edit(end + 1, end + 1, f"{indent}{line}{code.newline}")


def imports(code: Code, module: str, name: str, user: Statement) -> list[Edit]:
    """An import where the file has not the name yet: before its first import, which stands at the margin, else
    before the statement that uses it."""
    if re.search(rf"^\s*(?:from\s+[\w.]+\s+)?import\s[^#\n]*\b{name}\b", code.text, re.MULTILINE):
        return []
    first = next((s for s in code.statements if _may_follow(code, s)), user)
    made = line_before(code, first, f"from {module} import {name}")
    return [] if made is None else [made]


def _may_follow(code: Code, statement: Statement) -> bool:
    """Whether an import may stand before a statement: the file's first import at the margin, and no future one."""
    written = code.text[statement.start : statement.end]
    if statement.tokens[0].text not in ("import", "from") or "__future__" in written:
        return False
    return code.indent(statement.start) == "" and still_valid("", written)


def keras_module(code: Code) -> str:
    """`tensorflow.keras` or `keras`, as the file imports it."""
    return "tensorflow.keras" if re.search(r"\btensorflow\b|\btf\.keras\b", code.text) else "keras"


def source_of(code: Code, tokens: tuple[Token, ...]) -> str:
    """The text of neighbouring tokens as written."""
    return code.text[tokens[0].start : tokens[-1].end]


def is_plain(tokens: tuple[Token, ...]) -> bool:
    """Whether an expression is a name with dots, so that writing it twice changes nothing."""
    return all(t.kind == "name" or t.text == "." for t in tokens) and tokens[0].kind == "name"
