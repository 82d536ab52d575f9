"""Images that are looked at and also lie in the training folder: the same bytes, or the same picture saved again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from valscope.data.alike.near import FLAT, near_pairs
from valscope.data.alike.thumbs import Thumbs, describe
from valscope.nouns.dataset import Dataset, Files
from valscope.nouns.preparation import Preparation
from valscope.serving import Images

MOST = 4000  # training images that are looked at for copies: about ten seconds
THUMB = Preparation(64, 64, fast_decode=True)  # larger files are read at an eighth, which no copy minds
SEED = 3


@dataclass(frozen=True, slots=True, eq=False)
class Overlap:
    """Rows of the images looked at, as (n,) of truth: identical bytes, and copies saved again.

    looked, of  training images that copies were looked for among, and how many there are.
    """

    identical: NDArray[np.bool_]
    copies: NDArray[np.bool_]
    looked: int
    of: int

    @property
    def any(self) -> NDArray[np.bool_]:
        """Either."""
        return self.identical | self.copies


def overlap(images: Images, training: Dataset) -> Overlap | None:
    """Which images also lie in the training folder; None where either is no set of files."""
    mine, theirs = images.dataset.content, training.content
    if not isinstance(mine, Files) or not isinstance(theirs, Files):
        return None
    same = _identical(mine.paths, theirs.paths)
    rows = np.arange(len(theirs.paths))
    if len(rows) > MOST:
        rows = np.sort(np.random.default_rng(SEED).permutation(rows)[:MOST])
    copies = np.zeros(len(images), np.bool_)
    if not same.all():
        copies = _copied(images, Images(training.take(rows))) & ~same
    return Overlap(same, copies, len(rows), len(theirs.paths))


def _identical(mine: Sequence[str], theirs: Sequence[str]) -> NDArray[np.bool_]:
    """Files with the bytes of one of the others. Only those of an equal size are read."""
    sizes: dict[int, list[str]] = defaultdict(list)
    for path in theirs:
        sizes[_size(path)].append(path)
    known: dict[str, str] = {}

    def digest(path: str) -> str:
        if path not in known:
            known[path] = hashlib.sha256(Path(path).read_bytes()).hexdigest()
        return known[path]

    return np.asarray(
        [any(digest(path) == digest(o) for o in sizes.get(_size(path), ())) for path in mine], np.bool_
    )


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return -1


def _copied(images: Images, training: Images) -> NDArray[np.bool_]:
    """Pictures that are nearer to one of training than unrelated pictures come; not flipped or turned ones, which
    may be other classes."""
    first, ours = _described(images)
    second, _ = _described(training)
    n = len(first)
    found = np.zeros(len(images), np.bool_)
    for pair in near_pairs(_joined(first, second)).pairs:
        if pair.turn == 0 and pair.first < n <= pair.second:
            found[ours[pair.first]] = True
    told = {
        pixels for pixels, contrast in zip(second.pixels, second.contrast, strict=True) if contrast >= FLAT
    }
    for row, pixels in zip(ours, first.pixels, strict=True):
        found[row] |= pixels in told
    return found


def _described(images: Images) -> tuple[Thumbs, NDArray[np.int64]]:
    """Thumbs of the images that can be read, and which those are."""
    failed = images.fetch([THUMB])
    readable = np.setdiff1d(np.arange(len(images)), np.asarray(sorted(failed), np.int64))
    return describe(lambda rows: images.pixels(THUMB, readable[rows]), len(readable)), readable


def _joined(a: Thumbs, b: Thumbs) -> Thumbs:
    whole = np.concatenate
    return Thumbs(
        whole([a.low, b.low]), whole([a.high, b.high]), whole([a.chroma, b.chroma]),
        whole([a.contrast, b.contrast]), (*a.pixels, *b.pixels),
    )  # fmt: skip
