"""How near pixels come to tensors under the best scale, from sums alone, so that hundreds of preparations can be tried."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.preparation import Order, Scale
from valscope.paths.scales import Map, map_of, named
from valscope.paths.tensors import Floats

Numbers = NDArray[np.float64]
THIN = 4096  # pixels of an image that are summed up
FINE = 0.02  # grey levels; x / 256 is 0.5 away from x / 255
FLAT = 1e-9  # a factor this small maps everything to one value


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one image, each (channels,): pixels x, tensor values y and their products; `across` pairs each channel of x
    with the opposite channel of y. `top`, `mean` and `deviation` are those of all pixels."""

    n: int
    x: Numbers
    y: Numbers
    xx: Numbers
    yy: Numbers
    xy: Numbers
    across: Numbers
    top: float
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Fit:
    """The best scale for given pixels.

    rms  root mean square of the difference in grey levels.
    """

    rms: float
    order: Order
    scale: Scale
    formula: str = ""


def sums(pixels: NDArray[np.uint8], tensor: Floats) -> Sums:
    """The sums of one image (height, width, channels)."""
    channels = tensor.shape[-1]
    step = max(1, tensor.shape[0] * tensor.shape[1] // THIN)
    x = pixels.reshape(-1, channels)[::step].astype(np.float64)
    y = tensor.reshape(-1, channels)[::step].astype(np.float64)
    whole = pixels.astype(np.float32)
    return Sums(
        len(x), x.sum(0), y.sum(0), (x * x).sum(0), (y * y).sum(0), (x * y).sum(0), (x * y[:, ::-1]).sum(0),
        max(1.0, float(whole.max())), float(whole.mean()), max(float(whole.std()), whole.size**-0.5),
    )  # fmt: skip


def best_fit(images: Sequence[Sums]) -> Fit:
    """The channel order and scale with which the pixels of all images come nearest."""
    all_ = _All(*(np.array([getattr(s, name) for s in images]) for name in _All.__slots__))
    orders: tuple[Order, ...] = ("rgb", "bgr") if all_.x.shape[1] == 3 else ("rgb",)
    fits = [fit for order in orders for fit in _fits(all_ if order == "rgb" else all_.turned(), order)]
    return min(fits, key=lambda fit: (round(fit.rms, 3), bool(fit.formula)))


@dataclass(frozen=True, slots=True)
class _All:
    """The sums of all images: (images, channels), and one number an image for the last three and n."""

    n: Numbers
    x: Numbers
    y: Numbers
    xx: Numbers
    yy: Numbers
    xy: Numbers
    across: Numbers
    top: Numbers
    mean: Numbers
    deviation: Numbers

    def turned(self) -> _All:
        """With the tensors' channels in the opposite order."""
        return replace(self, y=self.y[:, ::-1], yy=self.yy[:, ::-1], xy=self.across)


def _fits(images: _All, order: Order) -> list[Fit]:
    channels = images.x.shape[1]
    whole = _affine(images)
    free = Fit(_rms(images, whole.factor, whole.offset), order, "none", whole.words)
    name = named(whole)
    found = [free]
    if name is not None:
        exact = map_of(name, channels)
        close = Fit(_rms(images, exact.factor, exact.offset), order, name)
        found = [close] if close.rms <= 2 * free.rms + FINE else [free]
    one = np.ones((1, channels))
    top, mean, deviation = (v[:, None] for v in (images.top, images.mean, images.deviation))
    return [
        *found,
        Fit(_rms(images, one / top, 0 * one), order, "image_max"),
        Fit(_rms(images, one / deviation, -one * mean / deviation), order, "image_std"),
    ]


def _affine(images: _All) -> Map:
    """Least squares over all images."""
    n = images.n.sum()
    x, y, xx, xy = (v.sum(0) for v in (images.x, images.y, images.xx, images.xy))
    spread = xx - x * x / n
    factor = np.where(spread > 0, (xy - x * y / n) / np.where(spread > 0, spread, 1.0), 0.0)
    return Map(factor, (y - factor * x) / n)


def _rms(s: _All, m: Numbers, c: Numbers) -> float:
    """Of x * m + c against y, in grey levels; infinite where nothing of the pixels is left."""
    if (np.abs(m) < FLAT).any() or not np.isfinite(s.yy).all():
        return float("inf")
    n = s.n[:, None]
    squares = s.yy - 2 * m * s.xy - 2 * c * s.y + m * m * s.xx + 2 * m * c * s.x + n * c * c
    return float(np.sqrt(max(0.0, (squares / (m * m)).sum() / (n.sum() * s.x.shape[1]))))
