"""The state of one reading: variables in scope, what was called, and how much more may be read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TypeVar

from valscope.evidence.script.flow.asking import either
from valscope.evidence.script.flow.values import (
    Call,
    Class,
    Constant,
    Context,
    Function,
    Instance,
    Item,
    Name,
    Operation,
    Value,
)
from valscope.evidence.script.text.parse import Parsed
from valscope.nouns.fact import Source

T = TypeVar("T")
# Statements and expressions evaluated before the rest is left: in one fragment or function that nothing calls,
# and in all together. A script of 300 lines takes about 2,000; the whole takes a second or two.
_ENOUGH = 30_000
_ENOUGH_IN_ALL = 80_000
# Names that posts use without showing the import.
_CUSTOMARY = {
    "np": "numpy", "pd": "pandas", "tf": "tensorflow", "cv": "cv2", "nn": "torch.nn", "F": "torch.nn.functional",
    "optim": "torch.optim", "transforms": "torchvision.transforms", "datasets": "torchvision.datasets",
    "plt": "matplotlib.pyplot", "mpimg": "matplotlib.image", "layers": "keras.layers",
    "optimizers": "keras.optimizers", "applications": "keras.applications", "image": "keras.preprocessing.image",
    "K": "keras.backend", "Image": "PIL.Image", "ImageOps": "PIL.ImageOps", "ImageFile": "PIL.ImageFile",
    "hub": "tensorflow_hub", "tfds": "tensorflow_datasets",
}  # fmt: skip
_CUSTOMARY |= {
    name: name
    for name in (
        "keras", "cv2", "torch", "torchvision", "os", "random", "math", "glob", "numpy", "tensorflow", "skimage",
        "scipy", "imageio", "PIL", "imutils", "sklearn", "json", "pickle", "joblib", "h5py", "time", "timm", "io",
        "sys", "re", "albumentations",
    )
}  # fmt: skip


class EnoughError(Exception):
    """The script is longer than is worth reading."""


@dataclass(eq=False)
class Scope:
    """Variables of a module, a function or a class body."""

    parsed: Parsed
    variables: dict[str, Value] = field(default_factory=dict)
    parent: Scope | None = None
    context: Context = field(default_factory=Context)
    owner: Instance | None = None
    returned: list[Value] = field(default_factory=list)
    yielded: list[Value] = field(default_factory=list)
    outer: frozenset[str] = frozenset()

    def find(self, name: str) -> Value | None:
        """The value of a variable here or further out."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.variables:
                return scope.variables[name]
            scope = scope.parent
        return None

    def bind(self, name: str, value: Value) -> None:
        """Assigns."""
        scope = self
        while name in self.outer and scope.parent is not None:
            scope = scope.parent
        scope.variables[name] = value
        if name not in value.names and name != "self" and not isinstance(value, Constant):
            value.names.append(name)

    @contextmanager
    def inside(
        self, loops: int = 0, guard: tuple[Value, bool] | None = None, unrolled: bool = False
    ) -> Iterator[None]:
        """The scope while the body of a loop or of a condition is read."""
        before = self.context
        guards = before.guards + ((guard,) if guard is not None else ())
        repeats = before.repeats + (0 if unrolled else loops)
        self.context = replace(before, loops=before.loops + loops, repeats=repeats, guards=guards)
        try:
            yield
        finally:
            self.context = before


@dataclass(eq=False)
class Setting:
    """target.name = value"""

    target: Value
    name: str
    value: Value
    node: ast.AST
    parsed: Parsed
    context: Context
    order: int

    @property
    def source(self) -> Source:
        """The line it stands on."""
        return self.parsed.source(getattr(self.node, "lineno", 1))


Event = Call | Setting | Operation | Item


@dataclass(eq=False)
class World:
    """Everything read so far.

    events    calls, settings, comparisons and subscripts in the order of reading.
    assigned  values that were given a variable name.
    reached   how many of the events the text itself reaches; the rest are of functions that nothing calls.
    python2   whether two integers divide as Python 2 does it.
    """

    python2: bool = False
    events: list[Event] = field(default_factory=list)
    functions: list[Function] = field(default_factory=list)
    classes: list[Class] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    followed: set[int] = field(default_factory=set)
    entered: list[ast.AST] = field(default_factory=list)
    unbound: dict[str, Name] = field(default_factory=dict)
    assigned: list[Value] = field(default_factory=list)
    fragments: list[Parsed] = field(default_factory=list)
    reached: int = 0
    steps: int = 0
    spent: int = 0

    def step(self) -> None:
        """Counts; raises EnoughError at the end of patience."""
        self.steps += 1
        if self.steps > _ENOUGH or self.spent + self.steps > _ENOUGH_IN_ALL:
            raise EnoughError

    def patiently(self, action: Callable[[], T], otherwise: T | None = None) -> T | None:
        """What an action gives; `otherwise` where it goes on too long or too deep. What was seen until then is
        still true, and the next action gets its own patience."""
        before, self.steps = self.steps, 0
        try:
            return action()
        except (EnoughError, RecursionError):
            return otherwise
        finally:
            self.spent += self.steps
            self.steps = before

    def name(self, name: str, node: ast.AST, parsed: Parsed) -> Name:
        """A name that the text never defines; the same value whenever it is asked for."""
        if name not in self.unbound:
            known = _CUSTOMARY.get(name)
            self.unbound[name] = Name(node, parsed, known or name, known is not None, names=[name])
        return self.unbound[name]


def merge(before: dict[str, Value], branches: list[dict[str, Value]]) -> dict[str, Value]:
    """Variables after one of several branches ran."""
    merged = dict(before)
    for name in dict.fromkeys(name for branch in branches for name in branch):
        found = [branch[name] for branch in branches if name in branch]
        merged[name] = either(found)
    return merged
