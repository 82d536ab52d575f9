"""Dealing groups of items to parts so that each class gets its share of each part."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from valscope.nouns.dataset import Part


@dataclass(frozen=True, slots=True)
class Unit:
    """Items that go to one part together: a group, or one item. `classes` holds (class, items) pairs."""

    rows: tuple[int, ...]
    classes: tuple[tuple[int, int], ...]


def units(names: Sequence[str], labels: Sequence[int], groups: Sequence[str], seed: int) -> list[Unit]:
    """The units, larger ones first, otherwise in an order drawn from the seed and the names alone, so that
    neither the order of the files nor the spelling of the group ids matters."""
    members: dict[tuple[str, int], list[int]] = defaultdict(list)
    for i, group in enumerate(groups):
        members[group, -1 if group else i].append(i)
    draw = [blake2b(f"{seed}\0{n}".encode(errors="surrogatepass"), digest_size=8).digest() for n in names]
    ordered = sorted(members.values(), key=lambda rows: (-len(rows), min(draw[i] for i in rows), rows))
    return [Unit(tuple(rows), tuple(sorted(Counter(labels[i] for i in rows).items()))) for rows in ordered]


def allocate(dealt: Sequence[Unit], shares: Mapping[Part, float], first: Mapping[Part, int]) -> list[Part]:
    """A part for each unit.

    shares  wanted share of every class in each part, adding up to 1.
    first   a class with at least this many units has one in the part, cost what it may.

    Each unit goes where it least raises the sum of (items - wanted)^2 / wanted over its classes. For single
    items this is the apportionment of Webster and Sainte-Lague: every class is exact to rounding.
    """
    total: Counter[int] = Counter()
    for unit in dealt:
        total.update(dict(unit.classes))
    wanted = {p: {k: share * n for k, n in total.items()} for p, share in shares.items() if share > 0}
    have = {p: dict.fromkeys(total, 0) for p in wanted}
    parts: list[Part] = []
    for unit in dealt:
        part = min(wanted, key=lambda p: _cost(unit, have[p], wanted[p]))
        parts.append(part)
        for k, n in unit.classes:
            have[part][k] += n
    _fill_empty(dealt, parts, [p for p in first if p in wanted], first)
    return parts


def _cost(unit: Unit, have: Mapping[int, int], wanted: Mapping[int, float]) -> float:
    return sum(n * (2 * (have[k] - wanted[k]) + n) / wanted[k] for k, n in unit.classes)


def _fill_empty(
    dealt: Sequence[Unit], parts: list[Part], order: Sequence[Part], first: Mapping[Part, int]
) -> None:
    """Moves the smallest units so that each class is in every part it has enough units for, in `order`."""
    holders: dict[int, list[int]] = defaultdict(list)
    for u, unit in enumerate(dealt):
        for k, _ in unit.classes:
            holders[k].append(u)
    present = Counter((parts[u], k) for k, held in holders.items() for u in held)
    for rank, part in enumerate(order):
        for k in sorted(holders):
            if present[part, k] or len(holders[k]) < first[part]:
                continue
            kept = order[:rank]  # what was settled before must not be emptied again
            movable = [
                u
                for u in reversed(holders[k])
                if parts[u] not in kept or all(present[parts[u], j] > 1 for j, _ in dealt[u].classes)
            ]
            if movable:
                u = min(movable, key=lambda u: len(dealt[u].rows))
                for j, _ in dealt[u].classes:
                    present[parts[u], j] -= 1
                    present[part, j] += 1
                parts[u] = part
