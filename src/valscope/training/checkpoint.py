"""The state of an unfinished training as one file that is always whole.

Written to a neighbour, flushed to the disk and renamed over the old one: a kill at any moment leaves either
the old state or the new one.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from valscope.codec import from_plain, to_plain
from valscope.errors import RunError

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Position:
    """Where a training stands.

    stage, epoch, step   epoch counts from 0 over all stages; step is the next batch of that epoch.
    stage_epoch          epochs finished in this stage.
    best, best_epoch     the best validation loss so far, and its epoch (-1 for none).
    waited               epochs since the best one of this stage.
    base_rate, rate      the learning rate found for the first stage, and this stage's share of it.
    loss_sum, right_sum, seen   running sums over the images of the unfinished epoch.
    finished             nothing is left to train.
    """

    stage: int = 0
    epoch: int = 0
    step: int = 0
    stage_epoch: int = 0
    best: float = float("inf")
    best_epoch: int = -1
    waited: int = 0
    base_rate: float = 0.0
    rate: float = 0.0
    loss_sum: float = 0.0
    right_sum: float = 0.0
    seen: int = 0
    finished: bool = False
    seconds: float = 0.0


def write_atomically(path: Path, data: bytes) -> None:
    """Replace `path` by `data` so that no reader ever sees half of it."""
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with neighbour.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    neighbour.replace(path)


def save_arrays(path: Path, arrays: Arrays, position: Position | None = None) -> None:
    """Write arrays, and the position if there is one, as an .npz file."""
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    extra = {} if position is None else {"position": _packed(position)}
    with neighbour.open("wb") as file:
        np.savez(file, **cast(Any, {f"a/{k}": v for k, v in arrays.items()} | extra))
        file.flush()
        os.fsync(file.fileno())
    neighbour.replace(path)


def load_arrays(path: Path) -> tuple[dict[str, NDArray[Any]], Position | None]:
    """What `save_arrays` wrote. Raises RunError when the file is damaged."""
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {k[2:]: file[k] for k in file.files if k.startswith("a/")}
            position = _unpacked(file["position"]) if "position" in file.files else None
    except (OSError, ValueError, zipfile.BadZipFile, KeyError) as error:
        raise RunError(f"{path} is damaged ({error}); remove it to start again from the recipe.") from None
    return arrays, position


def _packed(position: Position) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(to_plain(position)).encode(), np.uint8)


def _unpacked(data: NDArray[np.uint8]) -> Position:
    return from_plain(Position, json.loads(data.tobytes().decode()))
