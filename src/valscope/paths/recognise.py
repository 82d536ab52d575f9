"""Which preparations give the tensors of a function: first what moves whole pictures, then the kernel, then both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from valscope.data.pixels.decode import open_image
from valscope.data.pixels.resize import resize_image
from valscope.nouns.preparation import Preparation, Scale
from valscope.paths.candidates import arrangements, kernels, reduces, starts, twins
from valscope.paths.moments import Fit, Sums, best_fit, sums
from valscope.paths.samples import Sample
from valscope.paths.scales import map_of
from valscope.paths.tensors import Floats

# Root mean square in grey levels: another library's rounding stays below, another kernel on a photograph above.
ALIKE = 1.5
# Up to here what moves pictures is told beyond doubt (another cut or size differs by 20 and more), kernels are not:
# a photograph resized and then cut comes to 2.
LOOSE = 3.0
EXACT = 0.02
TRIED_ON = 6  # arrangements that every kernel is tried with
OWN: tuple[Scale, ...] = ("image_max", "image_std")


@dataclass(frozen=True, slots=True)
class Seen:
    """A preparation that gives about the tensors of a way.

    rms      root mean square of the difference in grey levels, on a few files.
    formula  the scale where it has no name, "" where it has.
    """

    preparation: Preparation
    rms: float
    formula: str = ""


def recognise(given: Sequence[Sample], like: Preparation | None = None) -> list[Seen]:
    """Preparations that cannot be told from the way on these files, the nearest first; [] where none is near.

    like  the other side's preparation where it is known, to start from.
    """
    search = _Search(given)
    arranged = [p for start in starts(given[0].tensor.shape, like) for p in arrangements(start, given)]
    for p in search.nearest(arranged, TRIED_ON):
        search.nearest(kernels(p, given), 1)
    best = search.nearest(search.seen, 2)
    search.nearest([p for one in best for p in arrangements(one, given)], 1)
    return search.alike()


@dataclass
class _Search:
    """What was tried so far."""

    given: Sequence[Sample]
    seen: dict[Preparation, Fit] = field(default_factory=dict)
    opened: dict[tuple[object, ...], Image.Image] = field(default_factory=dict)
    summed: dict[tuple[object, ...], Sums] = field(default_factory=dict)
    fitted: dict[tuple[int, ...], Fit] = field(default_factory=dict)

    def nearest(self, tried: Iterable[Preparation], most: int) -> list[Preparation]:
        """Look at these, and name those that come nearest."""
        tried = list(dict.fromkeys(tried))
        for p in tried:
            if p not in self.seen:
                self.seen[p] = self._fit(p)
        return sorted(tried, key=lambda p: self.seen[p].rms)[:most]

    def alike(self) -> list[Seen]:
        """Those that cannot be told from the nearest."""
        ranked = sorted(self.seen.items(), key=lambda item: item[1].rms)
        best = ranked[0][1].rms if ranked else np.inf
        if best > LOOSE:
            return []
        limit = EXACT if best <= EXACT else 1.05 * best + 0.02 if best <= ALIKE else 1.5 * best
        near = [(p.but(order=fit.order, scale=fit.scale), fit) for p, fit in ranked if fit.rms <= limit]
        return [Seen(twin, fit.rms, fit.formula) for p, fit in near for twin in twins(p)]

    def _fit(self, p: Preparation) -> Fit:
        """Many preparations give these files the same pixels; each set is fitted once."""
        images = [self._sums(i, sample, p) for i, sample in enumerate(self.given)]
        key = tuple(id(one) for one in images)
        if key not in self.fitted:
            self.fitted[key] = best_fit(images)
        return self.fitted[key]

    def _sums(self, i: int, sample: Sample, p: Preparation) -> Sums:
        """What does not concern a file makes no difference to it."""
        plain = p.but(
            exif=p.exif or not sample.kind.turned,
            alpha=p.alpha if sample.kind.clear else "drop",
            fast_decode=p.fast_decode and reduces(sample.kind, p),
        )
        key = (i, plain.pixels_key())
        if key not in self.summed:
            self.summed[key] = sums(resize_image(self._image(i, sample, plain), plain), sample.tensor)
        return self.summed[key]

    def _image(self, i: int, sample: Sample, p: Preparation) -> Image.Image:
        if p.fast_decode:
            return open_image(sample.data, p, sample.file).image
        key = (i, p.colour, p.exif, p.alpha)
        if key not in self.opened:
            self.opened[key] = open_image(sample.data, p, sample.file).image
        return self.opened[key]


def levels_of(seen: Seen, tensors: Sequence[Floats]) -> list[Floats] | None:
    """Tensors of a recognised way in grey levels 0..255; None where its scale depends on the image."""
    if seen.formula or seen.preparation.scale in OWN:
        return None
    exact = map_of(seen.preparation.scale, seen.preparation.channels)
    turned = seen.preparation.order == "bgr" and seen.preparation.channels == 3
    return [
        np.asarray(((t[..., ::-1] if turned else t) - exact.offset) / exact.factor, np.float32)
        for t in tensors
    ]
