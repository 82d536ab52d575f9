"""Code as people paste it, to one syntax tree: Python's own parser first, mending only where it fails."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.script.text.blocks import Statement, assemble
from valscope.evidence.script.text.clean import lines_of, undress
from valscope.evidence.script.text.logical import mended, parse, spans
from valscope.evidence.script.text.mend import mend
from valscope.nouns.fact import Source

_LONGEST_TEXT = 2_000_000  # signs; a script is not longer, and the tree of one that is would not fit
_DEEPEST = 150  # brackets within brackets; Python's own parser gives up at 200
_BLANKED = 60  # statements taken out one after the other before the rest is given up
_PROSE = re.compile(r"^[^=()\[\]{}#.:]*$")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of code as it was found. Pieces with the same `unit` (the file, where it is not given) share
    their variables."""

    code: str
    file: str
    first_line: int = 1
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A fragment's tree. `lines` are the user's lines, for quotes; `code` those that were parsed."""

    fragment: Fragment
    tree: ast.Module
    lines: tuple[str, ...]
    code: tuple[str, ...]
    python2: Source | None = None
    repaired: tuple[Source, ...] = ()
    unread: tuple[Source, ...] = ()

    def source(self, line: int) -> Source:
        """Where line `line` of the tree (1-based) stands in the user's file."""
        quote = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Source(self.fragment.file, self.fragment.first_line + line - 1, quote)

    def segment(self, node: ast.AST) -> str:
        """The text of an expression that stands on one line, "" for others."""
        first, last = getattr(node, "lineno", 0), getattr(node, "end_lineno", 0)
        if first != last or not 0 < first <= len(self.code) or not isinstance(node, ast.expr):
            return ""
        line = self.code[first - 1].encode()
        return line[node.col_offset : node.end_col_offset].decode("utf-8", "replace")


def read_code(fragment: Fragment) -> Parsed:
    """The tree of a fragment; never fails: what cannot be read is listed in `unread`."""
    lines = lines_of(fragment.code[:_LONGEST_TEXT])
    whole = None if _too_deep(lines) else parse("\n".join(lines))
    if whole is not None:
        return Parsed(fragment, whole, tuple(lines), tuple(lines))
    return _mended(fragment, lines)


def _mended(fragment: Fragment, lines: list[str]) -> Parsed:
    plain = [line if _depth(line) <= _DEEPEST else "" for line in undress(lines)]
    draft = Parsed(fragment, ast.Module([], []), tuple(lines), ())
    tree = None if _too_deep(plain) else parse("\n".join(plain))
    if tree is not None:
        return Parsed(fragment, tree, tuple(lines), tuple(plain))
    statements: list[Statement] = []
    old: list[int] = []
    repaired: list[int] = []
    unread: list[int] = []
    for span in spans(plain):
        text = "\n".join(plain[span.first : span.end])
        found = mend(mended(text, span.missing) if span.missing else text)
        if found is None:
            unread.extend(n for n in range(span.first, span.end) if plain[n].strip())
            continue
        statements.append(Statement(found[0], span.first, span.end))
        if found[1]:
            old.append(span.first)
        elif found[0] != text:
            repaired.append(span.first)
    tree, code, lost = _whole(statements, len(lines))
    unread.extend(lost)
    return Parsed(
        fragment,
        tree,
        tuple(lines),
        tuple(code.split("\n")),
        draft.source(old[0] + 1) if old else None,
        tuple(draft.source(n + 1) for n in repaired),
        tuple(draft.source(n + 1) for n in sorted(unread)),
    )


def _whole(statements: list[Statement], length: int) -> tuple[ast.Module, str, list[int]]:
    """The tree of all statements together; one that does not fit its neighbours is left out."""
    lost: list[int] = []
    for _ in range(_BLANKED):
        text = assemble(statements, length)
        tree = parse(text)
        if tree is not None:
            return tree, text, lost
        bad = _offender(text, statements)
        lost.append(bad.first)
        statements = [statement for statement in statements if statement is not bad]
        if not statements:
            break
    return ast.Module([], []), "", lost + [statement.first for statement in statements]


def _offender(text: str, statements: Sequence[Statement]) -> Statement:
    try:
        ast.parse(text)
    except SyntaxError as error:
        line = (error.lineno or 1) - 1
        before = [statement for statement in statements if statement.first <= line]
        return before[-1] if before else statements[0]
    except (ValueError, RecursionError, MemoryError):
        pass
    return max(statements, key=lambda statement: len(statement.text))


def _too_deep(lines: Sequence[str]) -> bool:
    depth = 0
    for line in lines:
        depth = max(
            0, depth + sum(line.count(sign) for sign in "([{") - sum(line.count(sign) for sign in ")]}")
        )
        if depth > _DEEPEST or _depth(line) > _DEEPEST:
            return True
    return False


def _depth(line: str) -> int:
    """Deepest nesting of brackets, and longest row of signs that nest (`- - - x`), in one line."""
    depth = deepest = 0
    for sign in line:
        if sign in "([{":
            depth += 1
            deepest = max(deepest, depth)
        elif sign in ")]}":
            depth -= 1
    return deepest
