"""Pairs from what two runs kept: images that are in the untouched test part of both. Needs neither the images nor
a network."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from valscope.comparison.pairs import Pairs
from valscope.data.splitting.manifest import Manifest, read_manifest
from valscope.errors import DataError, RunError
from valscope.nouns.dataset import Notice
from valscope.run import Run


@dataclass(frozen=True, slots=True)
class Answer:
    """What is known of one test image of a run."""

    name: str
    true: str
    said: str
    group: str


def stored_pairs(a: Run, b: Run) -> Pairs:
    """Raises DataError where an image that one run was tested on was trained on by the other, or none is shared."""
    seen_a, seen_b = manifest_of(a), manifest_of(b)
    answers_a, answers_b = answers(a, seen_a), answers(b, seen_b)
    leaks_a = len(touched(seen_b) & answers_a.keys())
    leaks_b = len(touched(seen_a) & answers_b.keys())
    if leaks_a or leaks_b:
        raise DataError(
            f"{leaks_a:,} of the {len(answers_a):,} test images of {a.folder} were trained on by {b.folder}, and "
            f"{leaks_b:,} of the {len(answers_b):,} of {b.folder} by {a.folder}, so these runs cannot be compared on what "
            "they kept. Give labelled images with --data: only those that neither has trained on are used."
        )
    shared = [sha for sha in answers_a if sha in answers_b]
    if not shared:
        raise DataError(
            f"The test parts of {a.folder} ({len(answers_a):,} images) and {b.folder} ({len(answers_b):,}) share no image; "
            "give labelled images with --data."
        )
    return _pairs([(answers_a[sha], answers_b[sha]) for sha in shared], a, b)


def _pairs(found: list[tuple[Answer, Answer]], a: Run, b: Run) -> Pairs:
    agreed = [(x, y) for x, y in found if x.true == y.true]
    notices = []
    if len(agreed) < len(found):
        odd = tuple(x.name for x, y in found if x.true != y.true)
        text = f"{len(odd):,} images have another class in the two runs and are left out."
        notices.append(Notice("relabelled", text, odd))
    if not agreed:
        raise DataError(
            f"All {len(found):,} shared test images of {a.folder} and {b.folder} have different classes."
        )
    classes = tuple(dict.fromkeys((*a.classes, *b.classes)))
    number = {name: i for i, name in enumerate(classes)}
    groups = tuple(x.group or y.group or f"image {i}" for i, (x, y) in enumerate(agreed))
    return Pairs(
        classes,
        np.array([number[x.true] for x, _ in agreed], np.int64),
        np.array([x.said == x.true for x, _ in agreed], np.bool_),
        np.array([y.said == y.true for _, y in agreed], np.bool_),
        groups,
        tuple(notices),
    )


def manifest_of(run: Run) -> Manifest:
    """The split that a run was trained with. Raises RunError where it is missing."""
    path = run.folder / "split.csv"
    if not path.is_file():
        raise RunError(f"{run.folder} has no split.csv, so nobody knows what it was trained on.")
    return read_manifest(path, run.classes)


def touched(manifest: Manifest) -> set[str]:
    """Hashes of the items that trained or chose the epoch."""
    return {sha for sha, part in zip(manifest.hashes, manifest.parts) if sha and part != "test"}


def answers(run: Run, manifest: Manifest) -> Mapping[str, Answer]:
    """The run's answers to its test part, by hash of the image; of identical images the first."""
    path = run.folder / "test.csv"
    if not path.is_file():
        raise RunError(f"{run.folder} kept no test part; give labelled images with --data.")
    rows = _rows(run)
    index = manifest.index("test").tolist()
    if [row[0] for row in rows] != [manifest.names[i] for i in index]:
        raise RunError(f"{path} does not fit the split.csv beside it; give labelled images with --data.")
    found: dict[str, Answer] = {}
    for i, (name, true, said) in zip(index, rows, strict=True):
        if manifest.hashes[i]:
            found.setdefault(manifest.hashes[i], Answer(name, true, said, manifest.groups[i]))
    if not found:
        raise RunError(f"{run.folder} kept no hashes of its test images; give labelled images with --data.")
    return found


def _rows(run: Run) -> list[tuple[str, str, str]]:
    path = run.folder / "test.csv"
    try:
        with path.open(encoding="utf-8", errors="surrogatepass", newline="") as file:
            return [(row["name"], row["true"], row["predicted"]) for row in csv.DictReader(file)]
    except (OSError, KeyError, UnicodeDecodeError, csv.Error) as error:
        raise RunError(f"{path} cannot be read ({error}); give labelled images with --data.") from None
