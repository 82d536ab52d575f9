"""Which file each image of a script is: the one that was opened for it, else the picture that is nearest to it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from valscope.data.alike.near import distances
from valscope.data.alike.thumbs import describe
from valscope.data.pixels.prepare import pixels
from valscope.errors import DataError
from valscope.nouns.preparation import Geometry, Preparation
from valscope.paths.running import Capture
from valscope.paths.tensors import Floats

MOST = 3000  # files that are looked through
NEAREST = 5  # of them are compared pixel by pixel
SURELY = 0.97  # no other arrangement need be looked at
LIKE = 0.9  # correlation of grey pixels with the file, of a picture with itself however it was resized, cut or scaled
OPENED = 0.6  # the same for the file that was opened for it, which only has to be no quite other picture
SIDE = 32
GEOMETRIES: tuple[Geometry, ...] = ("stretch", "crop", "pad")


def files_of(capture: Capture, beside: Sequence[str]) -> list[str]:
    """The file behind each row, "" where none is told.

    beside  files that the script may have read unseen, such as those of the labelled images.
    """
    opened = [file for file in capture.opened if Path(file).is_file()]
    told = [row.file if Path(row.file or ".").is_file() else "" for row in capture.rows]
    plain = [_grey(row.values) for row in capture.rows]
    found = [
        file if file and _alike(one, file) >= OPENED else "" for file, one in zip(told, plain, strict=True)
    ]
    missing = [i for i, file in enumerate(found) if not file]
    if missing:
        pool = list(dict.fromkeys([*opened, *map(_whole, beside)]))[:MOST]
        for i, file in zip(missing, _nearest([plain[i] for i in missing], pool), strict=True):
            found[i] = file or ""
    return found


def _whole(path: str) -> str:
    return str(Path(path).absolute())


def _nearest(rows: Sequence[Floats], pool: Sequence[str]) -> list[str]:
    """The file of the pool that each row shows, "" for none."""
    shown = [
        (file, geometry, one)
        for file in pool
        for geometry in GEOMETRIES
        if (one := _read(file, geometry)) is not None
    ]
    if not shown:
        return [""] * len(rows)
    small = np.stack([_small(one) for _, _, one in shown])
    known = describe(lambda at: small[at], len(small))
    asked = np.stack([_small(one) for one in rows])
    apart = distances(describe(lambda at: asked[at], len(asked)).low, known.low)
    found = []
    for row, far in zip(rows, apart, strict=True):
        files = list(dict.fromkeys(shown[i][0] for i in np.argsort(far)[: NEAREST * len(GEOMETRIES)]))
        likeness = [_alike(row, file) for file in files[:NEAREST]]
        best = int(np.argmax(likeness))
        found.append(files[best] if likeness[best] >= LIKE else "")
    return found


def _alike(grey: Floats, file: str) -> float:
    """The greatest correlation of a grey picture with a file, stretched, cut or padded to its size, also with rows and
    columns exchanged."""
    height, width = grey.shape
    best = 0.0
    for geometry in GEOMETRIES:
        for upright in (True, False):
            size = (height, width) if upright else (width, height)
            read = _read(file, geometry, *size)
            if read is not None:
                best = max(best, _correlation(grey, read if upright else read.T))
            if best >= SURELY:
                return best
    return best


def _read(file: str, geometry: Geometry, height: int = SIDE, width: int = SIDE) -> Floats | None:
    """A file read plainly, grey (height, width); None where it is no image."""
    plain = Preparation(height, width, "rgb", geometry=geometry, alpha="drop", fast_decode=True)
    try:
        return _grey(np.asarray(pixels(file, plain), np.float32))
    except DataError:
        return None


def _grey(values: Floats) -> Floats:
    """The mean of the channels, finite: whatever their order is, it is the same."""
    return np.asarray(np.nan_to_num(values.mean(2, dtype=np.float32)), np.float32)


def _small(grey: Floats) -> Floats:
    """As levels 0..255, for the thumbs."""
    low, high = float(grey.min()), float(grey.max())
    levels = (grey - low) * (255 / max(high - low, 1e-9))
    rows, columns = (np.linspace(0, side - 1, SIDE).round().astype(int) for side in levels.shape)
    return np.asarray(levels[np.ix_(rows, columns)], np.float32)


def _correlation(a: Floats, b: Floats) -> float:
    a, b = a - a.mean(), b - b.mean()
    length = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / length if length > 0 else 0.0
