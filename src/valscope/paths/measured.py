"""Which preparation a script really uses, from the tensors that reached its model and the files that they show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from valscope.nouns.preparation import Preparation
from valscope.paths.fields import tensors_of
from valscope.paths.files import Kind, kind_of
from valscope.paths.recognise import ALIKE, LOOSE, Seen, recognise
from valscope.paths.running import Capture, Row
from valscope.paths.same_files import files_of
from valscope.paths.samples import samples
from valscope.paths.scales import map_of
from valscope.paths.tensors import Floats, gap, tolerance
from valscope.paths.words import differing

FEWEST = 3  # images with their files, below which a preparation is a guess
MOST_TRIED = 12  # preparations that are held against every image


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What a script was seen to do.

    preparation  that gives its tensors, None where none of the known ones does.
    rows, files  its images with a known file.
    left         root mean square in grey levels of what the preparation does not explain; 0 where it is exact.
    formula      the scale where it has no name, "" where it has.
    failed       why there is no preparation, one sentence.
    """

    script: str
    preparation: Preparation | None = None
    rows: tuple[Row, ...] = ()
    files: tuple[str, ...] = ()
    left: float = 0.0
    formula: str = ""
    failed: str = ""

    @property
    def training(self) -> bool:
        """The model was asked with training=True."""
        return bool(self.rows) and all(row.training for row in self.rows)

    @property
    def close(self) -> str:
        """How near the preparation comes, in words."""
        if self.left == 0:
            return "exactly"
        rest = "another library's decoding or rounding" if self.left <= ALIKE else "the kernel may be another"
        return f"to within {self.left:.2f} grey levels of 255 (root mean square; {rest})"


def measured(
    capture: Capture,
    beside: Sequence[str],
    likes: Sequence[Preparation] = (),
    shape: Sequence[int | None] = (None, None, None),
) -> Measured:
    """The preparation behind a script's tensors.

    beside  files that it may have read;  likes  preparations that it is held against, the likeliest first: of what cannot
            be told apart on these files, their settings are taken.
    shape   (height, width, channels) of the model's input, None for a side of any size: of several models it tells one.
    """
    if not capture.rows:
        return Measured(capture.script, failed=capture.failed)
    fitting = [row for row in capture.rows if _fits(row.values.shape, shape)]
    if not fitting:
        given, wanted = _sides(capture.rows[0].values.shape), _sides(shape)
        return Measured(
            capture.script, failed=f"Its model gets images of {given}, the model given takes {wanted}."
        )
    one = [row for row in fitting if row.values.shape == fitting[0].values.shape]
    known = [
        (row, file)
        for row, file in zip(capture.rows, files_of(capture, beside), strict=True)
        if file and row in one
    ]
    found = Measured(capture.script, None, tuple(row for row, _ in known), tuple(file for _, file in known))
    if len(known) < FEWEST:
        return Measured(
            capture.script,
            failed=f"Of {len(one)} images that reached its model only {len(known)} are pictures of a known file.",
        )
    return _told(found, likes)


def _fits(shape: Sequence[int], wanted: Sequence[int | None]) -> bool:
    return all(side is None or side == own for own, side in zip(shape, wanted, strict=True))


def _sides(shape: Sequence[int | None]) -> str:
    return " x ".join("any" if side is None else str(side) for side in shape)


def _told(found: Measured, likes: Sequence[Preparation]) -> Measured:
    """With the nearest preparation."""
    kinds = [kind_of(file) for file in found.files]
    pairs = [
        (row.values, file, kind)
        for row, file, kind in zip(found.rows, found.files, kinds, strict=True)
        if kind
    ]
    tensors: list[Floats] = [values for values, _, _ in pairs]
    files, seen_kinds = [file for _, file, _ in pairs], [kind for _, _, kind in pairs]
    like = next((p for p in likes if p.channels == tensors[0].shape[2]), None)
    seen = recognise(samples(files, seen_kinds, tensors), like)
    if not seen:
        return Measured(
            found.script, None, found.rows, found.files,
            failed=f"None of the known preparations makes the tensors of its {len(files)} images from their files.",
        )  # fmt: skip
    best, left = _nearest(seen, likes, files, tensors, seen_kinds)
    return Measured(found.script, best.preparation, found.rows, found.files, left, best.formula)


def _nearest(
    seen: Sequence[Seen], likes: Sequence[Preparation], files: Sequence[str], tensors: Sequence[Floats],
    kinds: Sequence[Kind],
) -> tuple[Seen, float]:  # fmt: skip
    """Of what the samples cannot tell apart, what comes nearest on every image; then what differs least from what
    is known; and what is left."""

    def strangeness(one: Seen) -> tuple[bool, int, int]:
        away = [len(differing(like, one.preparation)) for like in likes]
        return bool(one.formula), away[0] if away else 0, sum(away)

    ranked = sorted(seen, key=lambda one: (strangeness(one), one.rms))[:MOST_TRIED]
    apart = [_left(one, files, tensors) for one in ranked]
    least = min(apart)
    best = next(i for i, value in enumerate(apart) if value <= max(1.05 * least + 0.02, least))
    return ranked[best], 0.0 if apart[best] == 0 else apart[best]


def _left(one: Seen, files: Sequence[str], tensors: Sequence[Floats]) -> float:
    """Root mean square of what is left, in grey levels; 0 where it is rounding."""
    if one.formula:
        return one.rms
    own = tensors_of(one.preparation, files)
    apart = gap(own, tensors, files, tolerance(own, tensors))
    if apart is None:
        return float("inf")
    if apart.share == 0:
        return 0.0
    squares = np.mean([float(((a - b) ** 2).mean()) for a, b in zip(own, tensors, strict=True)])
    scale = one.preparation.scale
    if scale in ("image_max", "image_std"):
        return max(one.rms, 1e-3)
    return float(np.sqrt(squares) / np.abs(map_of(scale, tensors[0].shape[2]).factor).mean())


def sure(found: Measured) -> bool:
    """Whether the preparation can stand for the script: what is left is less than another picture or scale would leave."""
    return found.preparation is not None and not found.formula and found.left <= LOOSE
