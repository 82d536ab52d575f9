"""The preparations that a function is held against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from valscope.nouns.preparation import Colour, Preparation
from valscope.paths.files import JPEG, Kind
from valscope.paths.samples import Sample

KERNELS = (
    ("bilinear", True), ("bilinear", False), ("nearest", True), ("nearest", False), ("bicubic", True),
    ("bicubic", False), ("area", True), ("area", False), ("lanczos", True), ("lanczos", False),
)  # fmt: skip
GEOMETRIES = (("stretch", 1.0), ("crop", 1.0), ("pad", 1.0), ("crop", 0.875), ("stretch", 0.875))


def twins(p: Preparation) -> Iterator[Preparation]:
    """Itself, and what no tensor can tell from it: the order of equal channels, a square written over itself."""
    yield p
    if p.colour == "grey_rgb" and p.scale not in ("imagenet", "caffe", "unit_imagenet", "unit_caffe"):
        yield p.but(order="rgb" if p.order == "bgr" else "bgr")
    if p.height == p.width and p.axes == "kept":
        yield p.but(axes="reshaped")


def reduces(kind: Kind, p: Preparation) -> bool:
    """Whether a reduced decoding could be used."""
    averaging = p.antialias and p.kernel != "nearest"
    return averaging and kind.format in JPEG and kind.pixels >= 8 * p.height * p.width


def starts(shape: tuple[int, ...], like: Preparation | None) -> Iterator[Preparation]:
    """The usual ways to a tensor (height, width, channels), after `like`, the other side's."""
    height, width, channels = shape
    if like is not None and like.channels == channels:
        yield like.but(height=height, width=width, scale="none", order="rgb")
    colours: tuple[Colour, ...] = ("grey",) if channels == 1 else ("rgb", "grey_rgb")
    for colour in colours if channels in (1, 3) else ():
        yield Preparation(height, width, colour=colour, fast_decode=False, scale="none")


def arrangements(p: Preparation, given: Sequence[Sample]) -> Iterator[Preparation]:
    """What moves whole pictures, in all combinations that some file can show."""
    exif = (True, False) if any(s.kind.turned for s in given) else (p.exif,)
    alpha = ("drop", "white", "black") if any(s.kind.clear for s in given) else (p.alpha,)
    axes = ("kept", "transposed", "reshaped") if p.height != p.width else ("kept", "transposed")
    for geometry, centre in dict.fromkeys([(p.geometry, p.centre), *GEOMETRIES]):
        for way in axes:
            for turned in exif:
                for ground in alpha:
                    yield p.but(geometry=geometry, centre=centre, axes=way, exif=turned, alpha=ground)


def kernels(p: Preparation, given: Sequence[Sample]) -> Iterator[Preparation]:
    """The same with every kernel, decoded whole and reduced."""
    for kernel, antialias in KERNELS:
        one = p.but(kernel=kernel, antialias=antialias, fast_decode=False)
        yield one
        if any(s.kind.format in JPEG for s in given):
            yield one.but(fast_decode=True)
