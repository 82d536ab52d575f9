"""What names alone show about labelled files: names that occur twice, class sets that differ between parts,
class folders whose images all lie one level deeper."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode_reasons import shown
from valscope.nouns.dataset import PARTS, Dataset, Files, Notice, Part


def oddities(dataset: Dataset) -> tuple[Notice, ...]:
    """Notices about the names, labels and parts of a dataset."""
    found = _parts_differ(dataset)
    if isinstance(dataset.content, Files):
        found += _same_file_names(dataset) + _one_level_deeper(dataset)
    return tuple(found)


def _same_file_names(dataset: Dataset) -> list[Notice]:
    """One file name in several classes, and names that differ only in case within one folder.

    Bare numbers (0001.png) are how images are counted in each class and say nothing.
    """
    classes_of: dict[str, set[int]] = defaultdict(set)
    files = [name.rpartition("/")[2] for name in dataset.names]
    for file, label in zip(files, dataset.labels.tolist()):
        if not file.rpartition(".")[0].isdigit():
            classes_of[file].add(label)
    twice = {file for file, classes in classes_of.items() if len(classes) > 1}
    notices = []
    if twice:
        items = tuple(name for name, file in zip(dataset.names, files) if file in twice)
        text = (
            f"File names that occur in more than one class: {len(twice):,}, such as {shown(min(twice))}. Harmless where "
            f"numbering starts anew in each class, a fault where images were copied."
        )
        notices.append(Notice("duplicate_name", text, items))
    folded = Counter(name.casefold() for name in dataset.names)
    alike = tuple(name for name in dataset.names if folded[name.casefold()] > 1)
    if alike:
        text = f"File names that differ only in case, and would overwrite each other on some systems: {len(alike):,}."
        notices.append(Notice("case_names", text, alike))
    return notices


def _one_level_deeper(dataset: Dataset) -> list[Notice]:
    """Subfolders, where every image lies in one: perhaps they are the classes."""
    if dataset.parts is not None:
        return []
    steps = [name.split("/") for name in dataset.names]
    inner = Counter(step[1] for step in steps if len(step) == 3)
    if sum(inner.values()) < len(steps) or len(inner) < 2:
        return []
    some = ", ".join(map(shown, sorted(inner)[:6]))
    text = f"All images lie in subfolders of the class folders ({some}); if those are the classes, give the folder above."
    return [Notice("subfolders", text, tuple(sorted(inner)))]


def _parts_differ(dataset: Dataset) -> list[Notice]:
    if dataset.parts is None:
        return []
    parts = np.array(dataset.parts)
    here: list[Part] = [part for part in PARTS if (parts == part).any()]
    notices = []
    for part in here:
        lacking = _lacking(dataset.labels[parts == part], dataset.classes)
        if lacking:
            names = ", ".join(map(shown, lacking))
            text = (
                f"The part {part} has no image of {len(lacking)} of {len(dataset.classes)} classes: {names}."
            )
            notices.append(Notice("class_sets_differ", text, lacking))
    return notices


def _lacking(labels: NDArray[np.int64], classes: Sequence[str]) -> tuple[str, ...]:
    present = set(np.unique(labels).tolist())
    return tuple(name for i, name in enumerate(classes) if i not in present)
