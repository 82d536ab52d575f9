"""What the paths of a table mean: where they start, and how they were written."""

from __future__ import annotations

import os

# A file name without an extension stands for the first of these that exists.
_GUESSED = (".jpg", ".png", ".jpeg", ".tif", ".tiff", ".webp", ".bmp", ".JPG", ".PNG")


def base_folder(values: list[str], folder: str) -> str:
    """The folder itself, or the folder inside it under which the first paths exist."""
    bases = [folder, *_folders(folder)]
    return next((b for b in bases if any(exists(resolved(at(b, v))) for v in values[:5])), folder)


def _folders(folder: str) -> list[str]:
    try:
        return sorted(entry.path for entry in os.scandir(folder) if entry.is_dir())
    except OSError:
        return []


def at(base: str, value: str) -> str:
    """The path of a cell."""
    return os.path.join(base, value)  # noqa: PTH118 (a path of 100,000; an absolute value wins)


def exists(path: str) -> bool:
    """Whether it is a file."""
    return os.path.isfile(path)  # noqa: PTH113 (unlike Path.is_file it takes any text for an answer)


def resolved(path: str) -> str:
    """The path, or what it means where it was written on Windows or without its extension."""
    if exists(path):
        return path
    turned = path.replace("\\", "/")
    return next((turned + end for end in ("", *_GUESSED) if exists(turned + end)), path)
