"""Where cached pixels lie, how much room they may take, and which old ones make room for new ones."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import PIL

from valscope.nouns.preparation import Preparation

# Changes whenever decoding or resizing changes its result, so that old pixels are not mistaken for new ones.
DECODING = 2
# A full disk harms more than decoding anew: never more than this, nor than a quarter of what is free.
MOST_BYTES = 8 * 2**30
FREE_SHARE = 0.25
# A store used within the last hour may be in use by another process.
IN_USE_SECONDS = 3600
INDEX = "index.sqlite3"
_STORE = "store-"


def cache_folder() -> Path:
    """Environment variable VALSCOPE_CACHE, or valscope's folder in the platform's place for caches."""
    given = os.environ.get("VALSCOPE_CACHE")
    if given:
        return Path(given).expanduser()
    try:
        return _platform_folder() / "valscope"
    except RuntimeError:  # no home, as in some containers
        return Path(tempfile.gettempdir()) / "valscope"


def _platform_folder() -> Path:
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")


def store_name(preparation: Preparation) -> str:
    """Folder name of the store for a preparation's pixels, as decoded by this version of valscope and Pillow."""
    key = repr((preparation.pixels_key(), DECODING, PIL.__version__))
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    return f"{_STORE}{preparation.height}x{preparation.width}-{preparation.colour}-{digest}"


def default_budget(folder: Path) -> int:
    """Bytes that all stores of `folder` may take together."""
    there = _nearest(folder)
    return min(MOST_BYTES, int((shutil.disk_usage(there).free + size_of(folder)) * FREE_SHARE))


def room_for(store: Path, budget: int) -> int:
    """Bytes that `store` may grow to. The least recently used other stores are removed until `budget` holds,
    except those in use."""
    others = sorted((p for p in store.parent.glob(f"{_STORE}*") if p != store), key=_last_used)
    sizes = {path: size_of(path) for path in others}
    taken = sum(sizes.values())
    for path in others:
        if taken + size_of(store) <= budget and taken <= budget / 2:
            break
        if time.time() - _last_used(path) > IN_USE_SECONDS:
            discard(path)
            taken -= sizes[path]
    return max(0, budget - taken)


def discard(store: Path) -> None:
    """Remove a store. Processes that have it open keep what they opened."""
    aside = store.with_name(f"old-{os.getpid()}-{time.time_ns()}")
    try:
        store.rename(aside)
    except OSError:
        return
    shutil.rmtree(aside, ignore_errors=True)


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder, as they lie on the disk."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:
            continue
    return total


def _last_used(store: Path) -> float:
    try:
        return (store / INDEX).stat().st_mtime
    except OSError:
        return 0.0


def _nearest(folder: Path) -> Path:
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())
