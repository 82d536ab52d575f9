"""Which preparations give the tensors of a function: first what moves whole pictures, then the kernel, then both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from valscope.data.pixels.decode import open_image, read_bytes
from valscope.data.pixels.resize import resize_image
from valscope.nouns.preparation import Colour, Preparation, Scale
from valscope.paths.files import Kind
from valscope.paths.moments import Fit, Sums, best_fit, sums
from valscope.paths.scales import map_of
from valscope.paths.tensors import Floats

JPEG = ("JPEG", "MPO")
FEW = 5  # files that settings are tried on
# Root mean square in grey levels: another library's rounding stays below, another kernel on a photograph above.
ALIKE = 1.5
# Up to here what moves pictures is told beyond doubt (another cut or size differs by 20 and more), kernels are not:
# a photograph resized and then cut comes to 2.
LOOSE = 3.0
EXACT = 0.02
TRIED_ON = 6  # arrangements that every kernel is tried with
KERNELS = (
    ("bilinear", True), ("bilinear", False), ("nearest", True), ("nearest", False), ("bicubic", True),
    ("bicubic", False), ("area", True), ("area", False), ("lanczos", True), ("lanczos", False),
)  # fmt: skip
GEOMETRIES = (("stretch", 1.0), ("crop", 1.0), ("pad", 1.0), ("crop", 0.875), ("stretch", 0.875))
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


@dataclass(frozen=True, slots=True)
class Sample:
    """A file and what a way gives for it."""

    file: str
    kind: Kind
    data: bytes
    tensor: Floats


def samples(files: Sequence[str], kinds: Sequence[Kind], tensors: Sequence[Floats]) -> list[Sample]:
    """The smallest file of each kind, FEW at most, and more of any to fill up."""
    by_size = sorted(range(len(files)), key=lambda i: kinds[i].pixels)
    groups: dict[tuple[bool, bool, bool], list[int]] = defaultdict(list)
    for i in by_size:
        groups[(kinds[i].turned, kinds[i].clear, kinds[i].format in JPEG)].append(i)
    first = [group[0] for group in groups.values()]
    rows = list(dict.fromkeys([*first, *by_size]))[:FEW]
    return [Sample(files[i], kinds[i], read_bytes(files[i]), tensors[i]) for i in rows]


def recognise(given: Sequence[Sample], like: Preparation | None = None) -> list[Seen]:
    """Preparations that cannot be told from the way on these files, the nearest first; [] where none is near.

    like  the other side's preparation where it is known, to start from.
    """
    search = _Search(given)
    starts = list(_starts(given[0].tensor.shape, like))
    arranged = [p for start in starts for p in _arrangements(start, given)]
    for p in search.nearest(arranged, TRIED_ON):
        search.nearest(_kernels(p, given), 1)
    best = search.nearest(search.seen, 2)
    search.nearest([p for one in best for p in _arrangements(one, given)], 1)
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
        return [Seen(twin, fit.rms, fit.formula) for p, fit in near for twin in _twins(p)]

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
            fast_decode=p.fast_decode and _reduces(sample.kind, p),
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


def _twins(p: Preparation) -> Iterator[Preparation]:
    """Itself, and what no tensor can tell from it: the order of equal channels, a square written over itself."""
    yield p
    if p.colour == "grey_rgb" and p.scale not in ("imagenet", "caffe", "unit_imagenet", "unit_caffe"):
        yield p.but(order="rgb" if p.order == "bgr" else "bgr")
    if p.height == p.width and p.axes == "kept":
        yield p.but(axes="reshaped")


def _reduces(kind: Kind, p: Preparation) -> bool:
    """Whether a reduced decoding could be used."""
    averaging = p.antialias and p.kernel != "nearest"
    return averaging and kind.format in JPEG and kind.pixels >= 8 * p.height * p.width


def _starts(shape: tuple[int, ...], like: Preparation | None) -> Iterator[Preparation]:
    height, width, channels = shape
    if like is not None and like.channels == channels:
        yield like.but(height=height, width=width, scale="none", order="rgb")
    colours: tuple[Colour, ...] = ("grey",) if channels == 1 else ("rgb", "grey_rgb")
    for colour in colours if channels in (1, 3) else ():
        yield Preparation(height, width, colour=colour, fast_decode=False, scale="none")


def _arrangements(p: Preparation, given: Sequence[Sample]) -> Iterator[Preparation]:
    """What moves whole pictures, in all combinations that some file can show."""
    exif = (True, False) if any(s.kind.turned for s in given) else (p.exif,)
    alpha = ("drop", "white", "black") if any(s.kind.clear for s in given) else (p.alpha,)
    axes = ("kept", "transposed", "reshaped") if p.height != p.width else ("kept", "transposed")
    for geometry, centre in dict.fromkeys([(p.geometry, p.centre), *GEOMETRIES]):
        for way in axes:
            for turned in exif:
                for ground in alpha:
                    yield p.but(geometry=geometry, centre=centre, axes=way, exif=turned, alpha=ground)


def _kernels(p: Preparation, given: Sequence[Sample]) -> Iterator[Preparation]:
    for kernel, antialias in KERNELS:
        one = p.but(kernel=kernel, antialias=antialias, fast_decode=False)
        yield one
        if any(s.kind.format in JPEG for s in given):
            yield one.but(fast_decode=True)


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
