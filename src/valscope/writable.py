"""Whether what is asked for can be written: said before the work, whose result would otherwise be lost."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path


def why_no_file(path: str | os.PathLike[str]) -> str:
    """Why no file can be written there, in the words of the system; "" where one can. Nothing is left behind."""
    try:
        return _no_file(Path(path))
    except OSError as error:
        return error.strerror or str(error)


def why_no_folder(path: str | os.PathLike[str], files: Sequence[str] = ()) -> str:
    """The same for a folder, which may be there already or is made with those above it, and for `files` in it."""
    try:
        return _no_folder(Path(path), files)
    except OSError as error:
        return error.strerror or str(error)


def _no_file(path: Path) -> str:
    if path.is_dir():
        return "it is a folder"
    if path.exists() and not os.access(path, os.W_OK):
        return "Permission denied"
    return _not_in(path.parent)


def _no_folder(path: Path, files: Sequence[str]) -> str:
    if path.is_dir():
        wrong = (f"{name}: {why}" for name in files if (why := _no_file(path / name)))
        return next(wrong, "") or _not_in(path)
    if path.is_symlink():
        return "a link that leads nowhere"
    if path.exists():
        return "it is a file"
    return _not_in(next(p for p in path.absolute().parents if p.exists() or p.is_symlink()))


def _not_in(folder: Path) -> str:
    """Asked by writing: neither a disk mounted for reading only nor a full one shows in the permissions."""
    if folder.exists() and not folder.is_dir():
        return f"{folder} is a file"
    with tempfile.TemporaryFile(dir=folder):
        return ""
