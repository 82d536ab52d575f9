"""The data that a training is tried on: what they hold, as far as a recipe needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from valscope.case.rebuild.notes import Unknown
from valscope.errors import ValscopeError

if TYPE_CHECKING:
    from valscope.case.inputs import Given
    from valscope.nouns.dataset import Dataset, Sizes

NEARLY_ALL = 0.95
IMAGES = "the folder of images (or .npz with x and y) that it was trained on"


@dataclass(frozen=True, slots=True)
class Material:
    """path      as given;  classes  names by number;  counts  items of each class.
    parts     part names that the source itself gives, with their sizes; () for none.
    vectors   numbers in a feature vector, None for images.
    size      (height, width) that nearly all images have, None where they differ.
    grey      whether all images looked at are grey.
    floats    whether values were scaled by their owner;  top  the largest of them, 0 for files.
    ordered   whether rows stand in one stretch for each class.
    """

    path: str
    classes: tuple[str, ...]
    counts: tuple[int, ...]
    parts: tuple[tuple[str, int], ...] = ()
    vectors: int | None = None
    size: tuple[int, int] | None = None
    grey: bool = False
    floats: bool = False
    top: float = 0.0
    ordered: bool = False

    @property
    def total(self) -> int:
        """Number of items."""
        return sum(self.counts)

    def of_part(self, name: str) -> int | None:
        """Items in a part, None where the source has none."""
        return dict(self.parts).get(name)


def material(inputs: Sequence[Given]) -> Material:
    """The first of the given data that holds labelled items.

    Raises Unknown where there is none, with the reason why the given ones will not do.
    """
    reasons: list[str] = []
    for path in candidates(inputs):
        try:
            return measured(path)
        except ValscopeError as error:
            reasons.append(str(error))
    reason = reasons[0].rstrip(".") if reasons else "no data were given"
    raise Unknown(reason, IMAGES)


def candidates(inputs: Sequence[Given]) -> list[str]:
    """Paths that may hold the data: parts beside one another as their common folder first."""
    from valscope.data.sources.parts import part_of

    paths = [
        i.path for i in inputs if i.kind == "data" and i.path is not None and i.path.suffix.lower() != ".json"
    ]
    folders = [p for p in paths if p.is_dir() and part_of(p.name) is not None]
    homes = {p.parent for p in folders}
    together = [str(homes.pop())] if len(folders) > 1 and len(homes) == 1 else []
    return [*together, *map(str, paths)]


def measured(path: str | Path) -> Material:
    """What the data at a path hold. Raises DataError where they cannot be used."""
    from valscope.data.sources.open import open_dataset

    return of_dataset(open_dataset(str(path)), str(path))


def of_dataset(dataset: Dataset, path: str) -> Material:
    """The same of data that are open."""
    import numpy as np

    from valscope.data.reading.sizes import measure
    from valscope.nouns.dataset import PARTS, Arrays

    counts = np.bincount(dataset.labels, minlength=len(dataset.classes))
    stretches = int((np.diff(dataset.labels) != 0).sum()) + 1
    given = dataset.parts or ()
    parts = tuple((part, given.count(part)) for part in PARTS if part in given)
    values: Any = dataset.content.values if isinstance(dataset.content, Arrays) else None
    vectors = int(values.shape[1]) if values is not None and values.ndim == 2 else None
    sizes = measure(dataset) if vectors is None else None
    floats = values is not None and np.issubdtype(values.dtype, np.floating)
    return Material(
        path, dataset.classes, tuple(int(c) for c in counts), parts, vectors,
        size=_size(sizes) if sizes is not None else None, grey=bool(sizes is not None and sizes.grey),
        floats=bool(floats), top=float(values.max()) if values is not None and values.size else 0.0,
        ordered=stretches == int((counts > 0).sum()),
    )  # fmt: skip


def _size(sizes: Sizes) -> tuple[int, int] | None:
    """The size of nearly all; a few odd files do not count."""
    pairs = list(zip(sizes.heights, sizes.widths, strict=True))
    usual = max(set(pairs), key=pairs.count)
    return usual if pairs.count(usual) >= NEARLY_ALL * len(pairs) else None
