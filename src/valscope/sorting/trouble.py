"""What the disk refused, as a sentence."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from valscope.errors import DataError

_FULL = frozenset((errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)))
_FORBIDDEN = frozenset((errno.EACCES, errno.EPERM, errno.EROFS))


def trouble(error: OSError, folder: Path, by: str, source: str = "", sorted_: int = 0) -> DataError:
    """The sentence for an error that stopped sorting after `sorted_` images; `source` is the one it stopped at."""
    again = f"give the same command again to go on, or take all back with  valscope undo {folder}"
    if error.errno in _FULL:
        return DataError(
            f"The disk of {folder} is full after {sorted_:,} images; free some space and {again}"
        )
    if error.errno in _FORBIDDEN and by == "move" and source and not _writable(Path(source).parent):
        return DataError(
            f"{source} cannot be moved, because its folder is read-only; use --by copy or --by link."
        )
    if error.errno in _FORBIDDEN and (not source or os.access(source, os.R_OK)):
        return DataError(f"{folder} cannot be written ({error.strerror}); sort into another folder.")
    what = f"{source} cannot be sorted" if source else f"{folder} cannot be used"
    return DataError(f"{what} ({error.strerror or error}); {again}")


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK)
