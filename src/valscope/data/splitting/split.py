"""Which items train, which choose the epoch, and which are only scored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np

from valscope.data.splitting.allocate import allocate, units
from valscope.data.splitting.manifest import Manifest
from valscope.data.splitting.split_notes import notes
from valscope.errors import SplitError
from valscope.nouns.dataset import Dataset, Part
from valscope.nouns.recipe import Split

Parted: TypeAlias = tuple[list[Part], list[str]]  # a part for each item, and what is to be said


def split(
    dataset: Dataset,
    spec: Split,
    groups: Sequence[str] | None = None,
    hashes: Sequence[str] | None = None,
) -> Manifest:
    """The manifest of a split; a pure function of its arguments, whatever the order of files in a class.

    groups  the group of each item, "" for one that stands alone; None for no groups. "stratified" keeps a
            group on one side; "tail" and "given" keep the slice or the given parts and report what leaks.
    hashes  sha256 of each item as hex, for the record.

    A class that cannot be held out (one image, or one group) trains only, and a note says so. Raises
    SplitError for shares that leave nothing to train on, for items without a label, for a "given" split
    without given parts, and where nothing at all can be held out.
    """
    _check(dataset, spec)
    labels = tuple(dataset.labels.tolist())
    blank = ("",) * len(dataset)
    keys = blank if groups is None else tuple(groups)
    draft = Manifest(
        dataset.classes, dataset.names, labels, keys, blank if hashes is None else tuple(hashes), ()
    )
    if not len(draft) == len(keys) == len(draft.hashes) == len(labels):
        raise ValueError(f"needs a group and a hash for each of {len(draft)} items")
    kinds = {"stratified": _stratified, "tail": _tail, "given": _given, "class_head": _class_head}
    parts, said = kinds[spec.kind](draft, spec, dataset.parts)
    done = replace(draft, parts=tuple(parts))
    return replace(done, notes=(*said, *notes(done, spec)))


def _check(dataset: Dataset, spec: Split) -> None:
    if not (spec.val >= 0 and spec.test >= 0 and spec.val + spec.test < 1):
        raise SplitError(
            "The shares of val and test must be 0 or more and leave something to train on; "
            f"got val={spec.val:g} and test={spec.test:g}."
        )
    if not len(dataset):
        raise SplitError(f"There is nothing to split: {dataset.origin} holds no items.")
    unknown = np.flatnonzero(dataset.labels < 0)
    if len(unknown):
        raise SplitError(
            f"{len(unknown)} of {len(dataset)} items have no label (such as {dataset.names[unknown[0]]!r}): "
            "give each a class or leave them out."
        )


def _deal(
    draft: Manifest, rows: Sequence[int], shares: dict[Part, float], first: dict[Part, int], seed: int
) -> list[Part]:
    """A part for each of `rows`, stratified and grouped; `first` as in `allocate`."""
    names, labels = [draft.names[i] for i in rows], [draft.labels[i] for i in rows]
    dealt = units(names, labels, [draft.groups[i] for i in rows], seed)
    parts: list[Part] = ["train"] * len(rows)
    for unit, part in zip(dealt, allocate(dealt, shares, first)):
        for i in unit.rows:
            parts[i] = part
    return parts


def _stratified(draft: Manifest, spec: Split, given: Sequence[Part] | None) -> Parted:
    shares: dict[Part, float] = {"train": 1 - spec.val - spec.test, "val": spec.val, "test": spec.test}
    # the scoring part comes before the one that chooses the epoch, where a class is too small for both
    first: dict[Part, int] = {"train": 1, "test": 2, "val": 3} if spec.test else {"train": 1, "val": 2}
    parts = _deal(draft, range(len(draft)), shares, first, spec.seed)
    if spec.val + spec.test > 0 and set(parts) == {"train"}:
        raise SplitError(
            f"Nothing can be held out: each of the {len(set(draft.labels))} classes has one image, or one "
            "group of images that must stay together. Give at least two a class."
        )
    return parts, []


def _tail(draft: Manifest, spec: Split, given: Sequence[Part] | None) -> Parted:
    """Keras' slice: `validation_split=f` trains on the first floor(n * (1 - f)) rows as they stand
    (keras/src/trainers/data_adapters/array_slicing.py). A test part is cut off the end before."""
    n = len(draft)
    seen = math.floor(n * (1.0 - spec.test))
    at = math.floor(seen * (1.0 - spec.val))
    if at == 0 or (spec.val > 0 and at == seen) or (spec.test > 0 and seen == n):
        raise SplitError(
            f"{n} rows are too few to cut a tail of val={spec.val:g} and test={spec.test:g}; "
            "give more rows or other shares."
        )
    cuts = [f"the last {100 * spec.test:.3g} % of the rows for test"] if spec.test > 0 else []
    if spec.val > 0:
        cuts.append(f"the last {100 * spec.val:.3g} % of the {'rest' if cuts else 'rows'} for val")
    note = f"Tail split: {', then '.join(cuts)}, as they stand, unshuffled (Keras' validation_split)."
    parts: list[Part] = ["test"] * n
    parts[:seen] = ["val"] * seen
    parts[:at] = ["train"] * at
    return parts, [note]


def _class_head(draft: Manifest, spec: Split, given: Sequence[Part] | None) -> Parted:
    """Keras' `subset`: the first int(n * f) rows of each class validate, the next ones are the test part
    (keras/src/legacy/preprocessing/image.py, _list_valid_filenames_in_directory)."""
    labels = np.asarray(draft.labels)
    parts: list[Part] = ["train"] * len(draft)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        val, both = int(len(rows) * spec.val), int(len(rows) * (spec.val + spec.test))
        for place, row in enumerate(rows[:both].tolist()):
            parts[row] = "val" if place < val else "test"
    return parts, [f"The first {100 * spec.val:.3g} % of each class validate, as they stand (Keras' subset)."]


def _given(draft: Manifest, spec: Split, given: Sequence[Part] | None) -> Parted:
    if given is None:
        raise SplitError(
            "The split asked for is the given one, but the data come without train and validation parts."
        )
    has = set(given)
    if "train" not in has:
        raise SplitError(
            f"The source gives only {' and '.join(sorted(has))} parts: there is nothing to train on."
        )
    if has == {"train"}:
        return _stratified(draft, spec, None)[0], ["The source gives a train part only: it was split anew."]
    if has == {"train", "val", "test"}:
        return list(given), []
    parts: list[Part] = ["test" if p == "val" else p for p in given]
    rows = [i for i, p in enumerate(given) if p == "train"]
    shares: dict[Part, float] = {"train": 1 - spec.val, "val": spec.val}
    for i, part in zip(rows, _deal(draft, rows, shares, {"train": 1, "val": 3}, spec.seed)):
        parts[i] = part
    chosen, scored = parts.count("val"), parts.count("test")
    source = "test but no val: "
    if "val" in has:
        source = f"val but no test: its val ({scored} images) is the untouched test part, and "
    said = f"{chosen} of its {len(rows)} train images choose the epoch instead of training."
    return parts, [f"The source gives train and {source}{said}"]
