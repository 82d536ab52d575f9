"""Classes that yield batches and put what they hold into random order one by one."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from valscope.evidence.script.rows.shuffles import called, imported, own_name, shuffled, start_of
from valscope.evidence.script.text.parse import Parsed
from valscope.nouns.script.rows import ShuffledApart

LABELS = re.compile(
    r"label|target|mask|annot|truth|class|(?:^|[._])(?:ys?|lbls?|gt)(?:$|[_\d])|_ys?$", re.IGNORECASE
)
MEANT = re.compile(r"back|noise|bg|perm|shuf|rand|fake|other", re.IGNORECASE)  # drawn apart on purpose
_LOADERS = re.compile(r"Sequence|PyDataset|Dataset|Generator")
Method = ast.FunctionDef
COMPOUND = (ast.If, ast.For, ast.While, ast.With, ast.Try)


def apart_in_batches(fragments: list[Parsed]) -> Iterator[ShuffledApart]:
    """Once for a class."""
    trees: list[ast.AST] = [parsed.tree for parsed in fragments]
    free = {name: what for tree in trees for name, what in imported(tree).items()}
    for parsed in fragments:
        for node in ast.walk(parsed.tree):
            if isinstance(node, ast.ClassDef):
                found = _apart(node, parsed, free, trees)
                if found is not None:
                    yield found


def _apart(
    cls: ast.ClassDef, parsed: Parsed, free: dict[str, str], trees: list[ast.AST]
) -> ShuffledApart | None:
    methods = {m.name: m for m in cls.body if isinstance(m, ast.FunctionDef)}
    get = methods.get("__getitem__")
    if get is None or not ("__len__" in methods or any(_LOADERS.search(ast.unparse(b)) for b in cls.bases)):
        return None
    pairs = list(_pairs(get))
    for name, method in methods.items():
        if name == "__getitem__" or _stays_off(cls, method, methods.get("__init__"), free, trees):
            continue
        for one, other, line in pairs:
            for moved, still in ((one, other), (other, one)):
                at = None if _made_elsewhere(methods, name, still) else _moved(method, moved, still, free)
                if at is not None:
                    how, first = at
                    return ShuffledApart(
                        moved, still, how, f"{cls.name}.{name}", parsed.source(first), parsed.source(line), True, "class",
                    )  # fmt: skip
    return None


def _pairs(get: Method) -> Iterator[tuple[str, str, int]]:
    """(images, labels, line) that one batch takes from two stored things at the same index."""
    gives = [n for n in ast.walk(get) if isinstance(n, ast.Return) and isinstance(n.value, ast.Tuple)]
    taken: dict[str, dict[str, int]] = {}
    for node in ast.walk(get):
        name = own_name(node.value) if isinstance(node, ast.Subscript) else ""
        if isinstance(node, ast.Subscript) and name.startswith("self.") and _varies(node.slice):
            taken.setdefault(ast.unparse(node.slice), {}).setdefault(name, node.lineno)
    for names in taken.values() if gives else []:
        for images in names:
            for labels in names:
                told = LABELS.search(labels[5:]) and not LABELS.search(images[5:])
                if told and not MEANT.search(images[5:] + labels[5:]):
                    yield images, labels, names[labels]


def _made_elsewhere(methods: dict[str, Method], here: str, name: str) -> bool:
    """Whether a method makes it anew that may be called after the shuffle."""
    others = [m for n, m in methods.items() if n not in (here, "__init__")]
    return any(_binds(s, name) for m in others for s in ast.walk(m) if isinstance(s, ast.stmt))


def _varies(index: ast.expr) -> bool:
    return any(isinstance(n, ast.Name) and n.id != "self" for n in ast.walk(index))


def _moved(method: Method, moved: str, still: str, free: dict[str, str]) -> tuple[str, int] | None:
    """("alone" or "each", line) where a method moves one of two, or each by itself."""
    statements = [n for n in ast.walk(method) if isinstance(n, ast.stmt) and n is not method]
    statements.sort(key=lambda n: (n.lineno, n.col_offset))
    moves: dict[str, tuple[int, str]] = {}
    last = 0
    for n, statement in enumerate(statements):
        found = shuffled(statement, free)
        if found is not None and found[0] in moves:
            return None
        if found is not None:
            simple = [s for s in statements[last:n] if not isinstance(s, COMPOUND)]
            moves[found[0]] = (n, start_of(found[1], simple))
            last = n + 1
    if moved not in moves:
        return None
    first, start = moves[moved]
    plain = [(n, s) for n, s in enumerate(statements) if shuffled(s, free) is None]
    if any(n > first and (_binds(s, moved) or _binds(s, still)) for n, s in plain):
        return None
    if method.name != "__init__" and any(_binds(s, still) for _, s in plain):
        return None
    if still in moves:
        first = min(first, moves[still][0])
        return None if start and start == moves[still][1] else ("each", statements[first].lineno)
    return ("alone", statements[first].lineno)


def _binds(statement: ast.stmt, name: str) -> bool:
    """Whether a statement binds or fills a name."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    flat = [t for target in targets for t in (target.elts if isinstance(target, ast.Tuple) else [target])]
    if isinstance(statement, ast.AugAssign | ast.AnnAssign):
        flat = [statement.target]
    for target in flat:
        base = target.value if isinstance(target, ast.Subscript) else target
        if own_name(base) == name:
            return True
    call = statement.value if isinstance(statement, ast.Expr) else None
    function = call.func if isinstance(call, ast.Call) else None
    return isinstance(function, ast.Attribute) and own_name(function.value) == name


def _stays_off(
    cls: ast.ClassDef, method: Method, init: Method | None, free: dict[str, str], trees: list[ast.AST]
) -> bool:
    """Whether the shuffle stands under a switch that is off by default and that nothing turns on."""
    for branch in ast.walk(method):
        if not isinstance(branch, ast.If) or not any(shuffled(s, free) for s in branch.body) or init is None:
            continue
        flag = own_name(branch.test).removeprefix("self.")
        given = init.args.args[len(init.args.args) - len(init.args.defaults) :]
        off = {a.arg for a, d in zip(given, init.args.defaults, strict=True) if ast.unparse(d) == "False"}
        position = [a.arg for a in init.args.args].index(flag) if flag in off else 0
        if not position:
            continue
        calls = [
            n for tree in trees for n in ast.walk(tree) if called(n) == cls.name and isinstance(n, ast.Call)
        ]
        turned = (
            len(c.args) >= position or any(k.arg in (flag, None) and ast.unparse(k.value) != "False" for k in c.keywords)
            for c in calls
        )  # fmt: skip
        return bool(calls) and not any(turned)
    return False
