"""The order in which the rows of a variable stand: which shuffles they went through, read from the text backwards."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace

from valscope.evidence.script.rows.shuffles import called, own_name, shuffled, start_of
from valscope.evidence.script.rows.statements import Line, in_other_arm, kept_rows

_FILLING = frozenset({"append", "extend", "insert"})
_SAME_TURNS = frozenset({"enumerate", "tqdm", "track"})
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Order:
    """root  what made the rows, at which line of the text;  marks  the random orders they went through, by their
    start where one is set;  places  the lines of those;  known  False where the way is not shown;  made  the value
    that made them;  names  the variables that held them, last first, and the lines that made those."""

    root: tuple[str, int]
    at: int
    marks: tuple[str, ...] = ()
    places: tuple[int, ...] = ()
    known: bool = True
    made: ast.expr | None = None
    names: tuple[tuple[str, int], ...] = ()


class Orders:
    """The lines of one body, given the names that stand for shuffle and permutation."""

    def __init__(self, lines: list[Line], given: frozenset[str], free: dict[str, str]) -> None:
        self.lines, self.given, self.free = lines, given, free
        self.moves = [shuffled(line.node, free) for line in lines]

    def of(self, value: ast.expr, at: int, depth: int = 0) -> Order:
        """The order of the rows of an expression that stands at line `at`."""
        inner = kept_rows(value)
        if inner is not None and depth < _DEEPEST:
            return self.of(inner, at, depth + 1)
        name = own_name(value)
        if not name or depth >= _DEEPEST:
            return Order(("made", id(value)), at, known=not name, made=value)
        return self._named(name, at, depth)

    def _named(self, name: str, at: int, depth: int) -> Order:
        marks: list[str] = []
        places: list[int] = []
        for n in range(at - 1, -1, -1):
            line = self.lines[n]
            if in_other_arm(line.arms, self.lines[min(at, len(self.lines) - 1)].arms):
                continue
            move = self.moves[n]
            if move is not None and move[0] == name:
                marks.append(self._start(n, move[1]))
                places.append(n)
                continue
            found = self._made(line, name, n, depth)
            if found is not None:
                return replace(
                    found,
                    marks=(*marks, *found.marks),
                    places=(*places, *found.places),
                    names=((name, n), *found.names),
                )
        root = ("given", 0) if name in self.given else ("name", 0)
        return Order(root, -1, tuple(marks), tuple(places), names=((name, -1),))

    def _start(self, n: int, call: ast.Call) -> str:
        before = next((k for k in range(n - 1, -1, -1) if self.moves[k] is not None), -1)
        plain = [
            x.node
            for x in self.lines[before + 1 : n]
            if not isinstance(
                x.node, ast.If | ast.For | ast.While | ast.With | ast.Try | ast.FunctionDef | ast.ClassDef
            )
        ]
        return start_of(call, plain) or f"line {n}"

    def _made(self, line: Line, name: str, n: int, depth: int) -> Order | None:
        """What a line makes of a name, None where it leaves its rows alone."""
        node = line.node
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if own_name(target) == name:
                    return self._assigned(node.value, n, depth)
                if isinstance(target, ast.Tuple | ast.List) and _inside(target, name):
                    return self._one_of(target, node.value, name, n, depth)
                if isinstance(target, ast.Subscript) and own_name(target.value) == name:
                    return Order(("filled", line.loop or id(node)), n, known=bool(line.loop))
        elif isinstance(node, ast.AnnAssign) and node.value is not None and own_name(node.target) == name:
            return self._assigned(node.value, n, depth)
        elif isinstance(node, ast.AugAssign) and own_name(node.target) == name:
            return None if isinstance(node.value, ast.Constant) else Order(("made", id(node)), n, known=False)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = node.value.func
            if isinstance(function, ast.Attribute) and own_name(function.value) == name:
                fills = function.attr in _FILLING
                row_by_row = self._row_by_row(line, name, depth) if function.attr == "append" else None
                return row_by_row or Order(
                    ("filled", line.loop or id(node)), n, known=fills and bool(line.loop)
                )
            on_self = isinstance(function, ast.Attribute) and ast.unparse(function.value) == "self"
            if on_self and name.startswith("self."):
                return Order(("made", id(node)), n, known=False)  # what a method does to it
            if any(own_name(a) == name for a in node.value.args) and called(node.value) != "print":
                return Order(("made", id(node)), n, known=False)  # what a function does to it
        elif isinstance(node, ast.For | ast.With | ast.Import | ast.ImportFrom | ast.Delete):
            binds = [node.target] if isinstance(node, ast.For) else []
            if any(_inside(b, name) for b in binds):
                return Order(("made", id(node)), n, known=False)
        return None

    def _row_by_row(self, line: Line, name: str, depth: int) -> Order | None:
        """The order of what a loop goes through, where each turn appends one row and those were shuffled before."""
        fills = [
            x
            for x in self.lines
            if isinstance(x.node, ast.Expr)
            and isinstance(x.node.value, ast.Call)
            and isinstance(x.node.value.func, ast.Attribute)
            and x.node.value.func.attr in _FILLING
            and own_name(x.node.value.func.value) == name
        ]
        if any(x.loop != line.loop for x in fills):
            return None  # filled by several loops: no one thing has its order
        for n, outer in enumerate(self.lines):
            loop = outer.node
            if isinstance(loop, ast.For) and id(loop) == line.loop and line.node in loop.body:
                over = loop.iter
                if isinstance(over, ast.Call) and called(over) in _SAME_TURNS and over.args:
                    over = over.args[0]
                found = self.of(over, n, depth + 1)
                rooted = found.root[0] != "name"
                return found if found.known and (found.marks or rooted) else None
        return None

    def _assigned(self, value: ast.expr, n: int, depth: int) -> Order:
        if kept_rows(value) is not None or own_name(value):
            return self.of(value, n, depth + 1)
        return Order(("made", id(value)), n, made=value)

    def _one_of(self, target: ast.Tuple | ast.List, value: ast.expr, name: str, n: int, depth: int) -> Order:
        """x, y = load(), which makes both at once; x, y = a, b, which makes one of each."""
        if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(target.elts):
            for inner, given in zip(target.elts, value.elts, strict=True):
                if own_name(inner) == name:
                    return self._assigned(given, n, depth)
        return Order(("both", id(value)), n)


def _inside(target: ast.expr, name: str) -> bool:
    return any(own_name(node) == name for node in ast.walk(target))
