"""A folder of class folders, with or without train, validation and test folders around them."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.parts import part_of
from valscope.data.sources.raw import Raw, safe_name
from valscope.data.sources.walk import EXTENSIONS, Walk, suffix
from valscope.errors import DataError
from valscope.nouns.dataset import Files, Notice, Part


@dataclass(frozen=True, slots=True)
class _Level:
    """The folder whose subfolders are classes, and the part it stands for."""

    folder: str
    part: Part | None


def read_folder(folder: str) -> Raw:
    """Images of a folder with their class folder's name as label.

    Raises DataError where there are no images or no class folders.
    """
    root = str(Path(folder).absolute())
    walk = Walk(root)
    notices: list[Notice] = []
    levels = _levels(root, walk, notices)
    paths: list[str] = []
    labels: list[str] = []
    parts: list[Part | None] = []
    for level in levels:
        folders, files = walk.entries(level.folder)
        _loose(files, walk, notices)
        for class_folder in folders:
            before = len(paths)
            paths.extend(walk.images(class_folder))
            labels.extend([safe_name(Path(class_folder).name)] * (len(paths) - before))
            parts.extend([level.part] * (len(paths) - before))
            if len(paths) == before:
                notices.append(_empty_class(walk.name(class_folder)))
    if not paths:
        raise _nothing(folder, root, walk)
    names = tuple(walk.name(path) for path in paths)
    inner = _inner_parts(paths, levels) if None in parts else None
    given = tuple(part for part in parts if part)
    return Raw(
        Files(tuple(paths)),
        names,
        labels,
        folder,
        parts=given if len(given) == len(paths) else inner,
        by_folder=True,
        notices=(*notices, *walk.notices()),
    )


def _levels(root: str, walk: Walk, notices: list[Notice]) -> list[_Level]:
    """Find where the class folders are: here, under part folders, or further down."""
    folder = _descended(root, walk, notices)
    beside = _quiet(folder)[0]
    named = {path: part for path in beside if (part := part_of(Path(path).name))}
    found = {path: part for path, part in named.items() if _holds_folders(path)}
    distinct = set(found.values())
    if len(distinct) < 2 and not (found and set(beside) == set(named)):
        if len(set(named.values())) > 1 and set(beside) == set(named):
            raise _flat_parts(folder)
        return [_Level(folder, None)]
    unread = tuple(walk.name(path) for path in beside if path not in found)
    if unread:
        names = ", ".join(map(shown, unread))
        notices.append(Notice("not_a_part", f"Folders without class folders were not read: {names}.", unread))
    return [
        _Level(_descended(path, walk, notices), part if len(distinct) > 1 else None)
        for path, part in found.items()
    ]


def _descended(folder: str, walk: Walk, notices: list[Notice]) -> str:
    """Go down while all images lie in one folder that itself holds folders of images."""
    start = folder
    while True:
        folders, files = _quiet(folder)
        holding = [inner for inner in folders if _holds_images(inner)]
        if (
            any(suffix(path) in EXTENSIONS for path in files)
            or len(holding) != 1
            or not _holds_folders(holding[0])
        ):
            break
        folder = holding[0]
    if folder != start:
        text = (
            f"{shown(walk.name(folder))} was read, because all images of {shown(Path(start).name)} lie in it."
        )
        notices.append(Notice("descended", text, (walk.name(folder),)))
    return folder


def _quiet(folder: str) -> tuple[list[str], list[str]]:
    return Walk(folder).entries(folder)


def _holds_images(folder: str) -> bool:
    return next(Walk(folder).images(folder), None) is not None


def _holds_folders(folder: str) -> bool:
    return any(map(_holds_images, _quiet(folder)[0]))


def _loose(files: list[str], walk: Walk, notices: list[Notice]) -> None:
    loose = tuple(walk.name(path) for path in files if walk.is_image(path))
    if loose:
        text = (
            f"{len(loose):,} images lie outside the class folders and were left out: their class is unknown."
        )
        notices.append(Notice("loose_images", text, loose))


def _empty_class(name: str) -> Notice:
    text = (
        f"The class folder {shown(name)} holds no readable image and is no class here; Keras would count it."
    )
    return Notice("empty_class", text, (name,))


def _inner_parts(paths: list[str], levels: list[_Level]) -> tuple[Part, ...] | None:
    """Parts where each class folder is itself divided (cat/train, cat/test)."""
    base = levels[0].folder
    found = []
    for path in paths:
        steps = Path(os.path.relpath(path, base)).parts
        part = part_of(steps[1]) if len(steps) > 2 else None
        if part is None:
            return None
        found.append(part)
    return tuple(found) if len(set(found)) > 1 else None


def _flat_parts(folder: str) -> DataError:
    return DataError(
        f"{shown(folder)} has folders for parts ({', '.join(shown(Path(p).name) for p in _quiet(folder)[0])}) with "
        f"images but no class folders in them; make one folder for each class inside each part, or give a table."
    )


def _nothing(folder: str, root: str, walk: Walk) -> DataError:
    files = _quiet(root)[1]
    loose = [path for path in files if suffix(path) in EXTENSIONS]
    tables = [path for path in files if suffix(path) in (".csv", ".tsv", ".parquet")]
    arrays = [path for path in files if suffix(path) in (".npz", ".npy")]
    if loose and tables:
        advice = f"give its table instead: {shown(Path(folder) / Path(tables[0]).name)}"
    elif loose:
        advice = (
            "put the images of each class into a folder of that name, or give a table with path and label"
        )
    elif arrays:
        advice = f"give its arrays instead: {shown(Path(folder) / Path(arrays[0]).name)}"
    elif walk.empty or walk.others or walk.unreadable:
        advice = (
            f"what lies there are {len(walk.empty)} empty, {len(walk.others)} other and "
            f"{len(walk.unreadable)} unreadable files"
        )
    else:
        advice = "give a folder that holds one folder of images for each class"
    return DataError(
        f"{shown(folder)} has {len(loose):,} images outside and none inside class folders; {advice}."
    )
