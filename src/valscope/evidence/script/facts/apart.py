"""Images and labels that belong together row by row, and a shuffle that moved them apart."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from valscope.evidence.script.facts.apart_batches import LABELS, MEANT, apart_in_batches
from valscope.evidence.script.rows.ordering import Order, Orders
from valscope.evidence.script.rows.shuffles import called, imported, own_name
from valscope.evidence.script.rows.statements import Line, flat
from valscope.evidence.script.text.parse import Parsed
from valscope.nouns.fact import Source
from valscope.nouns.script.rows import ShuffledApart

_USING = frozenset({"fit", "train_test_split", "train_on_batch", "flow", "TensorDataset"})
_IMAGES = re.compile(
    r"image|img|file|path|photo|pic|sample|data|train|example|features|(?:^|_)[xX]s?(?:$|_)", re.IGNORECASE
)
_SAME = frozenset({"zeros", "ones", "full", "zeros_like", "ones_like", "repeat", "tile", "arange", "range"})


def shuffled_apart(fragments: Sequence[Parsed]) -> list[ShuffledApart]:
    """Classes first, then scripts, each in the order of the text; one for the same shuffle."""
    parts = list(fragments)
    free = {name: what for parsed in parts for name, what in imported(parsed.tree).items()}
    found = list(apart_in_batches(parts))
    for lines, given in _bodies(parts):
        orders = Orders(lines, given, free)
        if any(orders.moves):
            found += _in_body(orders)
    first = {(one.source, one.moved): one for one in reversed(found)}
    return [one for one in found if first[(one.source, one.moved)] is one]


def _bodies(parts: list[Parsed]) -> Iterator[tuple[list[Line], frozenset[str]]]:
    """The text outside functions, and each function."""
    for unit in dict.fromkeys(p.fragment.unit or p.fragment.file for p in parts):
        own = [p for p in parts if (p.fragment.unit or p.fragment.file) == unit]
        yield [line for parsed in own for line in flat(parsed.tree.body, parsed)], frozenset()
    for parsed in parts:
        for node in ast.walk(parsed.tree):
            if isinstance(node, ast.FunctionDef):
                yield list(flat(node.body, parsed)), frozenset(a.arg for a in node.args.args)


def _in_body(orders: Orders) -> Iterator[ShuffledApart]:
    for at, line in enumerate(orders.lines):
        for images, labels, strict in _pairs(line.node):
            found = _compared(orders, images, labels, at, strict)
            if found is not None:
                yield found


def _own(statement: ast.stmt) -> Iterator[ast.AST]:
    """The expressions of a statement, without those of statements in it."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr | ast.keyword):
            yield from ast.walk(child)


def _pairs(statement: ast.stmt) -> Iterator[tuple[ast.expr, ast.expr, bool]]:
    """(images, labels, strict): strict where only names and a common origin say that they belong together."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return
    for node in _own(statement):
        given: list[ast.expr] = []
        strict = True
        if isinstance(node, ast.Call):
            names = {k.arg: k.value for k in node.keywords}
            name = called(node)
            if name == "from_tensor_slices" and node.args and isinstance(node.args[0], ast.Tuple):
                given, strict = node.args[0].elts, False
            elif name in _USING:
                given, strict = node.args[:2] or [names[k] for k in ("x", "y") if k in names], False
                given = [*given, names["y"]] if len(given) == 1 and "y" in names else given
            elif name == "zip":
                given = node.args
        elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
            given = node.value.elts
        yield from _told(given, strict)
    if isinstance(statement, ast.Return) and isinstance(statement.value, ast.Tuple):
        yield from _told(statement.value.elts, True)


def _told(given: list[ast.expr], strict: bool) -> Iterator[tuple[ast.expr, ast.expr, bool]]:
    """Two things that are images and labels by their place, or by their names."""
    if len(given) == 2:
        one, other = map(_name, given)
        named = LABELS.search(other) and _IMAGES.search(one)
        if (named or not strict) and not MEANT.search(f"{one} {other}"):
            yield given[0], given[1], strict


def _name(value: ast.expr) -> str:
    for node in ast.walk(value):
        if own_name(node) not in ("", "np", "tf", "keras", "self"):
            return own_name(node)
    return ""


def _compared(
    orders: Orders, images: ast.expr, labels: ast.expr, at: int, strict: bool
) -> ShuffledApart | None:
    one, other = orders.of(images, at), orders.of(labels, at)
    if not (one.known and other.known) or set(one.marks) == set(other.marks):
        return None
    together = one.root == other.root and one.root[0] != "name"
    if not together and (strict or not _made_before(one, other)):
        return None
    if _is_same(one) or _is_same(other):
        return None
    moved, still = (one, other) if one.places else (other, one)
    names = (images, labels) if moved is one else (labels, images)
    source = _source(orders, moved.places[-1])
    move = orders.moves[moved.places[-1]]
    before = next((name for name, made in still.names if made < moved.places[-1]), "")
    return ShuffledApart(
        move[0] if move else _name(names[0]), before or _name(names[1]), "each" if still.places else "alone", "", source,
        _source(orders, at), together, "script",
    )  # fmt: skip


def _made_before(one: Order, other: Order) -> bool:
    """Whether both stood before the first shuffle of either."""
    return max(one.at, other.at) < min((*one.places, *other.places))


def _is_same(order: Order) -> bool:
    """Rows that are all alike or only numbered."""
    made = order.made
    if isinstance(made, ast.ListComp) and isinstance(made.elt, ast.Constant):
        return True
    if isinstance(made, ast.BinOp) and isinstance(made.left, ast.List):
        return True
    return made is not None and called(made) in _SAME


def _source(orders: Orders, at: int) -> Source:
    line = orders.lines[at]
    return line.parsed.source(line.node.lineno)
