"""Scalings told from the numbers that they give: which affine map leads from one set of tensors to another, and
what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.scale import SCALES, value_range
from valscope.nouns.preparation import Preparation, Scale
from valscope.paths.tensors import Floats

Numbers = NDArray[np.float64]
NEAR = 0.01  # relative; the nearest two scales, (x - 127) / 128 and x / 127.5 - 1, differ by 0.004 in their factor
ABOUT = 0.02  # the same where other pixels blur the fit
NAMED: tuple[Scale, ...] = tuple(name for name, affine in SCALES.items() if affine is not None)


@dataclass(frozen=True, slots=True)
class Map:
    """x * factor + offset, one value a channel."""

    factor: Numbers
    offset: Numbers

    def __call__(self, x: Floats) -> Numbers:
        """Of an array whose last axis are the channels."""
        return np.asarray(x * self.factor + self.offset, np.float64)

    def apart(self, other: Map, span: float) -> float:
        """How differently two maps treat values of such a span, as a share of what the other makes of the span."""
        wide = np.abs(other.factor) * span
        slope, shift = np.abs(self.factor - other.factor) * span, np.abs(self.offset - other.offset)
        return float(np.max(np.maximum(slope, shift) / wide))

    def near(self, other: Map, span: float) -> bool:
        """Whether two maps do about the same to values of such a span."""
        return self.apart(other, span) <= NEAR

    @property
    def identity(self) -> bool:
        """It changes nothing."""
        return bool((self.factor == 1.0).all() and (self.offset == 0.0).all())

    @property
    def words(self) -> str:
        """As a formula."""
        factors, offsets = (sorted({f"{v:.4g}" for v in values}) for values in (self.factor, self.offset))
        factor, offset = (v[0] if len(v) == 1 else f"({', '.join(v)})" for v in (factors, offsets))
        return f"x * {factor} + {offset}"


def fitted(first: Sequence[Floats], second: Sequence[Floats]) -> Map:
    """The affine map of each channel that leads from the one set to the other, by least squares."""
    channels = first[0].shape[-1]
    x = np.concatenate([a.reshape(-1, channels) for a in first]).astype(np.float64)
    y = np.concatenate([b.reshape(-1, channels) for b in second]).astype(np.float64)
    mean_x, mean_y = x.mean(0), y.mean(0)
    spread = ((x - mean_x) ** 2).mean(0)
    factor = ((x - mean_x) * (y - mean_y)).mean(0) / np.where(spread > 0, spread, 1.0)
    factor = np.where(spread > 0, factor, 1.0)
    return Map(factor, mean_y - factor * mean_x)


@cache
def map_of(scale: Scale, channels: int = 3) -> Map:
    """From pixels 0..255 in RGB order to a named scale; a grey channel gets the mean of the colours' values."""
    affine = SCALES[scale]
    assert affine is not None
    factor, offset = np.array(affine.multiplier), np.array(affine.offset)
    if channels == 1:
        return Map(factor.mean(keepdims=True), offset.mean(keepdims=True))
    return Map(factor, offset)


def named(found: Map) -> Scale | None:
    """The scale that a map of pixels 0..255 in RGB order is, None for another one."""
    channels = len(found.factor)
    apart = {name: found.apart(map_of(name, channels), 255.0) for name in NAMED}
    nearest = min(NAMED, key=apart.__getitem__)
    return nearest if apart[nearest] <= ABOUT else None


def pairs(found: Map, first: Sequence[Floats]) -> Iterator[tuple[Scale, Scale, Map]]:
    """Two scales between which a map leads, with the exact map; those whose range fits the first set's values most
    tightly come first. Channels may be in RGB or BGR order, in both sets the same."""
    channels = len(found.factor)
    low, high = min(float(x.min()) for x in first), max(float(x.max()) for x in first)
    fitting = []
    for one in NAMED:
        bottom, top = value_range(Preparation(1, 1, scale=one, colour="grey" if channels == 1 else "rgb"))
        slack = 0.02 * (top - bottom)
        if bottom - slack <= low and high <= top + slack:
            fitting.append((top - bottom, one))
    for _, one in sorted(fitting, key=lambda item: item[0]):
        for other in NAMED:
            for turned in (False, True) if channels == 3 else (False,):
                exact = _between(map_of(one, channels), map_of(other, channels), turned)
                if found.near(exact, high - low):
                    yield one, other, exact


def _between(one: Map, other: Map, turned: bool) -> Map:
    """From the values of one scale to those of another."""
    factor = other.factor / one.factor
    offset = other.offset - factor * one.offset
    return Map(factor[::-1], offset[::-1]) if turned else Map(factor, offset)
