"""What the data given to a diagnosis look like: counts, order, sizes, duplicates, class sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Fact, Source


@dataclass(frozen=True, slots=True)
class PartFacts:
    """One part (train, val, test) or, with name "", the whole of data without parts.

    counts        items of each class of DataFacts.classes, in that order.
    own_classes   the classes this part has a folder for, in its own sorted order.
    """

    name: str
    counts: tuple[int, ...]
    own_classes: tuple[str, ...]

    @property
    def total(self) -> int:
        """Number of items."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class LabelOrder:
    """How labels follow one another in the order of the rows.

    runs       maximal stretches of equal labels.
    expected   runs that a random order of the same labels would have: 1 + n - sum n_c^2 / n.
    sorted     True when each class stands in one stretch and there are at least two classes.
    sequence   class numbers in the order of their stretches when sorted, else ().
    """

    rows: int
    runs: int
    expected: float
    sorted: bool
    sequence: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Twins:
    """Files of identical bytes. `parts` and `labels` of each, in the order of `names`."""

    names: tuple[str, ...]
    parts: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DataFacts:
    """Measured from images or arrays given beside a report.

    origin        what was given.
    kind          "folder", "arrays", "class_indices".
    sizes         (height, width) and how many have it, most frequent first.
    modes         Pillow's mode ("RGB", "L", "RGBA") and how many.
    looked_at     how many files sizes and modes were taken from.
    twins         groups of identical files (arrays: identical rows).
    empty         class folders without an image; `strays` folders that are hardly classes (".ipynb_checkpoints").
    missing       part name, class that another part has and this one lacks.
    value_range   smallest and largest value of arrays.
    """

    origin: str
    kind: Literal["folder", "arrays", "class_indices"]
    source: Source
    classes: tuple[str, ...]
    parts: tuple[PartFacts, ...] = ()
    order: Fact[LabelOrder] | None = None
    sizes: tuple[tuple[tuple[int, ...], int], ...] = ()
    modes: tuple[tuple[str, int], ...] = ()
    looked_at: int = 0
    twins: tuple[Twins, ...] = ()
    empty: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    missing: tuple[tuple[str, str], ...] = ()
    value_range: tuple[float, float] | None = None
    dtype: str | None = None
