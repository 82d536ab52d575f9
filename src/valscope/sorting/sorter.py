"""Sorting images into a folder for each class."""

from __future__ import annotations

import errno
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal

from valscope.errors import UsageError
from valscope.nouns.prediction import Prediction
from valscope.sorting.acts import carry_out, make_folder
from valscope.sorting.journal import Journal
from valscope.sorting.names import UNSURE, folder_names, numbered, safe_name, same
from valscope.sorting.resume import There, look, open_folder
from valscope.sorting.trouble import trouble

By = Literal["copy", "move", "link"]
ACTS: tuple[By, ...] = ("copy", "move", "link")
_BAD_NAME = frozenset((errno.EINVAL, errno.ENAMETOOLONG))


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one image went.

    target  path in the folder, with forward slashes, as "cat/a.jpg".
    how     "copy", "move", "link", "symlink"; "kept" where an earlier sorting had put it there.
    """

    source: str
    target: str
    how: str


class Sorter:
    """Puts images into `folder`, one folder for each of `classes`, and those put aside into unsure/.

    by        "copy", "move", or "link" (a second name, or a symbolic link where the disk needs one).
    run, rule what decides where an image goes; a folder is sorted by one run and one rule at a time.
    dry_run   say what would happen and touch nothing.

    Nothing is ever overwritten: a name that is taken gets a number. Everything is written to a journal first, so
    that `undo` can take it back, and a sorting that was killed goes on when it is started again. Raises UsageError
    or DataError where the folder cannot be used, from the constructor where that can be known by then.
    """

    def __init__(
        self,
        folder: str | os.PathLike[str],
        classes: Sequence[str],
        by: By = "copy",
        *,
        run: str = "",
        rule: str = "",
        dry_run: bool = False,
    ) -> None:
        if by not in ACTS:
            raise UsageError(f"Images are sorted by {', '.join(ACTS)}; got {by!r}.")
        self.folder, self.by, self.dry_run = Path(folder).expanduser().resolve(), by, dry_run
        self.folders = dict(zip(classes, folder_names(classes), strict=True))
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self._ready: set[str] = set()
        self._tried: Counter[tuple[str, str]] = Counter()
        self._planned: set[tuple[str, str]] = set()
        self._journal, self._there = self._open(run, rule)

    def __enter__(self) -> Sorter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder."""
        if self._journal is not None:
            self._journal.close()

    def place(self, prediction: Prediction) -> Placed | None:
        """Sort one image. None where it could not be read, or is gone: `problems` then names it."""
        if prediction.error:
            return None
        inside = UNSURE if prediction.unsure else self.folders[prediction.name]
        given = Path(prediction.path)
        source = str(given.parent.resolve() / given.name)  # a link stays a link
        try:
            placed = self._earlier(source, inside) or self._put(source, inside)
        except FileNotFoundError:
            self.problems.append(f"{prediction.path} is no longer there and was not sorted.")
            return None
        except OSError as error:
            raise trouble(error, self.folder, self.by, source, self.counts.total()) from error
        self.counts[placed.how] += 1
        return placed

    def _open(self, run: str, rule: str) -> tuple[Journal | None, There]:
        if self.folder.exists() and not self.folder.is_dir():
            raise UsageError(f"{self.folder} is a file; images are sorted into a folder.")
        if self.dry_run:
            return None, look(self.folder)
        try:
            return open_folder(self.folder, run, rule)
        except OSError as error:
            raise trouble(error, self.folder, self.by) from error

    def _earlier(self, source: str, inside: str) -> Placed | None:
        """Where it lies already: put there by an interrupted sorting, or by hand."""
        target = self._there.get(source)
        if target is not None and os.path.lexists(self.folder / target):
            return Placed(source, target, "kept")
        path = Path(source)
        if path.parent == self.folder / inside:
            return Placed(source, f"{inside}/{path.name}", "kept")
        return None

    def _put(self, source: str, inside: str) -> Placed:
        if inside not in self._ready:
            make_folder(self._journal, self.folder, inside)
            self._ready.add(inside)
        wanted = Path(source).name
        if wanted.startswith(".valscope-"):
            wanted = f"_{wanted}"
        while True:
            target = f"{inside}/{self._unused(inside, wanted)}"
            if self._journal is None:
                return Placed(source, target, self.by)
            try:
                return Placed(source, target, carry_out(self._journal, self.folder, self.by, source, target))
            except FileExistsError:  # taken since it was looked up
                continue
            except OSError as error:
                if error.errno not in _BAD_NAME or safe_name(wanted) == wanted:
                    raise
                wanted = safe_name(wanted)

    def _unused(self, inside: str, wanted: str) -> str:
        """`wanted`, or the first of wanted-2, wanted-3, ... that is neither on the disk nor promised."""
        key = (inside, same(wanted))
        while True:
            self._tried[key] += 1
            name = numbered(wanted, self._tried[key])
            if os.path.lexists(self.folder / inside / name) or (inside, same(name)) in self._planned:
                continue
            if self.dry_run:
                self._planned.add((inside, same(name)))
            return name
