"""What a line chart draws: curves with gaps, marks on the axis, and how many points are enough."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 400  # points of a curve: more than a screen has pixels for it, and the page stays small
RATIO = 50.0  # largest to smallest value, from which on a linear axis would hide the small ones

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """A curve: (x, y) in order of x; a y that is None or not finite makes a gap. `main` is drawn solid and
    in the accent colour, others dashed."""

    name: str
    values: tuple[tuple[float, float | None], ...]
    main: bool = False

    @property
    def pieces(self) -> list[list[Point]]:
        """The stretches without a gap."""
        found: list[list[Point]] = [[]]
        for x, y in self.values:
            if y is None or not math.isfinite(y):
                found.append([])
            else:
                found[-1].append((x, y))
        return [piece for piece in found if piece]


@dataclass(frozen=True, slots=True)
class Mark:
    """A place on the x axis and what is there."""

    x: float
    words: str


def is_log(lines: Sequence[Line]) -> bool:
    """Whether the values span so much that the axis shows ratios."""
    values = finite(lines)
    return bool(values) and min(values) > 0 and max(values) / min(values) >= RATIO


def thinned(points: Sequence[Point], most: int = MOST) -> list[Point]:
    """At most about `most` points: of each stretch the lowest and the highest, so that no spike is lost."""
    if len(points) <= most:
        return list(points)
    size = math.ceil(2 * len(points) / most)
    stretches = (points[i : i + size] for i in range(0, len(points), size))
    kept = [{min(s, key=_height), max(s, key=_height)} for s in stretches]
    return sorted({points[0], points[-1]}.union(*kept))


def _height(point: Point) -> float:
    return point[1]


def finite(lines: Sequence[Line]) -> list[float]:
    """All finite y values."""
    return [y for line in lines for piece in line.pieces for _, y in piece]
