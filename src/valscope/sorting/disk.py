"""Copying, moving and linking one file so that nothing is ever overwritten and a kill loses nothing.

Each function raises FileExistsError where the target is taken, and leaves the source whole until the target is.
"""

from __future__ import annotations

import contextlib
import errno
import filecmp
import os
import shutil
from pathlib import Path
from typing import Literal

How = Literal["copy", "move", "relink", "link", "symlink"]
# A file system without hard links (FAT, some network drives), or a kernel that forbids them on other people's files.
_NO_LINKS = frozenset(
    getattr(errno, name)
    for name in ("EPERM", "EACCES", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EINVAL")
    if hasattr(errno, name)
)

HOLDS = b"valscope holds this name for an image that is on its way.\n"


def copy(source: Path, target: Path, unfinished: Path, sync: bool = False) -> None:
    """A copy with the source's times and mode, made as `unfinished` in the target's folder and then renamed.

    sync  wait until the bytes are on the disk: needed where the source is to go.
    """
    try:
        _copy_bytes(source, unfinished, sync)
        land(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def move(source: Path, target: Path, unfinished: Path) -> None:
    """The file itself, under another name. On another disk: a copy that is on disk before the source goes."""
    try:
        land(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy(source, target, unfinished, sync=True)
        _sync_folder(target.parent)
        remove_moved(source, target)


def relink(source: Path, target: Path) -> None:
    """Move a symbolic link: its target is made absolute, because a relative one would lead elsewhere."""
    target.symlink_to(source.resolve())
    remove_moved(source, target)


def link(source: Path, target: Path) -> How:
    """A second name for the same file, or a symbolic link where the disk has no second names or is another."""
    try:
        os.link(source.resolve(), target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS | {errno.EXDEV}:
            raise
        target.symlink_to(source.resolve())
        return "symlink"
    return "link"


def land(path: Path, target: Path) -> None:
    """Rename without overwriting. `os.rename` overwrites, so: a second name first, then away with the old one."""
    try:
        os.link(path, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _land_without_links(path, target)
        return
    remove_moved(path, target)


def _land_without_links(path: Path, target: Path) -> None:
    """Take the name with a file that nobody else can have made, then rename over it."""
    number = os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
    try:
        os.write(number, HOLDS)
        os.close(number)
        path.replace(target)
    except OSError:
        target.unlink()
        raise


def only_holds_name(path: Path) -> bool:
    """Whether a kill left a file there that was to be replaced by the real one."""
    try:
        return path.stat().st_size == len(HOLDS) and path.read_bytes() == HOLDS
    except OSError:
        return False


def remove_moved(source: Path, target: Path) -> None:
    """Take away the old name; where that is forbidden, take the new one away and keep the old."""
    try:
        source.unlink()
    except FileNotFoundError:
        return
    except OSError:
        if os.path.lexists(source):
            target.unlink()
        raise


def same_content(source: Path, target: Path) -> bool:
    """Whether `target` is a regular file with the bytes of `source`, of which it is no other name."""
    try:
        if target.is_symlink() or source.samefile(target):
            return False
        return filecmp.cmp(source, target, shallow=False)
    except OSError:
        return False


def leads_to(source: Path, target: Path) -> bool:
    """Whether `target` is a second name of `source`, or a symbolic link to it, and not the other way round."""
    try:
        reverse = source.is_symlink() and not target.is_symlink() and source.resolve() == target
        return not reverse and source.samefile(target)
    except OSError:
        return False


def same_file(source: Path, target: Path) -> bool:
    """Whether both are names of one file, neither being a symbolic link."""
    try:
        return not source.is_symlink() and not target.is_symlink() and source.samefile(target)
    except OSError:
        return False


def _copy_bytes(source: Path, target: Path, sync: bool) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    with source.open("rb") as given, os.fdopen(os.open(target, flags, 0o666), "wb") as made:
        shutil.copyfileobj(given, made, 1 << 20)
        made.flush()
        if sync:
            os.fsync(made.fileno())
    with contextlib.suppress(OSError):  # a disk that keeps no times or modes still keeps the image
        shutil.copystat(source, target)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # Windows opens no folders
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
