"""Files and folders that hold nothing for a diagnosis: what was found in them, and what to give instead."""

from __future__ import annotations

import os
from collections.abc import Iterator, Set
from itertools import islice
from pathlib import Path

from valscope.errors import InputError

SEARCHED = 10_000  # files of a folder looked through for anything that can be read


def one_image(path: Path) -> str:
    """What one image is: sound, or damaged and how."""
    from PIL import Image

    from valscope.data.pixels.decode_reasons import reason

    try:
        with Image.open(path) as image:
            image.load()
            return f"{path} is one image of {image.width} x {image.height} pixels"
    except Exception as error:  # a damaged file can raise almost anything
        return f"{path} cannot be read as an image ({reason(error, path.read_bytes())})"


def refuse_useless(folder: Path, read: Set[str], held: Set[str]) -> None:
    """Raises InputError for a folder in and below which nothing lies that any reader could take.

    read  endings of texts, code and models;  held  of arrays.
    """
    from valscope.data.sources.walk import EXTENSIONS

    files = list(islice(_files(folder), SEARCHED))
    if any(not p.suffix or p.suffix.lower() in EXTENSIONS | held for p in files):
        return
    below = next((p.parent for p in files if p.suffix.lower() in read), None)
    if below is not None:
        raise InputError(f"{folder} itself holds nothing to diagnose, but {below} does; give that folder.")
    names = ", ".join(sorted(str(p.relative_to(folder)) for p in files)[:3])
    found = f"holds only {names}{' and others' if len(files) > 3 else ''}" if files else "is empty"
    raise InputError(
        f"{folder} {found}: looked for scripts and notebooks (.py, .ipynb), logs and posts (.txt, .log, .csv, .md, .json), "
        "saved models (.keras, .h5), arrays (.npz, .npy) and folders of images; give the files of one training, or the "
        "folder that they lie in."
    )


def _files(folder: Path) -> Iterator[Path]:
    """Files in and below the folder, links to folders followed once; hidden ones are left out."""
    seen: set[Path] = set()
    for at, folders, files in os.walk(folder, followlinks=True):
        real = Path(at).resolve()
        folders[:] = [] if real in seen else sorted(f for f in folders if not f.startswith("."))
        if real not in seen:
            seen.add(real)
            yield from (Path(at, f) for f in sorted(files) if not f.startswith(".") and Path(at, f).is_file())
