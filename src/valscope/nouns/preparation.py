"""How the bytes of an image file become the tensor that a network sees, as data.

One `Preparation` is stored with each run and used by training, evaluation, prediction and export.
It has two halves: *pixels* (file -> uint8 array, what the cache keeps) and *scale* (uint8 -> float32).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

Colour = Literal["rgb", "grey", "grey_rgb"]
Order = Literal["rgb", "bgr"]
Kernel = Literal["nearest", "bilinear", "bicubic", "lanczos", "area"]
Geometry = Literal["stretch", "crop", "pad"]
Alpha = Literal["drop", "white", "black"]
Axes = Literal["kept", "transposed", "reshaped"]
Scale = Literal[
    "none", "unit", "symmetric", "imagenet", "caffe", "centred", "image_max", "image_std",
    "unit_unit", "unit_symmetric", "unit_imagenet", "unit_caffe",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preparation:
    """File bytes to network input.

    height, width   pixels of the network's input.
    colour          "rgb" (3 channels), "grey" (1 channel) or "grey_rgb" (3 equal channels).
    order           order of the channels that the network gets.
    exif            whether the EXIF orientation is applied before anything else.
    alpha           what a transparent pixel lies on; "drop" keeps the hidden colour.
    kernel          resampling kernel; with `antialias` it is widened when shrinking, as Pillow does;
                    without, it samples half-pixel centres, as `tf.image.resize` does by default.
    geometry        "stretch" ignores the aspect ratio, "crop" keeps it and cuts the longer side
                    centrally, "pad" keeps it and fills with black.
    scale           name of the map from 0..255 to floats, see `valscope.data.pixels.scale.SCALES`.
    fast_decode     JPEG files are decoded at the smallest 1/2, 1/4 or 1/8 size that is still at least
                    twice the target: several times faster on photographs, and the same for training
                    and serving because it is part of this value. It has no effect without `antialias`
                    or with "nearest", which pick single pixels and must see the real ones.
    axes            "transposed" exchanges rows and columns; "reshaped" resizes to width x height and then
                    only writes height x width over it, which scrambles the rows. Both are faults of use.
    centre          share of each side that is kept around the middle; 0.5 cuts the surroundings away.
    """

    height: int
    width: int
    colour: Colour = "rgb"
    order: Order = "rgb"
    exif: bool = True
    alpha: Alpha = "white"
    kernel: Kernel = "bilinear"
    antialias: bool = True
    geometry: Geometry = "stretch"
    scale: Scale = "unit"
    fast_decode: bool = True
    axes: Axes = "kept"
    centre: float = 1.0

    @property
    def channels(self) -> int:
        """Number of colour channels: 1 or 3."""
        return 1 if self.colour == "grey" else 3

    @property
    def shape(self) -> tuple[int, int, int]:
        """(height, width, channels)."""
        return (self.height, self.width, self.channels)

    def but(self, **changes: Any) -> Preparation:
        """The same preparation with some fields changed."""
        return replace(self, **changes)

    def pixels_key(self) -> tuple[object, ...]:
        """What decides the uint8 pixels: everything but order and scale. Two preparations with the same
        key share one cache."""
        key: tuple[object, ...] = (
            self.height, self.width, self.colour, self.exif, self.alpha,
            self.kernel, self.antialias, self.geometry, self.fast_decode,
        )  # fmt: skip
        key = key if self.axes == "kept" else (*key, self.axes)
        return key if self.centre == 1.0 else (*key, "centre", self.centre)

    def leaves(self, shape: tuple[int, ...]) -> bool:
        """Whether an array image of this shape passes through as it is."""
        plain = self.axes == "kept" and self.centre == 1.0 and self.colour != "grey_rgb"
        return plain and shape == self.shape

    @property
    def drawn(self) -> Preparation:
        """The preparation that resizes, before its axes are exchanged."""
        if self.axes == "kept":
            return self
        return self.but(height=self.width, width=self.height, axes="kept")
