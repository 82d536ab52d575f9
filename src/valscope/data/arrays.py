"""Items and labels as arrays: (X, y), `.npz` archives and `.npy` files."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.decode import shown
from valscope.data.raw import Raw, joined
from valscope.data.tidy import tidy_items
from valscope.errors import DataError
from valscope.nouns.dataset import Arrays, Notice, Part

# Names of items and labels in archives and files in use, likeliest first.
_ITEMS = ("x", "X", "images", "image", "imgs", "features", "data", "inputs", "embeddings", "vectors", "arr_0")
_LABELS = ("y", "Y", "labels", "label", "target", "targets", "classes", "class", "arr_1")
_PARTS: tuple[tuple[str, Part], ...] = (
    ("train", "train"), ("training", "train"), ("val", "val"), ("valid", "val"), ("validation", "val"),
    ("test", "test"),
)  # fmt: skip
_CLASS_NAMES = ("class_names", "classes", "label_names", "target_names", "categories")


def read_pair(items: Any, labels: Any, origin: str) -> Raw:
    """Items with their labels. `labels` holds whole numbers, names, or one-hot rows of shape (n, classes).

    Raises DataError where the two do not fit or an item has several labels.
    """
    values, notices = tidy_items(as_array(items, origin), origin)
    plain, more = plain_labels(as_array(labels, origin), origin)
    if len(values) != len(plain):
        raise DataError(
            f"{origin} has {len(values):,} items but {len(plain):,} labels; give one label an item."
        )
    names = tuple(f"row {i + 1}" for i in range(len(values)))
    return Raw(Arrays(values), names, plain, origin, notices=notices + more)


def as_array(value: Any, origin: str) -> NDArray[Any]:
    """A list, tensor or frame column as an array. Raises DataError where its items differ in shape."""
    if hasattr(value, "detach"):  # a torch tensor, possibly on another device
        value = value.detach().cpu()
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(f"{origin} holds items of different shapes; resize them to one.") from error


def plain_labels(labels: NDArray[Any], origin: str) -> tuple[Sequence[object], tuple[Notice, ...]]:
    """One label an item: one-hot rows become the number of their one."""
    if labels.ndim == 2 and labels.shape[1] > 1:
        return _from_one_hot(labels, origin)
    if labels.size == 0 or labels.ndim not in (1, 2):
        raise DataError(
            f"{origin} has labels of the shape {labels.shape}; give (n,) or one-hot (n, classes)."
        )
    return labels.ravel().tolist(), ()


def _from_one_hot(labels: NDArray[Any], origin: str) -> tuple[Sequence[object], tuple[Notice, ...]]:
    if labels.dtype.kind not in "buif":
        raise DataError(
            f"{origin} has several labels an item; this is multi-label data, give one label an item."
        )
    rows = labels.astype(np.float64)
    sums = rows.sum(axis=1)
    if np.isin(rows, (0.0, 1.0)).all():
        if (sums > 1).any():
            row = int(np.argmax(sums > 1))
            raise DataError(
                f"{origin} has {int(sums[row])} labels on row {row + 1}: this is multi-label data, and valscope gives "
                f"each item one class; choose one label an item, or train one run for each label."
            )
        if (sums == 0).any():
            row = int(np.argmax(sums == 0))
            raise DataError(f"{origin} has no label on row {row + 1}: its one-hot row holds only zeros.")
        return rows.argmax(axis=1).tolist(), ()
    if (rows >= 0).all() and np.allclose(sums, 1.0, atol=1e-3):
        text = "Labels are shares that add to 1 (soft labels); the largest share of each item was taken."
        return rows.argmax(axis=1).tolist(), (Notice("soft_labels", text),)
    raise DataError(
        f"{origin} has labels of the shape {labels.shape} that are not one-hot; give one label an item."
    )


def read_npz(path: str) -> Raw:
    """An archive with items and labels, with or without parts (x_train, y_train, x_test, y_test)."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            found = {name: archive[name] for name in archive.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, KeyError) as error:
        raise _unloadable(path, error) from error
    return from_mapping(found, shown(path))


def from_mapping(arrays: Mapping[str, NDArray[Any]], origin: str) -> Raw:
    """Items and labels among named arrays. Raises DataError where they cannot be told."""
    pairs = [(pair, part) for name, part in _PARTS if (pair := _part_pair(arrays, name))]
    if pairs:
        raw = joined([(read_pair(arrays[x], arrays[y], origin), part) for (x, y), part in pairs])
    else:
        x, y = (next((name for name in names if name in arrays), None) for names in (_ITEMS, _LABELS))
        if x is None or y is None:
            raise DataError(
                f"{origin} holds {', '.join(map(shown, arrays))}; name the items x and the labels y in it."
            )
        raw = read_pair(arrays[x], arrays[y], origin)
    order = next((arrays[n] for n in _CLASS_NAMES if n in arrays and arrays[n].dtype.kind in "US"), None)
    return _ordered(raw, order)


def _ordered(raw: Raw, order: NDArray[Any] | None) -> Raw:
    if order is None or order.ndim != 1 or len(order) >= len(raw.names):
        return raw
    return replace(raw, order=tuple(str(name) for name in order.astype(str)))


def _part_pair(arrays: Mapping[str, object], part: str) -> tuple[str, str] | None:
    def named(words: Sequence[str]) -> str | None:
        forms = (form for word in words for form in (f"{word}_{part}", f"{part}_{word}"))
        return next((form for form in forms if form in arrays), None)

    x, y = named(_ITEMS), named(_LABELS)
    return (x, y) if x and y else None


def read_npy(path: str) -> Raw:
    """Items in one `.npy` file with the labels in the file beside it (X.npy and y.npy, X_train.npy and so on)."""
    folder, stem = Path(path).parent, Path(path).stem
    beside = {file.stem: str(file) for file in sorted(folder.glob("*.npy"))}
    for x in sorted(_ITEMS, key=len, reverse=True):
        for y in _LABELS:
            other = _replaced(stem, x, y)
            if other in beside and other != stem:
                return read_pair(_load(path), _load(beside[other]), shown(path))
    raise DataError(
        f"{shown(path)} holds items, but no file beside it holds their labels; name them like X.npy and y.npy, or "
        f"put both into one .npz file."
    )


def read_npy_folder(folder: str) -> Raw:
    """A folder with `.npy` files of items and labels, by part or not."""
    files = {file.stem: file for file in sorted(Path(folder).glob("*.npy"))}
    return from_mapping({name: _load(str(file)) for name, file in files.items()}, shown(folder))


def _replaced(stem: str, items: str, labels: str) -> str:
    words = stem.split("_")
    return "_".join(labels if word == items else word for word in words)


def _load(path: str) -> NDArray[Any]:
    try:
        loaded: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise _unloadable(path, error) from error
    return loaded


def _unloadable(path: str, error: Exception) -> DataError:
    if "pickle" in str(error) and _is_numpy(path):
        return DataError(
            f"{shown(path)} holds Python objects, which are not loaded because they can run code; save the items as "
            f"numbers and the labels as numbers or text (astype(str))."
        )
    why = getattr(error, "strerror", None) or "it is damaged, or something else"
    return DataError(f"{shown(path)} cannot be read as NumPy arrays: {why}.")


def _is_numpy(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(6) == b"\x93NUMPY" or zipfile.is_zipfile(path)
