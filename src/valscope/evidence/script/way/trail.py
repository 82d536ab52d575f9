"""The way of an image, as far as it is known, and what each operation adds to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Call, Operation, Value
from valscope.evidence.script.way.scaling import Scaling
from valscope.nouns.script import ScaleName, Step


@dataclass(frozen=True, slots=True)
class Trail:
    """What is known of the way so far, from the reader on. `stacked` tells that the value holds many images."""

    scaling: Scaling = field(default_factory=Scaling)
    steps: tuple[Step, ...] = ()
    traced: bool = False
    reader: str | None = None
    order: Literal["rgb", "bgr"] | None = None
    colour: Literal["rgb", "grey"] | None = None
    size: tuple[int, ...] | None = None
    kernel: str | None = None
    stacked: bool = False
    feed: Value | None = None

    def but(self, **changes: Any) -> Trail:
        """The same trail with some fields changed."""
        return replace(self, **changes)

    def then(self, step: Step, scaling: Scaling | None = None, **changes: Any) -> Trail:
        """One step further."""
        return replace(self, steps=(*self.steps, step), scaling=scaling or self.scaling, **changes)

    @property
    def scale(self) -> ScaleName:
        """Name of the scale; "none" only where the whole way is known."""
        name = self.scaling.name()
        return "unknown" if name == "none" and not self.traced else name


UNKNOWN = Trail()


def scaled(scaling: Scaling, sign: str, by: tuple[float, ...] | None) -> Scaling:
    """A scaling after one more operation; `by` holds one number, or one for each channel."""
    if by is None and sign in ("*", "+"):
        return scaling.become("unknown")  # noise, a mask, or a factor that the text does not show
    if by is None or (sign == "/" and not all(by)):
        return scaling.become("other")
    if sign == "//":
        return scaling.become("other")
    if len(by) == 1:
        number = by[0]
        operations = {
            "/": lambda: scaling.times(1 / number), "*": lambda: scaling.times(number),
            "-": lambda: scaling.plus(-number), "+": lambda: scaling.plus(number),
        }  # fmt: skip
        return operations[sign]()
    if sign in ("-", "+"):
        return scaling.shifted_by_channel([-n if sign == "-" else n for n in by])
    return scaling.divided_by_channel(by if sign == "/" else [1 / n if n else 0 for n in by])


def numbers(value: Value) -> tuple[float, ...] | None:
    """A number, or a row of numbers also inside np.array(...), None for anything else."""
    if isinstance(value, Call) and last_name(value.function) in (
        "array",
        "asarray",
        "tensor",
        "constant",
        "float32",
    ):
        return numbers(value.arguments[0]) if value.arguments else None
    plain = constant(value)
    row = plain if isinstance(plain, tuple) else (plain,)
    while len(row) == 1 and isinstance(row[0], tuple):
        row = row[0]
    known = all(isinstance(entry, int | float) and not isinstance(entry, bool) for entry in row)
    return tuple(float(entry) for entry in row) if row and known else None


def by_channel(trail: Trail, changes: list[Value]) -> Trail:
    """x[..., 0] -= 103.939 and so on: all subtractions first, then all divisions, as they are written."""
    scaling, told = trail.scaling, []
    for signs, turn in (("-+", -1), ("/*", 1)):
        same = [entry for entry in changes if isinstance(entry, Operation) and entry.operator in signs]
        row = [constant(entry.operands[1]) for entry in same]
        known = [float(n) for n in row if isinstance(n, int | float)]
        if len(known) < len(same):
            scaling = scaling.become("other")
        elif known and turn < 0:
            scaling = scaling.shifted_by_channel([-n for n in known])
        elif known and all(known):
            scaling = scaling.divided_by_channel([n if same[0].operator == "/" else 1 / n for n in known])
        told += [str(n) for n in known]
    return trail.then(Step("scale", "by channel", ", ".join(told), changes[0].source), scaling)


def agreed(trails: list[Trail]) -> Trail:
    """One trail for several that may have been taken: known only as far as they agree."""
    if not trails:
        return UNKNOWN
    longest = max(trails, key=lambda trail: len(trail.steps))
    if len({trail.scaling.name() for trail in trails}) > 1:
        return longest.but(scaling=Scaling(named="unknown", touched=True), traced=False)
    return longest.but(traced=all(trail.traced for trail in trails))
