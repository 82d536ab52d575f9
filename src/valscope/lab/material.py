"""The user's images as the lab uses them: a probe set that nobody trains on, and the rest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from valscope.data.reading.cache import PixelCache
from valscope.data.reading.reader import Reader
from valscope.data.sources.open import open_dataset
from valscope.data.splitting.split import split
from valscope.errors import DataError, SplitError
from valscope.nouns.dataset import Dataset, Files
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import Split
from valscope.training.kinship import Kinship, kinship
from valscope.training.observer import Observer, counted

Rows = NDArray[np.int64]

PROBE = 0.25  # of the images; their relatives are put aside with them
MOST_PROBES = 1000  # half a 95 % interval is then at most 3 points
FEWEST_PROBES = 20  # below, not even 100 points against 0 in every image are told from chance by much
MOST_IMAGES = 3000  # that a trial works on: more cost time and change no verdict of this kind


@dataclass(eq=False)
class Material:
    """Readable items of a dataset.

    probe   rows that every arm is scored on and none trains on, with their relatives among `aside`.
    rest    rows that the recipes split among themselves, in the order in which the user's rows stand.
    groups  the group of each row, "" for an item that stands alone.
    assumed what was left out, one sentence each.
    """

    dataset: Dataset
    kin: Kinship
    probe: Rows
    rest: Rows
    hashes: tuple[str, ...]
    assumed: tuple[str, ...] = ()
    readers: dict[object, Reader] = field(default_factory=dict)

    def reader(self, preparation: Preparation | None) -> Reader:
        """A reader of the whole dataset for a preparation; those that share pixels share it."""
        key = None if preparation is None else preparation.pixels_key()
        if key not in self.readers:
            cache = PixelCache(preparation) if preparation is not None else None
            self.readers[key] = Reader(self.dataset, preparation, cache)
        return self.readers[key]

    @property
    def labels(self) -> Rows:
        """Class number of each row."""
        return self.dataset.labels

    @property
    def probe_groups(self) -> tuple[str, ...] | None:
        """Group of each probe image, each lone one its own; None where nothing is grouped."""
        groups = self.kin.groups
        return None if groups is None else tuple(groups[i] or f"item {i}" for i in self.probe.tolist())

    @property
    def fingerprint(self) -> str:
        """What decides a trial besides its recipe: content, labels and parts, row by row."""
        digest = hashlib.sha256()
        for name, label in zip(self.hashes, self.labels.tolist()):
            digest.update(f"{name}:{label};".encode())
        digest.update(repr((self.dataset.parts, self.probe.tolist(), self.rest.tolist())).encode())
        return digest.hexdigest()


def open_material(
    data: str,
    preparation: Preparation | None,
    observer: Observer,
    classes: tuple[str, ...] = (),
    most: int = MOST_IMAGES,
) -> Material:
    """Read the images once, find relatives, put the probe set aside.

    Raises DataError where too few images can be put aside to tell anything.
    """
    dataset = open_dataset(data, classes=classes or None)
    dataset, said = thinned(dataset.take(np.flatnonzero(dataset.labels >= 0)), most)
    reader = Reader(dataset, preparation, PixelCache(preparation) if preparation is not None else None)
    observer.phase("Reading images", len(dataset))
    damaged = reader.scan(counted(observer)).damaged
    if damaged:
        keep = np.setdiff1d(np.arange(len(dataset)), np.asarray(sorted(damaged), dtype=np.int64))
        dataset, reader = dataset.take(keep), reader.take(keep.tolist())
        said = (*said, f"{len(damaged)} images cannot be read and take no part.")
    kin = kinship(dataset, reader)
    probe, rest = put_aside(dataset, kin)
    if len(probe) < FEWEST_PROBES:
        raise DataError(
            f"A trial needs at least {FEWEST_PROBES} images to put aside, and {dataset.origin} leaves {len(probe)} of "
            f"{len(dataset)}; give more labelled images."
        )
    made = Material(dataset, kin, probe, rest, tuple(reader.hashes()), said)
    made.readers[None if preparation is None else preparation.pixels_key()] = reader
    return made


def thinned(dataset: Dataset, most: int) -> tuple[Dataset, tuple[str, ...]]:
    """At most `most` items: every so-manieth of each class, in the order in which they stand."""
    if len(dataset) <= most:
        return dataset, ()
    step = len(dataset) / most
    keep: list[int] = []
    for label in np.unique(dataset.labels):
        rows = np.flatnonzero(dataset.labels == label)
        keep += rows[np.unique((np.arange(int(len(rows) / step)) * step).astype(int))].tolist()
    return dataset.take(np.sort(np.asarray(keep, np.int64))), (
        f"Trials use {len(keep):,} of the {len(dataset):,} images, evenly from each class.",
    )


def put_aside(dataset: Dataset, kin: Kinship) -> tuple[Rows, Rows]:
    """(probe, rest): the source's own test part where it has enough and clean images, else a stratified quarter.

    Whatever is related to a probe image leaves the rest.
    """
    groups = kin.groups
    given = _given_test(dataset, groups)
    if given is not None:
        probe = given
    else:
        share = min(PROBE, MOST_PROBES / max(1, len(dataset)))
        try:
            drawn = split(dataset, Split("stratified", val=share, test=0.0, seed=20), groups)
        except SplitError as error:
            raise DataError(f"No probe set can be put aside: {error}") from None
        probe = drawn.index("val")
    mine = {groups[i] for i in probe.tolist() if groups[i]} if groups is not None else set()
    taken = np.zeros(len(dataset), np.bool_)
    taken[probe] = True
    if groups is not None and mine:
        taken |= np.array([g in mine for g in groups], np.bool_)
    return probe, np.flatnonzero(~taken)


def _given_test(dataset: Dataset, groups: tuple[str, ...] | None) -> Rows | None:
    if dataset.parts is None or set(dataset.parts) != {"train", "val", "test"}:
        return None
    parts = np.asarray(dataset.parts)
    rows = np.flatnonzero(parts == "test")
    if groups is not None:  # a relative in train would be thrown out of it: rather leave the copy unscored
        elsewhere = {g for g, p in zip(groups, dataset.parts) if g and p != "test"}
        rows = rows[[groups[i] not in elsewhere for i in rows.tolist()]]
    enough = np.bincount(dataset.labels[rows], minlength=len(dataset.classes)).min(initial=0) >= 10
    return rows[:: max(1, len(rows) // MOST_PROBES)] if enough else None


def counts(labels: Rows, classes: int) -> tuple[int, ...]:
    """Items of each class."""
    return tuple(int(c) for c in np.bincount(labels, minlength=classes))


def file_sizes(dataset: Dataset) -> NDArray[np.float64] | None:
    """Bytes of each file, None for arrays."""
    from pathlib import Path

    if not isinstance(dataset.content, Files):
        return None
    return np.array([Path(p).stat().st_size for p in dataset.content.paths], np.float64)


Say = Callable[[str], None]
