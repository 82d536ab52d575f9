"""What an expression stands for, as far as the text tells: a graph of values that leads back to where each
thing came from. Nothing is executed; a value that is not known says what it is made of."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from valscope.evidence.script.text.parse import Parsed
from valscope.nouns.fact import Source

_LONGEST_QUOTE = 200  # signs of an expression kept as text


@dataclass(frozen=True, slots=True)
class Context:
    """Where a call stands: in which function and class, in how many loops (`repeats` of them turn an unknown
    number of times), under which conditions."""

    function: str = ""
    owner: str = ""
    loops: int = 0
    repeats: int = 0
    guards: tuple[tuple[Value, bool], ...] = ()


@dataclass(eq=False)
class Value:
    """Anything. `names` are the variables it was assigned to; `stored` what was put into it by index."""

    node: ast.AST
    parsed: Parsed
    names: list[str] = field(default_factory=list, kw_only=True)
    stored: list[Value] = field(default_factory=list, kw_only=True)

    @property
    def source(self) -> Source:
        """The line it stands on."""
        return self.parsed.source(getattr(self.node, "lineno", 1))

    @cached_property
    def text(self) -> str:
        """The expression as it stands; on one line where it takes several."""
        written = self.parsed.segment(self.node)
        try:
            return (written or ast.unparse(self.node))[:_LONGEST_QUOTE]
        except (ValueError, RecursionError, AttributeError):
            return ""


@dataclass(eq=False)
class Constant(Value):
    """A value known outright. `whole` marks the result of a Python 2 division of integers."""

    value: Any = None
    whole: bool = False


@dataclass(eq=False)
class Name(Value):
    """Something imported, built in, or never defined in the text."""

    dotted: str = ""
    imported: bool = False


@dataclass(eq=False)
class Attribute(Value):
    """base.name"""

    base: Value
    name: str


@dataclass(eq=False)
class Call(Value):
    """function(*arguments, **keywords), not followed further. `mapped` is what a function given to it makes
    of one element; `spread` tells of *args or **kwargs that could not be told; `defaults` are those of the options
    of a command line that it reads."""

    function: Value
    arguments: list[Value]
    keywords: dict[str, Value]
    context: Context
    spread: bool = False
    mapped: Value | None = None
    defaults: dict[str, Value] = field(default_factory=dict)

    def argument(self, position: int | None, *names: str) -> Value | None:
        """The argument given by one of these names, or at this position."""
        for name in names:
            if name in self.keywords:
                return self.keywords[name]
        if position is not None and position < len(self.arguments):
            return self.arguments[position]
        return None


@dataclass(eq=False)
class Operation(Value):
    """An operator with its operands: "+", "/", ">", "==", "not", "and", "if"."""

    operator: str
    operands: list[Value]
    context: Context


@dataclass(eq=False)
class Item(Value):
    """base[index]"""

    base: Value
    index: Value


@dataclass(eq=False)
class Items(Value):
    """A list, tuple or set. `open` when more may be in it than is known."""

    items: list[Value]
    kind: str = "list"
    open: bool = False


@dataclass(eq=False)
class Table(Value):
    """A dict."""

    pairs: list[tuple[Value, Value]]
    open: bool = False


@dataclass(eq=False)
class Each(Value):
    """One element of an iterable that is not known element by element; `guards` counts the conditions under
    which its loop stands."""

    iterable: Value
    guards: int = 0


@dataclass(eq=False)
class Either(Value):
    """One of several, depending on a condition that is not known."""

    options: list[Value]


@dataclass(eq=False)
class Function(Value):
    """A function of the text; `owner` is the instance that it is bound to."""

    name: str
    scope: Any
    owner: Instance | None = None


@dataclass(eq=False)
class Class(Value):
    """A class of the text."""

    name: str
    bases: list[Value]
    members: dict[str, Value]
    scope: Any

    def member(self, name: str, depth: int = 0) -> Value | None:
        """A member of its own or of a base that the text defines."""
        if name in self.members or depth > 8:
            return self.members.get(name)
        found = (base.member(name, depth + 1) for base in self.bases if isinstance(base, Class))
        return next((value for value in found if value is not None), None)

    def ancestors(self, depth: int = 0) -> list[Value]:
        """Bases that the text does not define."""
        if depth > 8:
            return []
        return [
            found for base in self.bases
            for found in (base.ancestors(depth + 1) if isinstance(base, Class) else [base])
        ]  # fmt: skip


@dataclass(eq=False)
class Instance(Value):
    """An object of a class of the text; `call` is where it was made, None for one made up to read methods."""

    cls: Class
    attributes: dict[str, Value]
    call: Call | None = None


@dataclass(eq=False)
class Parameter(Value):
    """An argument whose value no call in the text gives."""

    name: str
    function: str = ""


@dataclass(eq=False)
class Unknown(Value):
    """Nothing is known."""
