"""Which files are sent both ways: as many kinds as there are, because some stages show on few files only."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image

from valscope.data.pixels.orientation import orientation_of
from valscope.data.sources.walk import Walk
from valscope.errors import DataError, UsageError

MOST_LOOKED_AT = 5000  # files whose first bytes are read: about a second

JPEG = ("JPEG", "MPO")  # formats that can be decoded at a reduced size

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the first bytes of a file tell.

    turned       it has an EXIF orientation;  clear  it can have transparent pixels.
    square       height and width are equal.
    pixels       height times width.
    """

    format: str
    mode: str
    turned: bool
    clear: bool
    square: bool
    orientation: int
    pixels: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Chosen:
    """Files with their kinds, and how many could not be read."""

    files: tuple[str, ...]
    kinds: tuple[Kind, ...]
    unreadable: tuple[str, ...]
    of: int

    def untested(self) -> tuple[str, ...]:
        """Stages that none of the files can show."""
        found = []
        if not any(kind.turned for kind in self.kinds):
            found.append("None of the files has an EXIF orientation, so nothing is said about it.")
        if not any(kind.clear for kind in self.kinds):
            found.append("None of the files is transparent, so nothing is said about alpha.")
        if all(kind.square for kind in self.kinds):
            found.append("All files are square, so nothing is said about the aspect ratio.")
        return tuple(found)


def choose(files: Paths, most: int) -> Chosen:
    """At most `most` files of a folder, a list or a single one: each kind in turn, spread over the order.

    Raises UsageError and DataError where there is no image.
    """
    every = listed(files)
    if not every:
        raise DataError("There are no images to send both ways; give a folder or a list of image files.")
    looked = (
        every if len(every) <= MOST_LOOKED_AT else [every[i] for i in _spread(len(every), MOST_LOOKED_AT)]
    )
    kinds = {file: kind_of(file) for file in looked}
    readable = [file for file in looked if kinds[file] is not None]
    if not readable:
        raise DataError(f"None of the {len(looked)} files can be read as an image; the first is {looked[0]}.")
    picked = sorted(_by_kind(readable, kinds, most), key=readable.index)
    found = tuple(kind for file in picked if (kind := kinds[file]) is not None)
    return Chosen(tuple(picked), found, tuple(f for f in looked if kinds[f] is None), len(every))


def kind_of(file: str) -> Kind | None:
    """The kind of a file, None where it is no image."""
    try:
        with Image.open(file) as image:
            orientation = orientation_of(image)
            clear = image.has_transparency_data
            square = image.width == image.height
            size = image.width * image.height
            return Kind(image.format or "", image.mode, orientation != 1, clear, square, orientation, size)
    except Exception:  # what Pillow raises for damaged files is an open list
        return None


def listed(files: Paths) -> list[str]:
    """Every file given, or of the folders given."""
    given = [files] if isinstance(files, str | os.PathLike) else list(files)
    found: list[str] = []
    for one in given:
        if not isinstance(one, str | os.PathLike):
            raise UsageError(f"Files are given by their paths; got {type(one).__name__}.")
        path = Path(one)
        if not path.exists():
            raise DataError(f"{path} does not exist; give image files or a folder of them.")
        found += list(Walk(str(path)).images(str(path))) if path.is_dir() else [str(path)]
    return list(dict.fromkeys(found))


def _by_kind(files: Sequence[str], kinds: dict[str, Kind | None], most: int) -> list[str]:
    groups: dict[Kind | None, list[str]] = defaultdict(list)
    for file in files:
        groups[kinds[file]].append(file)
    rows = [[group[i] for i in _spread(len(group), most)] for group in groups.values()]
    turns = [row[i] for i in range(max(map(len, rows))) for row in rows if i < len(row)]
    return turns[:most]


def _spread(n: int, most: int) -> list[int]:
    """At most `most` of n positions, evenly."""
    return list(range(n)) if n <= most else [i * n // most for i in range(most)]
