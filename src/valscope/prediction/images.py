"""What is to be classified, whatever it was given as: paths, arrays, bytes, Pillow images."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode import shown
from valscope.data.reading.reader import Reader
from valscope.data.sources.raw import safe_name
from valscope.data.sources.tablefile import frame_columns, read_table_file
from valscope.errors import DataError, UsageError
from valscope.nouns.dataset import Arrays, Dataset, Files, Notice
from valscope.prediction.arrays import Wanted, load_arrays_file, one_image, tidy, vectors_of, wanted
from valscope.prediction.paths import TABLES, Paths
from valscope.run import Run

Read = Callable[[NDArray[np.int64]], tuple[NDArray[Any], dict[int, str]]]
ARRAY_FILES = (".npy", ".npz")


@dataclass(frozen=True, slots=True, eq=False)
class Images:
    """Items in order. `read(rows)` gives them as the preparation wants them, shape (rows, ...), and the reasons
    of those that cannot be read, by position in `rows`."""

    paths: tuple[str, ...]
    read: Read
    notices: tuple[Notice, ...] = ()

    def __len__(self) -> int:
        return len(self.paths)


def images_of(
    given: Any,
    run: Run,
    *,
    path_column: str | None = None,
    skip: str | os.PathLike[str] | None = None,
    threads: int | None = None,
) -> Images:
    """The images that `given` stands for.

    given  a file, folder, glob, table with a path column, text file with a path a line, "-" for such a list on
           standard input; an array (n, h, w[, c]), one image (h, w[, c]), or the bytes of a file; a Pillow image; a
           data frame; or several of one of these kinds. For a run on feature vectors: an array (n, d), an .npy or
           .npz file, or a table of numbers.
    skip   a folder whose images are left out where a folder around it is given.
    Files that do not exist or cannot be read stay in, each with its reason. Raises DataError or UsageError where
    nothing can be made of `given`.
    """
    items = _listed(given)
    if not items:
        raise UsageError("There is nothing to classify; give images, folders, a table or - for a list.")
    need = wanted(run)
    if any(_is_array_file(item) for item in items):
        return _array_files(items, need)
    if need.preparation is None:
        return _vectors(items, need)
    if all(isinstance(item, str | os.PathLike) or _is_frame(item) for item in items):
        return _files(items, need, path_column, skip, threads)
    return _in_memory(items, need)


def _listed(given: Any) -> list[Any]:
    one = isinstance(given, str | os.PathLike | bytes | np.ndarray) or _is_frame(given) or _is_pillow(given)
    if not one and not isinstance(given, Iterable):
        raise UsageError(
            f"Images are given as paths, arrays or bytes, or a list of these; got {type(given).__name__}."
        )
    return [given] if one else list(given)


def _is_frame(item: Any) -> bool:
    return hasattr(item, "columns") and hasattr(item, "__getitem__")


def _is_pillow(item: Any) -> bool:
    return hasattr(item, "getexif") and hasattr(item, "convert")


def _is_array_file(item: Any) -> bool:
    return isinstance(item, str | os.PathLike) and Path(item).suffix.lower() in ARRAY_FILES


def _files(items: Sequence[Any], need: Wanted, column: str | None, skip: Any, threads: int | None) -> Images:
    if need.own_scale:
        raise DataError(
            f"{need.run} was trained on float pixels in a scale that only their owner knows; give arrays in that scale."
        )
    paths = Paths(Path(skip).resolve() if skip is not None else None, column)
    for item in items:
        if _is_frame(item):
            paths.add_column(frame_columns(item), type(item).__name__)
        elif os.fspath(item) == "-":
            paths.add_lines(sys.stdin.buffer.read())
        else:
            paths.add_argument(os.fspath(item), alone=len(items) == 1)
    found = tuple(paths.found)
    if not found:
        raise DataError(
            f"There are no images in {', '.join(shown(item) for item in items[:3])}. {_reasons(paths)}".strip()
        )
    labels = np.full(len(found), -1, np.int64)
    dataset = Dataset((), labels, Files(found), tuple(map(safe_name, found)), "the images")
    return Images(found, Reader(dataset, need.preparation, None, threads).read_some, paths.said())


def _reasons(paths: Paths) -> str:
    return " ".join(notice.message for notice in paths.said())


def _array_files(items: Sequence[Any], need: Wanted) -> Images:
    if len(items) > 1:
        raise UsageError("Give one .npy or .npz file at a time, and nothing else beside it.")
    return _array(load_arrays_file(os.fspath(items[0])), shown(os.fspath(items[0])), need)


def _array(values: NDArray[Any], origin: str, need: Wanted) -> Images:
    values, notices = tidy(values, origin, need)
    names = tuple(f"row {i + 1}" for i in range(len(values)))
    dataset = Dataset((), np.full(len(names), -1, np.int64), Arrays(values), names, origin)
    return Images(names, Reader(dataset, need.preparation).read_some, notices)


def _vectors(items: Sequence[Any], need: Wanted) -> Images:
    """Items of a run on feature vectors."""
    first = items[0]
    if len(items) == 1 and (_is_frame(first) or _is_table(first)):
        table = frame_columns(first) if _is_frame(first) else read_table_file(os.fspath(first))
        return _array(vectors_of(table, need), "the table", need)
    if any(isinstance(item, str | os.PathLike | bytes) or _is_pillow(item) for item in items):
        raise DataError(
            f"{need.run} classifies feature vectors of {need.shape[0]:,} numbers, not images; give an .npy or .npz file, "
            "a table of numbers or an array."
        )
    values = first if len(items) == 1 else np.stack([np.asarray(item) for item in items])
    return _array(np.asarray(values), "the array", need)


def _is_table(item: Any) -> bool:
    return isinstance(item, str | os.PathLike) and Path(item).suffix.lower() in TABLES


def _in_memory(items: Sequence[Any], need: Wanted) -> Images:
    """Arrays, bytes and Pillow images, each prepared when it is read."""
    if len(items) == 1 and isinstance(items[0], np.ndarray) and items[0].ndim != 2:
        return _array(items[0], "the array", need)
    odd = next((item for item in items if not _is_image(item)), None)
    if odd is not None:
        raise UsageError(
            f"Give paths, or arrays, bytes and Pillow images; got a {type(odd).__name__} among them."
        )

    def read(rows: NDArray[np.int64]) -> tuple[NDArray[Any], dict[int, str]]:
        out = np.zeros((len(rows), *need.shape), np.float32 if need.own_scale else np.uint8)
        failed = {}
        for at, row in enumerate(rows):
            try:
                out[at] = one_image(items[row], f"row {row + 1}", need)
            except DataError as error:
                failed[at] = str(error)
        return out, failed

    return Images(tuple(f"row {i + 1}" for i in range(len(items))), read)


def _is_image(item: Any) -> bool:
    return isinstance(item, bytes | np.ndarray) or _is_pillow(item)
