"""Whatever holds labelled items, as a `Dataset`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.array_files import from_mapping, read_npy, read_npy_folder, read_npz
from valscope.data.sources.arrays import as_array, plain_labels, read_pair
from valscope.data.sources.folder import read_folder
from valscope.data.sources.group_by import grouped
from valscope.data.sources.labels import encode
from valscope.data.sources.oddities import oddities
from valscope.data.sources.raw import Raw, joined
from valscope.data.sources.sample import read_sample
from valscope.data.sources.streams import as_stream, read_stream
from valscope.data.sources.table import table_items
from valscope.data.sources.tablefile import SUFFIXES, frame_columns, read_table_file
from valscope.data.sources.walk import EXTENSIONS
from valscope.errors import DataError, UsageError
from valscope.nouns.dataset import Dataset, Part

Columns = Mapping[str, str | None]


def open_dataset(
    source: Any,
    *,
    validation: Any = None,
    test: Any = None,
    classes: Sequence[str] | None = None,
    group_by: str | Sequence[object] | None = None,
    path_column: str | None = None,
    label_column: str | None = None,
    part_column: str | None = None,
    root: str | os.PathLike[str] | None = None,
    steps: int | None = None,
    fewest_classes: int = 2,
) -> Dataset:
    """Read labelled items from any source.

    source      a folder of class folders, with or without train, validation and test folders around them; a
                CSV, TSV or Parquet table or a data frame; an .npz or .npy file; "sample:digits"; (X, y) of arrays or
                of paths and labels; a mapping of arrays; a tf.data.Dataset, PyDataset, DataLoader or generator of
                (items, labels).
    validation  a second source of the same form: `source` then is the part "train" and this one "val".
    test        likewise for the part "test".
    classes     class names in the order of their numbers; else sorted as text, whole numbers as numbers.
    group_by    a table's column, or a regular expression on file names (its first group, else the match), or one
                value an item.
    root        folder that a table's paths start from; else the table's own.
    steps       batches to take from a stream.
    fewest_classes  1 where images of a single class will do, as when a trained run is scored on them.

    Raises DataError where the source cannot be used and UsageError where the request itself is wrong.
    """
    columns = {"path": path_column, "label": label_column, "part": part_column}
    others: list[tuple[Any, Part]] = [(validation, "val"), (test, "test")]
    raw = _read(source, columns, group_by, root, steps)
    more = [
        (_read(other, columns, group_by, root, steps), part) for other, part in others if other is not None
    ]
    if more:
        raw = joined([(raw, "train"), *more])
    encoded = encode(raw.labels, _names(classes, raw), raw.names, raw.by_folder, fewest_classes)
    dataset = Dataset(
        encoded.classes,
        np.full(len(raw.names), -1, np.int64),
        raw.content,
        raw.names,
        raw.origin,
        groups=raw.groups,
        parts=raw.parts,
        notices=raw.notices + encoded.notices,
    )
    if len(encoded.keep) < len(raw.names):
        dataset = dataset.take(encoded.keep)
    dataset = dataset.but(labels=encoded.labels)
    return dataset.but(notices=dataset.notices + oddities(dataset))


def _names(classes: Sequence[str] | None, raw: Raw) -> Sequence[str] | None:
    return raw.order if classes is None else [str(name) for name in classes]


def _read(source: Any, columns: Columns, group_by: Any, root: Any, steps: int | None) -> Raw:
    column = group_by if isinstance(group_by, str) else None
    raw = _read_any(source, columns, column, root, steps)
    return raw if group_by is None else grouped(raw, group_by)


def _read_any(source: Any, columns: Columns, group: str | None, root: Any, steps: int | None) -> Raw:
    if isinstance(source, str | os.PathLike):
        return _read_path(os.fspath(source), columns, group, root)
    if isinstance(source, Dataset):
        raise UsageError("A Dataset was given where a source is expected; use the Dataset as it is.")
    if hasattr(source, "columns") and hasattr(source, "__getitem__"):
        return _read_table(
            frame_columns(source), type(source).__name__, os.fspath(root or "."), columns, group
        )
    if isinstance(source, tuple) and len(source) == 2:
        return _read_pair(*source, root)
    if isinstance(source, Mapping):
        return from_mapping({str(key): np.asarray(value) for key, value in source.items()}, "The mapping")
    stream = as_stream(source)
    if stream is None:
        raise UsageError(
            f"A {type(source).__name__} is no source of labelled images; give a folder, a table, (X, y), or something "
            f"that gives batches (items, labels)."
        )
    return read_stream(stream, steps)


def _read_pair(items: Any, labels: Any, root: Any) -> Raw:
    first = items[0] if isinstance(items, Sequence | np.ndarray) and len(items) else None
    if not isinstance(first, str | os.PathLike):
        return read_pair(items, labels, "The pair (X, y)")
    origin = "The pair (paths, labels)"
    plain, _ = plain_labels(as_array(labels, origin), origin)
    if len(plain) != len(items):
        raise DataError(
            f"{origin} has {len(items):,} paths but {len(plain):,} labels; give one label a path."
        )
    columns = {"path": [os.fspath(item) for item in items], "label": plain}
    return table_items(columns, origin, os.fspath(root or "."), {"path": "path", "label": "label"})


def _read_path(path: str, columns: Columns, group: str | None, root: Any) -> Raw:
    if path.startswith("sample:"):
        return read_sample(path)
    file = Path(path).expanduser()
    try:
        folder, there = file.is_dir(), file.exists()
    except OSError as error:
        raise DataError(f"{shown(path)} cannot be read: {error.strerror}.") from error
    suffix = file.suffix.lower()
    if folder:
        return _read_folder_or_arrays(str(file))
    if not there:
        raise DataError(f"{shown(path)} does not exist; give a folder, a table or an array file.")
    if suffix == ".npz":
        return read_npz(str(file))
    if suffix == ".npy":
        return read_npy(str(file))
    if suffix in SUFFIXES:
        base = os.fspath(root or file.parent)
        return _read_table(read_table_file(str(file)), path, base, columns, group)
    if suffix in EXTENSIONS:
        raise DataError(
            f"{shown(path)} is one image; to train, give a folder with a folder of images for each class."
        )
    raise DataError(f"{shown(path)} is no folder, table (CSV, TSV, Parquet) or array file (.npz, .npy).")


def _read_folder_or_arrays(folder: str) -> Raw:
    try:
        return read_folder(folder)
    except DataError:
        if len(list(Path(folder).glob("*.npy"))) < 2:
            raise
        return read_npy_folder(folder)


def _read_table(table: Any, origin: str, base: str, columns: Columns, group: str | None) -> Raw:
    named = {**columns, "group": group if group in table else None}
    return table_items(table, origin, base, named)
