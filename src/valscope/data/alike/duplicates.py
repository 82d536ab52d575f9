"""The same picture more than once: identical, resaved, resized, flipped or turned, and under which labels."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from valscope.data.alike.duplicate_notes import notices
from valscope.data.alike.near import FLAT, Pair, near_pairs
from valscope.data.alike.thumbs import TURNS, Read, Thumbs, describe
from valscope.nouns.dataset import Notice

LARGEST = 0.05  # of a class: a larger group is more likely one scene filmed than copies of one picture
ALWAYS = 10  # images: a picture with its eight turns and flips and a resaved copy is believed in any class
MIRRORED = 3  # pairs of mirror pictures under different labels that forbid flipping

Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Turned:
    """Near-duplicate pairs that are this turn or flip of each other, under one label and under two."""

    how: str
    same_label: int
    other_label: int


@dataclass(frozen=True, slots=True, eq=False)
class Duplicates:
    """What was found among n items. Rows in a group ascend, but for the first of a near group: every other
    matches that one directly.

    thumbs      what was compared, for whoever asks more of the same pictures.
    identical   rows with identical bytes, or identical pixels as they were read.
    near        groups of near-duplicates, identical ones included.
    too_large   groups that were not merged, because they hold more than 5 % of a class.
    conflicts   those of `identical` that carry more than one label.
    ceiling     largest share of the labels that any classifier can get right, because of `conflicts`.
    pairs       the near-duplicate pairs behind the groups, of one item for each of `identical`.
    turned      how those pairs relate, and whether the labels agree.
    crowd       rows with a neighbour as near as a resaved copy, in a crowd where copies cannot be told apart.
    flat        rows with too little contrast to be compared other than for identity.
    notices     the same in sentences.
    """

    thumbs: Thumbs
    identical: tuple[Group, ...] = ()
    near: tuple[Group, ...] = ()
    too_large: tuple[Group, ...] = ()
    conflicts: tuple[Group, ...] = ()
    ceiling: float = 1.0
    pairs: tuple[Pair, ...] = ()
    turned: tuple[Turned, ...] = ()
    crowd: tuple[int, ...] = ()
    flat: tuple[int, ...] = ()
    notices: tuple[Notice, ...] = ()

    @property
    def groups(self) -> tuple[str, ...]:
        """A group id for each item, "" for one that stands alone; what `split` takes."""
        keys = [""] * len(self.thumbs)
        for group in (*self.identical, *self.near):
            for row in group:
                keys[row] = f"copies-{group[0]}"
        return tuple(keys)

    @property
    def flip_changes_label(self) -> bool:
        """Whether mirror pictures carry other labels, so that horizontal flips must not augment."""
        return self.changes_label(TURNS[2])

    def changes_label(self, how: str) -> bool:
        """Whether pictures that are this turn of each other (one of TURNS) mostly carry different labels."""
        return any(t.how == how and t.other_label >= max(MIRRORED, t.same_label + 1) for t in self.turned)


def find_duplicates(
    pictures: Read | Thumbs,
    n: int,
    hashes: Sequence[str] | None,
    labels: NDArray[np.int64],
    names: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
) -> Duplicates:
    """Duplicates among all n items, whatever their labels.

    pictures  thumbs, or a function that gives the pictures at some rows, see `describe`. Read as the network
              reads them, `ceiling` is exact for that network.
    hashes    sha256 of the bytes, where known: rows with the same are identical however they decode.
    labels    (n,) numbers into `classes`, -1 where unknown.  names, classes  for the sentences.
    """
    thumbs = pictures if isinstance(pictures, Thumbs) else describe(pictures, n)
    identical = _identical(thumbs, hashes)
    first_of = np.arange(n)
    for group in identical:
        first_of[list(group)] = group[0]
    unique = np.unique(first_of)
    near = near_pairs(thumbs.take(unique))
    pairs = tuple(Pair(int(unique[p.first]), int(unique[p.second]), p.turn, p.distance) for p in near.pairs)
    merged, too_large = _groups(pairs, {group[0]: group for group in identical}, labels)
    conflicts = tuple(g for g in identical if len({int(labels[i]) for i in g} - {-1}) > 1)
    found = Duplicates(
        thumbs=thumbs,
        identical=identical,
        near=merged,
        too_large=too_large,
        conflicts=conflicts,
        ceiling=_ceiling(conflicts, labels),
        pairs=pairs,
        turned=_turned(pairs, labels),
        crowd=tuple(unique[list(near.crowd)].tolist()),
        flat=tuple(unique[list(near.flat)].tolist()),
    )
    return replace(found, notices=tuple(notices(found, labels, names, classes)))


def _identical(thumbs: Thumbs, hashes: Sequence[str] | None) -> tuple[Group, ...]:
    """Rows joined by equal bytes, or by equal pixels unless these are flat: a white page says nothing."""
    root = list(range(len(thumbs)))

    def top(i: int) -> int:
        while root[i] != i:
            root[i] = i = root[root[i]]
        return i

    seen: dict[object, int] = {}
    for i, pixels in enumerate(thumbs.pixels):
        told = hashes[i] if hashes is not None else ""
        keys: list[object] = [told] if told else []
        if thumbs.contrast[i] >= FLAT or not told:
            keys.append(pixels)
        for key in keys:
            root[top(i)] = top(seen.setdefault(key, i))
    return _sets((top(i), i) for i in range(len(root)))


def _sets(keyed: Iterable[tuple[int, int]]) -> tuple[Group, ...]:
    held: dict[int, list[int]] = defaultdict(list)
    for key, i in keyed:
        held[key].append(i)
    return tuple(sorted(tuple(rows) for rows in held.values() if len(rows) > 1))


def _groups(
    pairs: Sequence[Pair], copies: dict[int, Group], labels: NDArray[np.int64]
) -> tuple[tuple[Group, ...], tuple[Group, ...]]:
    """Stars, not chains: the row with most partners takes those still free, and so on."""
    partners: dict[int, set[int]] = defaultdict(set)
    for pair in pairs:
        partners[pair.first].add(pair.second)
        partners[pair.second].add(pair.first)
    sizes = Counter(labels.tolist())
    taken: set[int] = set()
    merged: list[Group] = []
    too_large: list[Group] = []
    for row in sorted(partners, key=lambda i: (-len(partners[i]), i)):
        star = sorted(partners[row] - taken)
        if row in taken or not star:
            continue
        taken.update((row, *star))
        members = [i for node in (row, *star) for i in copies.get(node, (node,))]
        group = (members[0], *sorted(members[1:]))
        counts = Counter(int(labels[i]) for i in group)
        fits = all(n <= max(ALWAYS, LARGEST * sizes[k]) for k, n in counts.items())
        (merged if fits else too_large).append(group)
    return tuple(sorted(merged)), tuple(sorted(too_large))


def _ceiling(conflicts: Sequence[Group], labels: NDArray[np.int64]) -> float:
    known = int((labels >= 0).sum())
    lost = 0
    for group in conflicts:
        counts = Counter(int(labels[i]) for i in group if labels[i] >= 0)
        lost += sum(counts.values()) - max(counts.values())
    return 1 - lost / known if known else 1.0


def _turned(pairs: Sequence[Pair], labels: NDArray[np.int64]) -> tuple[Turned, ...]:
    tally: Counter[tuple[int, bool]] = Counter()
    for pair in pairs:
        a, b = int(labels[pair.first]), int(labels[pair.second])
        if min(a, b) >= 0:
            tally[pair.turn, a != b] += 1
    used = sorted({turn for turn, _ in tally})
    return tuple(Turned(TURNS[turn], tally[turn, False], tally[turn, True]) for turn in used)
