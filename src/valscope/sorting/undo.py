"""Taking back what sorting did, from its journal."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from valscope.errors import InputError, UsageError
from valscope.sorting import disk
from valscope.sorting.journal import NAME, Journal, Record, Step, read_journal
from valscope.sorting.settle import settle


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back.

    restored  images moved back to where they were;  removed  copies and links taken away.
    kept      what stays, as (path, reason); nothing of it was touched.
    """

    restored: int
    removed: int
    kept: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class _Tally:
    restored: int = 0
    removed: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)


def undo(folder: str | os.PathLike[str], dry_run: bool = False) -> Undone:
    """Move images back, take away copies and links that are as they were made, and keep everything else.

    May be killed and started again. With `dry_run` nothing is touched and the answer says what would happen.
    Raises UsageError where `folder` was not sorted by valscope, InputError where its journal is not its own.
    """
    root = Path(folder).expanduser().resolve()
    if not (root / NAME).is_file():
        raise UsageError(
            f"{root} holds no {NAME}: valscope has sorted nothing there, or it was taken back already."
        )
    if dry_run:
        record = read_journal(root / NAME)
        _check(root, record)
        return _all(root, record, None)
    try:
        journal = Journal(root)
    except BlockingIOError:
        raise UsageError(f"Another valscope is working in {root}; wait until it is done.") from None
    except OSError as error:
        raise InputError(f"{root} cannot be written ({error.strerror}); nothing was taken back.") from error
    try:
        _check(root, journal.record)
        found = _all(root, journal.record, journal)
    finally:
        journal.close()
    if not found.kept:
        (root / NAME).unlink(missing_ok=True)
        if journal.record.header is not None and journal.record.header.made:
            with contextlib.suppress(OSError):  # not empty: something else is in it
                root.rmdir()
    return found


def _check(root: Path, record: Record) -> None:
    """The journal belongs to this very folder and names nothing outside it."""
    state = root.stat()
    if record.header is not None and tuple(record.header.folder) != (state.st_dev, state.st_ino):
        raise InputError(
            f"The journal in {root} was written for another folder, of which this one is a copy; take the sorting back "
            "where it was done."
        )
    for step in record.steps.values():
        parts = PurePosixPath(step.target).parts
        depth = 1 if step.act == "mkdir" else 2
        if (
            len(parts) != depth
            or ".." in parts
            or PurePosixPath(step.target).is_absolute()
            or "\\" in step.target
        ):
            raise InputError(
                f"The journal in {root} names {step.target!r}, which lies outside; nothing was taken back."
            )


def _all(root: Path, record: Record, journal: Journal | None) -> Undone:
    tally = _Tally()
    for step in record.pending():
        try:
            kept = _take_back(root, step, record, tally, journal is None)
        except OSError as error:
            kept = f"it cannot be taken back ({error.strerror or error})"
        if kept:
            tally.kept.append((str(root / step.target), kept))
        elif journal is not None:
            journal.undone(step)
    return Undone(tally.restored, tally.removed, tuple(tally.kept))


def _take_back(root: Path, step: Step, record: Record, tally: _Tally, dry: bool) -> str:
    """Undo one step; the reason where it must stay, else ""."""
    target = root / step.target
    if target.parent != root and target.parent.is_symlink():
        return "its folder has become a link"
    if record.status[step.number] == "open" and not dry and not settle(root, step):
        return ""
    if step.act == "mkdir":
        return _remove_folder(target, dry)
    source = Path(step.source)
    if not os.path.lexists(target):
        if step.act in ("copy", "link") or os.path.lexists(source):
            return ""
        return "it is no longer there, so it cannot be moved back"
    if step.act in ("move", "relink"):
        return _move_back(step, source, target, tally, dry)
    return _remove(step, source, target, record.seen.get(step.number), tally, dry)


def _remove_folder(folder: Path, dry: bool) -> str:
    if not dry:
        with contextlib.suppress(OSError):  # whoever put something in keeps the folder
            folder.rmdir()
    return ""


def _move_back(step: Step, source: Path, target: Path, tally: _Tally, dry: bool) -> str:
    unfinished = source.parent / step.unfinished
    if not dry:  # what an undo that was killed left behind
        unfinished.unlink(missing_ok=True)
        if disk.only_holds_name(source):
            source.unlink()
    if os.path.lexists(source):
        if _half_moved(step, source, target):
            if not dry:
                target.unlink()
            tally.restored += 1
            return ""
        return f"something else is at {source} now"
    if not dry:
        source.parent.mkdir(parents=True, exist_ok=True)
        if step.act == "relink":
            source.symlink_to(step.text)
            target.unlink()
        else:
            disk.move(target, source, unfinished)
    tally.restored += 1
    return ""


def _half_moved(step: Step, source: Path, target: Path) -> bool:
    """Whether an undo was interrupted between making the old name and taking away the new one."""
    if step.act == "relink":
        return source.is_symlink() and str(source.readlink()) == step.text
    return disk.same_file(source, target) or (not source.is_symlink() and disk.same_content(source, target))


def _remove(
    step: Step, source: Path, target: Path, seen: tuple[int, int] | None, tally: _Tally, dry: bool
) -> str:
    if not source.exists() or (not target.is_symlink() and source.resolve() == target):
        return f"its original {source} is gone"
    if not _as_made(step, source, target, seen):
        return "it was changed since"
    if not dry:
        target.unlink()
    tally.removed += 1
    return ""


def _as_made(step: Step, source: Path, target: Path, seen: tuple[int, int] | None) -> bool:
    state = target.lstat()
    if step.act == "link":
        return disk.leads_to(source, target)
    return seen == (state.st_size, state.st_mtime_ns) or disk.same_content(source, target)
