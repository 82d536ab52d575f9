"""Finished repetitions on disk, so that a trial that was stopped goes on and one that was made is not made again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from valscope.data.reading.cache_folder import cache_folder

SCHEMA = 2  # changes when a repetition's numbers change for the same key
MOST_FILES = 4000  # of some kilobytes each


class Keep:
    """A folder of small .npz files by key. A folder that cannot be written keeps nothing and says nothing."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or cache_folder() / "trials"

    def load(self, key: str) -> dict[str, NDArray[Any]] | None:
        """What was saved under `key`, None where nothing whole is there."""
        try:
            with np.load(self._path(key), allow_pickle=False) as file:
                return dict(file)
        except (OSError, ValueError, zipfile.BadZipFile, KeyError, EOFError):
            return None

    def save(self, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Whole or not at all."""
        path = self._path(key)
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            neighbour = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            with neighbour.open("wb") as file:
                np.savez(file, **cast(Any, dict(arrays)))
            neighbour.replace(path)
            self._make_room()

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}.npz"

    def _make_room(self) -> None:
        files = list(self.folder.glob("*.npz"))
        if len(files) > MOST_FILES:
            for old in sorted(files, key=lambda p: p.stat().st_mtime)[: len(files) - MOST_FILES]:
                old.unlink(missing_ok=True)


def key_of(*what: Any) -> str:
    """A name for anything that JSON can write."""
    text = json.dumps([SCHEMA, *what], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
