"""Sources that give batches: tf.data.Dataset, Keras' PyDataset and Sequence, torch's DataLoader, generators.

They are known by what they can do, so none of these libraries is imported. Each is read once, images and labels
in the same pass, because many of them shuffle anew in each pass.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.sources.arrays import as_array, read_pair
from valscope.data.sources.raw import Raw
from valscope.data.sources.recurrence import Recurrence
from valscope.data.sources.spool import Spool
from valscope.errors import DataError
from valscope.nouns.dataset import Notice

# Beyond this a source that cannot say how long it is must be told how many batches to give: filling a disk from a
# generator that never ends would be worse than asking.
ITEMS_LIMIT = 100_000
BYTES_LIMIT = 4 * 2**30
_ITEM_KEYS = ("image", "images", "img", "pixel_values", "x", "inputs", "features")
_LABEL_KEYS = ("label", "labels", "target", "targets", "y", "class")


@dataclass(frozen=True, slots=True)
class Stream:
    """A source of batches.

    ends     True or False where the source says so, else None.
    batched  None where only the items themselves can tell.
    order    class names by number, where the source knows them.
    """

    elements: Iterable[Any]
    kind: str
    ends: bool | None = None
    batched: bool | None = None
    order: tuple[str, ...] | None = None


def as_stream(source: Any) -> Stream | None:
    """The source as a stream, or None where it is none."""
    kind = type(source).__name__
    if hasattr(source, "element_spec") and hasattr(source, "as_numpy_iterator"):
        names = getattr(source, "class_names", None)
        return Stream(
            source, kind, _tf_ends(source), _spec_batched(source.element_spec), names and tuple(names)
        )
    if hasattr(source, "dataset") and hasattr(source, "batch_size") and hasattr(source, "__iter__"):
        names = getattr(source.dataset, "classes", None)
        ends = True if hasattr(source.dataset, "__len__") else None
        return Stream(source, kind, ends, source.batch_size is not None, names and tuple(map(str, names)))
    if hasattr(source, "__len__") and hasattr(source, "__getitem__") and hasattr(source, "on_epoch_end"):
        return Stream((source[i] for i in range(len(source))), kind, True, True, _indexed(source))
    return Stream(source, kind) if isinstance(source, Iterator) else None


def read_stream(stream: Stream, steps: int | None = None) -> Raw:
    """Drain the stream: all of it, or `steps` batches. What it changes at random is fixed by that.

    Raises DataError where it never ends and no `steps` were given, or where items and labels do not fit.
    """
    if stream.ends is False and steps is None:
        raise DataError(f"The {stream.kind} never ends; say how many batches make it up (steps).")
    items, labels, recurrence = Spool(), [], Recurrence()
    for element in itertools.islice(stream.elements, steps):
        x, y = _batch(*_pair(element, stream.kind), stream.kind, stream.batched)
        items.add(x, stream.kind)
        labels.append(y)
        if steps is None and not stream.ends:
            _refuse_endless(stream.kind, items, len(labels), recurrence.comes_again(x, y), recurrence.length)
    if not labels:
        raise DataError(f"The {stream.kind} gave nothing; it may have been used up already.")
    raw = read_pair(items.array(), _joined(labels, stream.kind), f"The {stream.kind}")
    text = f"Items read from the {stream.kind} in one pass: {len(raw.names):,}; what it changes at random is fixed by that."
    return replace(raw, order=stream.order, notices=(Notice("drained", text), *raw.notices))


def _joined(labels: list[NDArray[Any]], kind: str) -> NDArray[Any]:
    if len({batch.shape[1:] for batch in labels}) > 1:
        raise DataError(f"The {kind} gives labels of different shapes; give one form of label throughout.")
    return np.concatenate(labels)


def _refuse_endless(kind: str, items: Spool, batches: int, again: bool, length: int) -> None:
    if again:
        raise DataError(
            f"The {kind} began anew after {batches - length:,} batches, so it seems never to end; say how many "
            f"batches make it up (steps={batches - length})."
        )
    if items.count > ITEMS_LIMIT or items.bytes > BYTES_LIMIT:
        raise DataError(
            f"The {kind} still gives after {items.count:,} items and may never end; say how many batches make it "
            f"up (steps)."
        )


def _tf_ends(source: Any) -> bool | None:
    """tf.data knows its length, or says -1 for endless and -2 for unknown."""
    length = int(source.cardinality()) if hasattr(source, "cardinality") else -2
    return {-1: False, -2: None}.get(length, True)


def _pair(element: Any, kind: str) -> tuple[Any, Any]:
    if isinstance(element, Mapping):
        keys = [next((key for key in names if key in element), None) for names in (_ITEM_KEYS, _LABEL_KEYS)]
        if None not in keys:
            return element[keys[0]], element[keys[1]]
    elif isinstance(element, tuple | list) and len(element) in (2, 3):
        return element[0], element[1]
    raise DataError(
        f"The {kind} gives {type(element).__name__} elements; it must give pairs (items, labels)."
    )


def _batch(x: Any, y: Any, kind: str, batched: bool | None) -> tuple[NDArray[Any], NDArray[Any]]:
    items, labels = as_array(x, kind), as_array(y, kind)
    if batched is None:
        batched = labels.ndim > 0 and items.ndim > 1 and len(labels) == len(items)
    return (items, labels) if batched else (items[None], labels[None])


def _spec_batched(spec: Any) -> bool | None:
    """From the declared shapes: labels without dimensions are single ones; an open first dimension is a batch."""
    parts = (
        spec if isinstance(spec, tuple | list) else tuple(spec.values()) if isinstance(spec, Mapping) else ()
    )
    shapes: list[Any] = [getattr(part, "shape", None) for part in parts[:2]]
    if len(shapes) < 2 or any(shape is None or getattr(shape, "rank", 0) is None for shape in shapes):
        return None
    x, y = shapes
    return bool(len(x) and len(y) and x[0] == y[0])


def _indexed(source: Any) -> tuple[str, ...] | None:
    """Class names of a Keras directory or frame iterator, which knows them as {name: number}."""
    indices = getattr(source, "class_indices", None)
    if not isinstance(indices, Mapping) or not indices:
        return None
    return tuple(str(name) for name, _ in sorted(indices.items(), key=lambda item: item[1]))
