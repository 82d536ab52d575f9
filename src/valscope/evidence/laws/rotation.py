"""Validation that scores S of T batches: the number of images may change from epoch to epoch.

n images in batches of b are T = ceil(n / b) batches, the last with n mod b images. A generator whose
position runs on gives S batches an epoch: S b images when the short batch is left out, (S - 1) b + n mod b
when it is among them. Which one it is, is decided by the position alone, so the epochs can be foretold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.laws.digits import numerator, width
from valscope.nouns.log import Reading


@dataclass(frozen=True, slots=True)
class Rotation:
    """S of T batches.

    n, batch   images that the generator holds, and its batch size.
    steps      batches scored in an epoch, of `batches` that there are.
    scored     images scored in each epoch (0 where the epoch has no reading).
    refuted    how many readings are not k / n, so that n images were not scored.
    foretold   whether the position running on from epoch to epoch gives exactly these sizes.
    tried      numbers of steps tried;  accident  how many would fit by accident.
    """

    n: int
    batch: int
    steps: int
    batches: int
    scored: tuple[int, ...]
    refuted: int
    foretold: bool
    tried: int
    accident: float

    @property
    def sizes(self) -> tuple[int, ...]:
        """The different sizes, largest first."""
        return tuple(sorted({s for s in self.scored if s}, reverse=True))

    def epochs(self, size: int) -> tuple[int, ...]:
        """1-based positions of the epochs that scored `size` images."""
        return tuple(i + 1 for i, s in enumerate(self.scored) if s == size)


def rotation(readings: Sequence[Reading | None], n: int, batch: int) -> Rotation | None:
    """The number of steps that fits every reading where n itself does not; None if none or several do.

    Scores averaged batch by batch without weights are no k / n either, but fit here by accident only.
    """
    known = [r for r in readings if r is not None]
    refuted = sum(numerator(r, n) is None for r in known)
    if not refuted or n < batch or batch < 1:
        return None
    batches = math.ceil(n / batch)
    found = [
        (steps, scored)
        for steps in range(1, batches + 1)
        if (scored := _scored(readings, n, batch, steps)) is not None
    ]
    if len(found) != 1:
        return None
    steps, scored = found[0]
    return Rotation(
        n, batch, steps, batches, scored, refuted,
        foretold=scored == _foretold(readings, n, batch, steps),
        tried=batches,
        accident=sum(_chance(known, batch * s) for s in range(1, batches + 1)),
    )  # fmt: skip


def _options(n: int, batch: int, steps: int) -> tuple[int, ...]:
    short = n % batch
    whole = steps * batch
    return tuple(s for s in ((whole if whole <= n else 0), (steps - 1) * batch + short if short else 0) if s)


def _scored(readings: Sequence[Reading | None], n: int, batch: int, steps: int) -> tuple[int, ...] | None:
    scored = []
    for reading in readings:
        if reading is None:
            scored.append(0)
            continue
        size = next((s for s in _options(n, batch, steps) if numerator(reading, s) is not None), None)
        if size is None:
            return None
        scored.append(size)
    return _prefer(readings, tuple(scored), n, batch, steps)


def _prefer(
    readings: Sequence[Reading | None], scored: tuple[int, ...], n: int, batch: int, steps: int
) -> tuple[int, ...]:
    """Where both sizes fit an epoch, the foretold one is taken, else the one that more epochs need."""
    foretold = _foretold(readings, n, batch, steps)
    options = _options(n, batch, steps)
    need = {s: sum(r is not None and not _other(r, s, options) for r in readings) for s in options}
    usual = max(options, key=lambda s: need[s])
    return tuple(
        s if r is None or not _other(r, s, options) else (f if numerator(r, f) is not None else usual)
        for r, s, f in zip(readings, scored, foretold)
    )


def _other(reading: Reading, size: int, options: Sequence[int]) -> bool:
    return any(o != size and numerator(reading, o) is not None for o in options)


def _foretold(readings: Sequence[Reading | None], n: int, batch: int, steps: int) -> tuple[int, ...]:
    batches, short = math.ceil(n / batch), n % batch
    result = []
    for epoch, reading in enumerate(readings):
        start = epoch * steps % batches
        seen = {(start + i) % batches for i in range(steps)}
        last = bool(short) and batches - 1 in seen
        result.append(0 if reading is None else steps * batch - (batch - short if last else 0))
    return tuple(result)


def _chance(readings: Sequence[Reading], size: int) -> float:
    return math.prod(min(1.0, 2 * size * width(r)) for r in readings)
