"""Small data, code and models as users hand them over."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
from PIL import Image

from valscope.case import Case, open_case

NAMES = ("ash", "beech", "oak")


def photos(
    folder: Path,
    names: tuple[str, ...] = NAMES,
    each: int = 6,
    side: int = 12,
    parts: tuple[str, ...] = ("",),
) -> Path:
    """A folder of class folders, with or without parts around them."""
    rng = np.random.default_rng(0)
    for part in parts:
        for name in names:
            home = folder / part / name
            home.mkdir(parents=True)
            for number in range(each):
                Image.fromarray(rng.integers(0, 256, (side, side, 3), np.uint8)).save(
                    home / f"{number:03d}.png"
                )
    return folder


def arrays(
    path: Path, shape: tuple[int, ...] = (12, 12, 3), each: int = 6, classes: int = 3, floats: bool = False
) -> Path:
    """x and y in an .npz file, rows sorted by class."""
    rng = np.random.default_rng(0)
    x = rng.integers(0, 256, (each * classes, *shape), np.uint8)
    np.savez(path, x=(x / 255).astype(np.float32) if floats else x, y=np.repeat(np.arange(classes), each))
    return path


def vectors(path: Path, size: int = 16, classes: int = 3) -> Path:
    """Feature vectors."""
    rng = np.random.default_rng(0)
    np.savez(path, x=rng.random((6 * classes, size), np.float32), y=np.repeat(np.arange(classes), 6))
    return path


def case(tmp_path: Path, code: str, *others: Path, log: str = "") -> Case:
    """A case of a script, a log and other files."""
    (tmp_path / "train.py").write_text(dedent(code))
    files = [tmp_path / "train.py", *others]
    if log:
        (tmp_path / "run.log").write_text(log)
        files.append(tmp_path / "run.log")
    return open_case([str(f) for f in files])


def layer(kind: str, **config: Any) -> dict[str, Any]:
    """One layer as Keras 3 saves it."""
    return {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": kind.lower(), **config},
        "registered_name": None,
    }


def keras_file(
    path: Path, *layers: dict[str, Any], loss: str = "categorical_crossentropy", rate: float = 0.001
) -> Path:
    """A .keras file of a Sequential without its weights."""
    config = {
        "module": "keras", "class_name": "Sequential", "config": {"name": "net", "layers": list(layers)},
        "compile_config": {"optimizer": {"class_name": "Adam", "config": {"learning_rate": rate}}, "loss": loss},
    }  # fmt: skip
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("config.json", json.dumps(config))
        archive.writestr("metadata.json", '{"keras_version": "3.5.0"}')
    return path
