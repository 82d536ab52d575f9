"""Whether mirroring changes a label: by the names of the classes, and by the images."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from valscope.nouns.images import DataFacts

if TYPE_CHECKING:
    from valscope.data.alike.flips import FlipVerdict

Direction = Literal["horizontal", "vertical", "turned"]
MOST = 1500  # images that are looked at, evenly from all rows

SIDES = (
    ("left", "right"), ("links", "rechts"), ("gauche", "droite"), ("izquierda", "derecha"), ("esquerda", "direita"),
    ("sinistra", "destra"), ("sinistro", "destro"), ("влево", "вправо"), ("левый", "правый"), ("左", "右"), ("sol", "sag"),
    ("lewo", "prawo"),
)  # fmt: skip
HEIGHTS = (
    ("up", "down"), ("top", "bottom"), ("upper", "lower"), ("oben", "unten"), ("haut", "bas"), ("arriba", "abajo"),
    ("su", "giù"), ("вверх", "вниз"), ("上", "下"),
)  # fmt: skip
SWAPPED: dict[Direction, tuple[tuple[str, str], ...]] = {
    "horizontal": (*SIDES, ("b", "d"), ("p", "q")),
    "vertical": (*HEIGHTS, ("b", "p"), ("d", "q"), ("m", "w")),
    "turned": (*SIDES, *HEIGHTS, ("6", "9"), ("b", "q"), ("d", "p"), ("n", "u")),
}


def mirror_names(names: Sequence[str], direction: Direction) -> tuple[str, str] | None:
    """Two classes that the change exchanges, as their names have it: "arrow_left" and "arrow_right"."""
    for a, b in combinations(names, 2):
        first, second = _words(a), _words(b)
        differ = [(x, y) for x, y in zip(first, second) if x != y]
        if len(first) != len(second) or len(differ) != 1:
            continue
        x, y = differ[0]
        if any({x, y} == set(pair) for pair in SWAPPED[direction]):
            return a, b
    return None


def _words(name: str) -> tuple[str, ...]:
    spaced = "".join(c if c.isalnum() else " " for c in name.lower())
    for side in ("左", "右", "上", "下"):
        spaced = spaced.replace(side, f" {side} ")
    return tuple(spaced.split())


def flip_verdict(facts: DataFacts, direction: Literal["horizontal", "vertical"]) -> FlipVerdict | None:
    """What the images say; None for data without images. Raises DataError for images that cannot be read."""
    import numpy as np

    from valscope.data.alike.duplicates import find_duplicates
    from valscope.data.alike.flips import flip_safe
    from valscope.data.reading.reader import Reader
    from valscope.data.sources.open import open_dataset
    from valscope.nouns.dataset import Arrays
    from valscope.nouns.preparation import Preparation

    if facts.kind == "class_indices" or len(facts.classes) < 2 or not (facts.sizes or facts.value_range):
        return None
    dataset = open_dataset(facts.origin, fewest_classes=1)
    if isinstance(dataset.content, Arrays) and dataset.content.vectors:
        return None
    rows = np.flatnonzero(dataset.labels >= 0)
    dataset = dataset.take(rows[:: max(1, -(-len(rows) // MOST))])
    reader = Reader(dataset, None if isinstance(dataset.content, Arrays) else Preparation(64, 64))
    damaged = reader.scan().damaged
    keep = np.setdiff1d(np.arange(len(dataset)), np.asarray(sorted(damaged), np.int64))
    dataset, reader = dataset.take(keep), reader.take(keep.tolist())
    found = find_duplicates(
        reader.read, len(dataset), reader.hashes(), dataset.labels, dataset.names, dataset.classes
    )
    return flip_safe(found.thumbs, dataset.labels, dataset.classes, found, direction)
