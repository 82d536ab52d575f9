"""Items and labels in `.npz` archives, `.npy` files and mappings of arrays, known by their names."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.arrays import read_pair
from valscope.data.sources.looks_like import HEAD, looks_like
from valscope.data.sources.raw import Raw, joined
from valscope.errors import DataError
from valscope.nouns.dataset import Part

# Names of items and labels in archives and files in use, likeliest first.
_ITEMS = ("x", "X", "images", "image", "imgs", "features", "data", "inputs", "embeddings", "vectors", "arr_0")
_LABELS = ("y", "Y", "labels", "label", "target", "targets", "classes", "class", "arr_1")
_PARTS: tuple[tuple[str, Part], ...] = (
    ("train", "train"), ("training", "train"), ("val", "val"), ("valid", "val"), ("validation", "val"),
    ("test", "test"),
)  # fmt: skip
_CLASS_NAMES = ("class_names", "classes", "label_names", "target_names", "categories")


def read_npz(path: str) -> Raw:
    """An archive with items and labels, with or without parts (x_train, y_train, x_test, y_test)."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            found = {name: archive[name] for name in archive.files}
    except Exception as error:  # a damaged archive can raise almost anything
        raise unloadable(path, error) from error
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
    except Exception as error:  # a damaged header can raise almost anything
        raise unloadable(path, error) from error
    return loaded


def unloadable(path: str, error: Exception) -> DataError:
    """What is wrong with a file of arrays that NumPy refused, and what to do."""
    if "pickle" in str(error) and _is_numpy(path):
        return DataError(
            f"{shown(path)} holds Python objects, which are not loaded because they can run code; save the items as "
            f"numbers and the labels as numbers or text (astype(str))."
        )
    if why := getattr(error, "strerror", None):
        return DataError(f"{shown(path)} cannot be read: {why}.")
    with Path(path).open("rb") as file:
        found = looks_like(file.read(HEAD), Path(path).stat().st_size)
    return DataError(
        f"{shown(path)} cannot be read as NumPy arrays: it is {found}{', damaged or cut short' if _is_numpy(path) else ''}; "
        "copy it again, or save it again with numpy.savez or numpy.save."
    )


def _is_numpy(path: str) -> bool:
    with Path(path).open("rb") as file:
        return file.read(6).startswith((b"\x93NUMPY", b"PK\x03\x04")) or zipfile.is_zipfile(path)
