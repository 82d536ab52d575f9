"""Files and folders that hold nothing for a diagnosis: what was found in them, and what to give instead."""

from __future__ import annotations

from collections.abc import Set
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


def damage(name: str, error: InputError) -> str:
    """What is wrong with a file, for a line that begins with its name."""
    return str(error).removeprefix(name).strip(" .")


def refuse_useless(folder: Path, read: Set[str], held: Set[str]) -> None:
    """Raises InputError for a folder in and below which nothing lies that any reader could take.

    read  endings of texts, code and models;  held  of arrays.
    """
    from valscope.data.sources.walk import EXTENSIONS, Walk

    files = [Path(file) for file in islice(Walk(str(folder)).files(str(folder)), SEARCHED)]
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
