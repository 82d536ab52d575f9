"""A label array given by itself: counts, and whether rows are sorted by class."""

from __future__ import annotations

from pathlib import Path

from valscope.nouns.fact import Fact, Source
from valscope.nouns.images import DataFacts, PartFacts


def read_labels(path: Path) -> DataFacts | None:
    """The facts of a `.npy` file of class numbers, shape (n,), or of one-hot rows, shape (n, K); None for any
    other array.

    Raises DataError for a damaged file or one that only pickle could open.
    """
    import numpy as np

    from valscope.data.sources.array_files import unloadable
    from valscope.evidence.images import label_order

    try:
        values = np.load(path, allow_pickle=False)
    except Exception as error:  # a damaged header can raise almost anything
        raise unloadable(str(path), error) from None
    if values.ndim == 2 and 2 <= values.shape[1] <= 1000 and set(np.unique(values)) <= {0, 1}:
        values = values.argmax(1) if (values.sum(1) == 1).all() else values
    if values.ndim != 1 or not np.issubdtype(values.dtype, np.integer) or not len(values) or values.min() < 0:
        return None
    names, numbers = np.unique(values, return_inverse=True)
    classes = tuple(str(n) for n in names.tolist())
    counts = tuple(int(c) for c in np.bincount(numbers))
    source = Source(str(path), None, "measured")
    order = Fact(label_order(numbers.tolist()), source)
    part = PartFacts("", counts, classes)
    return DataFacts(str(path), "arrays", source, classes, (part,), order, dtype=str(values.dtype))
