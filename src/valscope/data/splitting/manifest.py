"""Which item is in which part: the record of a split, and its CSV file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from valscope.errors import SplitError
from valscope.nouns.dataset import PARTS, Part

COLUMNS = ("name", "class", "group", "sha256", "part")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")  # a spreadsheet would run a cell that starts like this


@dataclass(frozen=True, slots=True)
class Manifest:
    """A split, item by item, in the order of the dataset's rows.

    names, labels  as in the dataset, labels as numbers into `classes`.
    groups         what must stay on one side with others; "" for an item that stands alone.
    hashes         sha256 of the content as hex, "" where unknown.
    parts          "train", "val" (chooses the epoch) or "test" (only scored).
    notes          sentences: what a person should know about this split.
    """

    classes: tuple[str, ...]
    names: tuple[str, ...]
    labels: tuple[int, ...]
    groups: tuple[str, ...]
    hashes: tuple[str, ...]
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def index(self, part: Part) -> NDArray[np.int64]:
        """Rows of one part, ascending."""
        return np.flatnonzero(np.asarray(self.parts) == part).astype(np.int64)

    def counts(self) -> dict[Part, tuple[int, ...]]:
        """Items of each class in each part, in the order of `classes`."""
        labels = np.asarray(self.labels, dtype=np.int64)
        return {
            part: tuple(np.bincount(labels[self.index(part)], minlength=len(self.classes)).tolist())
            for part in PARTS
        }

    def leaked(self, part: Part) -> NDArray[np.int64]:
        """Rows of `part` whose group also has an item in a part that the fit sees.

        For "test" those are train and val, for "val" it is train. Empty unless the source gave the parts.
        """
        seen_parts = {"test": ("train", "val"), "val": ("train",), "train": ()}[part]
        seen = {g for g, p in zip(self.groups, self.parts) if g and p in seen_parts}
        rows = [i for i in self.index(part).tolist() if self.groups[i] in seen]
        return np.asarray(rows, dtype=np.int64)


def write_manifest(manifest: Manifest, path: Path) -> None:
    """One row an item, UTF-8, every cell quoted. A cell that a spreadsheet would take for a formula gets a
    leading apostrophe, which `read_manifest` takes away again."""
    with path.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(COLUMNS)
        for name, label, group, sha, part in zip(
            manifest.names, manifest.labels, manifest.groups, manifest.hashes, manifest.parts
        ):
            writer.writerow([_safe(c) for c in (name, manifest.classes[label], group, sha, part)])


def read_manifest(path: Path, classes: Sequence[str], notes: Sequence[str] = ()) -> Manifest:
    """The manifest that `write_manifest` wrote. Raises SplitError where the file is another or damaged.

    `classes` in the order of the label numbers, and the notes, are kept by the run beside the file.
    """
    number = {name: i for i, name in enumerate(classes)}
    try:
        with path.open(encoding="utf-8", errors="surrogatepass", newline="") as file:
            reader = csv.reader(file)
            if tuple(next(reader, ())) != COLUMNS:
                raise SplitError(
                    f"{path} is not a split manifest: its first line must be {','.join(COLUMNS)}."
                )
            rows = [_row(row, number, f"{path}, line {reader.line_num}") for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SplitError(f"The split manifest {path} cannot be read: {error}.") from error
    columns = list(zip(*rows)) or [()] * len(COLUMNS)
    names, labels, groups, hashes, parts = columns
    return Manifest(tuple(classes), names, labels, groups, hashes, parts, tuple(notes))


def _safe(cell: str) -> str:
    return "'" + cell if cell.startswith(FORMULA) else cell


def _row(row: list[str], number: dict[str, int], where: str) -> tuple[str, int, str, str, Part]:
    if len(row) != len(COLUMNS):
        raise SplitError(f"{where}: {len(COLUMNS)} cells are needed; got {len(row)}.")
    name, label, group, sha, part = (cell.removeprefix("'") for cell in row)
    if label not in number:
        raise SplitError(f"{where}: the class {label!r} is none of the run's {len(number)} classes.")
    if part not in PARTS:
        raise SplitError(f"{where}: the part must be one of {', '.join(PARTS)}; got {part!r}.")
    return name, number[label], group, sha, part
