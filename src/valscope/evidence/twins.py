"""Identical files and rows."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from valscope.nouns.images import Twins

_BLOCK = 1 << 20

if TYPE_CHECKING:
    from valscope.nouns.dataset import Dataset


def twins_of(dataset: Dataset, files: Sequence[str]) -> Iterator[Twins]:
    """Groups of identical items, those across parts or labels first."""
    parts = dataset.parts or ("",) * len(dataset)
    groups = _same_files(files) if files else _same_rows(dataset)
    found = []
    for rows in groups:
        labels = tuple(
            dataset.classes[dataset.labels[row]] if dataset.labels[row] >= 0 else "" for row in rows
        )
        found.append(
            Twins(tuple(dataset.names[row] for row in rows), tuple(parts[row] for row in rows), labels)
        )
    yield from sorted(found, key=lambda one: (-len(set(one.parts)), -len(set(one.labels)), one.names))


def _same_files(files: Sequence[str]) -> Iterator[list[int]]:
    """Rows of files with the same bytes; only files of equal size are read."""
    by_size: dict[int, list[int]] = defaultdict(list)
    for row, file in enumerate(files):
        try:
            by_size[Path(file).stat().st_size].append(row)
        except OSError:
            continue
    by_hash: dict[bytes, list[int]] = defaultdict(list)
    for rows in by_size.values():
        for row in rows if len(rows) > 1 else ():
            by_hash[_digest(files[row])].append(row)
    yield from (rows for rows in by_hash.values() if len(rows) > 1)


def _digest(file: str) -> bytes:
    digest = hashlib.sha256()
    try:
        with Path(file).open("rb") as stream:
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError:
        return file.encode()  # a file that cannot be read is like no other
    return digest.digest()


def _same_rows(dataset: Dataset) -> Iterator[list[int]]:
    import numpy as np

    from valscope.nouns.dataset import Arrays

    assert isinstance(dataset.content, Arrays)
    by_hash: dict[bytes, list[int]] = defaultdict(list)
    for row, values in enumerate(dataset.content.values):
        by_hash[hashlib.sha256(np.ascontiguousarray(values).tobytes()).digest()].append(row)
    yield from (rows for rows in by_hash.values() if len(rows) > 1)
