"""Rows that two ranges of one thing share, where the bounds prove it.

Bounds are `Place`s: 800, n - 100, 0.8 n. Quantities that the text leaves open are counts, so none is negative, and a
range that a script cuts is meant to hold rows. What would need more than that is not proved.
"""

from __future__ import annotations

from dataclasses import dataclass

from valscope.nouns.script.rows import Place, RowRange

LEAST = 2  # one row shared is a bound counted wrongly, and costs nothing
SHARE = 0.001  # of all rows; two roundings of one fraction differ by less


@dataclass(frozen=True, slots=True)
class Overlap:
    """first, end   of the shared rows, None where the text does not tell which bound comes first.

    rows    how many there are, of_all  which share of all rows, of_scored  which share of the rows that score; None
            where the text does not tell.
    """

    first: Place | None = None
    end: Place | None = None
    rows: int | None = None
    of_all: float | None = None
    of_scored: float | None = None


def overlap(trained: RowRange, scored: RowRange) -> Overlap | None:
    """What two ranges share, None where nothing is proved to be shared."""
    if trained.base != scored.base or _empty(trained) or _empty(scored):
        return None
    if not _meets(trained, scored) and not _meets(scored, trained):
        return None
    first = _later(trained.first, scored.first)
    end = _earlier(trained.end, scored.end, scored.length)
    if first is None or end is None:
        return Overlap(first, end)
    shared, size = end.minus(first), scored.end.minus(scored.first)
    if not shared.terms and shared.count < LEAST:
        return None
    return Overlap(
        first, end,
        rows=None if shared.terms else int(shared.count),
        of_all=_share(shared, scored.length),
        of_scored=_ratio(shared, size, scored.length),
    )  # fmt: skip


def _empty(one: RowRange) -> bool:
    size = one.end.minus(one.first)
    return size.count < LEAST if not size.terms else size.all_of(lambda factor: factor <= 0)


def _meets(one: RowRange, other: RowRange) -> bool:
    """Whether `one` certainly reaches into `other`, which begins no earlier; neither is empty."""
    behind = other.first.minus(one.first)
    if one.first != Place() and not behind.all_of(lambda factor: factor >= 0):
        return one.end == other.end
    return behind == Place() or _positive(one.end.minus(other.first))


def _positive(place: Place) -> bool:
    """Whether it is certainly more than rounding leaves."""
    if not place.all_of(lambda factor: factor >= 0):
        return False
    return any(factor >= SHARE for _, factor in place.terms) or place.count >= LEAST


def _later(one: Place, other: Place) -> Place | None:
    """The second of two places where rows begin; none lies before the start."""
    apart = other.minus(one)
    if one == Place() or apart.all_of(lambda factor: factor >= 0):
        return other
    return one if other == Place() or apart.all_of(lambda factor: factor <= 0) else None


def _earlier(one: Place, other: Place, length: int) -> Place | None:
    """The first of two places where rows end; none lies behind the last row."""
    apart, whole = other.minus(one), Place(0.0, ((length, 1.0),))
    if other == whole or apart.all_of(lambda factor: factor >= 0):
        return one
    return other if one == whole or apart.all_of(lambda factor: factor <= 0) else None


def _share(shared: Place, length: int) -> float | None:
    """The share of all rows, where it is one."""
    alone = len(shared.terms) == 1 and shared.terms[0][0] == length and not shared.count
    return shared.terms[0][1] if alone else None


def _ratio(shared: Place, size: Place, length: int) -> float | None:
    if shared == size:
        return 1.0
    if not shared.terms and not size.terms:
        return shared.count / size.count
    part, whole = _share(shared, length), _share(size, length)
    return part / whole if part is not None and whole else None
