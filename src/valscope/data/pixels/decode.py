"""Bytes of an image file to 8-bit grey or RGB, for whatever Pillow opens.

Pillow's global settings are neither used nor changed. Whatever a damaged file makes Pillow raise becomes a
`DataError` of one sentence.
"""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from valscope.data.pixels.decode_reasons import PIXEL_LIMIT, reason
from valscope.data.pixels.decode_reasons import shown as shown
from valscope.data.pixels.depth import to_eight_bits
from valscope.data.pixels.orientation import orientation_of, turned
from valscope.data.pixels.resize import whole_size
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

# No image within that limit needs more bytes on disk: 179 megapixels of 16-bit RGB without compression.
BYTE_LIMIT = 6 * PIXEL_LIMIT
# Above this many decoded pixels images are taken one at a time, so that a pool of threads cannot multiply
# 537 MB by its size. 24 megapixels are the common size of a camera.
BIG = 24_000_000

# Formats that hold pixels and can be told by their first bytes. Left out: those that start another program
# (EPS), those drawn by the system (WMF) and containers that Pillow names without reading.
FORMATS = (
    "JPEG", "PNG", "WEBP", "TIFF", "GIF", "BMP", "MPO", "PPM", "AVIF", "JPEG2000", "ICO", "DIB", "QOI", "SGI",
    "DDS", "ICNS", "PCX", "XBM", "XPM", "PSD", "SUN", "MSP", "FLI",
)  # fmt: skip

_big = threading.Semaphore(1)


@dataclass(frozen=True, slots=True)
class Decoded:
    """A Pillow image of mode "RGB" or "L", and short codes for what was special about the file:
    "animated" (several frames or pages, the first was taken), and those of `depth.to_eight_bits`."""

    image: Image.Image
    notes: tuple[str, ...]


def decode(source: bytes | str | os.PathLike[str], preparation: Preparation) -> NDArray[np.uint8]:
    """uint8 (height, width, channels) of the file, as large as it was decoded. See `open_image`."""
    pixels = np.asarray(open_image(source, preparation).image, np.uint8)
    return pixels if pixels.ndim == 3 else pixels[:, :, None]


def open_image(source: bytes | str | os.PathLike[str], preparation: Preparation, name: str = "") -> Decoded:
    """Decode a file, or its bytes, to the preparation's colour, with its EXIF, alpha and fast-decode rules.

    `name` stands in messages. Raises DataError for anything that is not a whole, readable image.
    """
    name = shown(name or ("An image given as bytes" if isinstance(source, bytes) else os.fspath(source)))
    data = source if isinstance(source, bytes) else read_bytes(source)
    if not data:
        raise DataError(f"{name} is empty (0 bytes); delete it or fetch it again.")
    try:
        return _decode(data, preparation, name)
    except DataError:
        raise
    except Exception as error:  # what Pillow raises for damaged files is an open list, struct.error included
        raise DataError(f"{name} cannot be decoded: {reason(error, data)}.") from error


def read_bytes(path: str | os.PathLike[str]) -> bytes:
    """The file's bytes; DataError where there is no such file or it may not be read."""
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123  a tenth of a thumbnail's cost is here
            size = os.fstat(file.fileno()).st_size
            if size <= BYTE_LIMIT:
                return file.read()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise DataError(f"{shown(path)} cannot be read: {why}.") from error
    raise DataError(f"{shown(path)} has {size / 1e9:.1f} GB, above the limit of 1 GB for one image.")


def _decode(data: bytes, preparation: Preparation, name: str) -> Decoded:
    with Image.open(BytesIO(data), formats=_formats()) as image:
        image.decodermaxblock = len(data) + 1  # one call of the decoder, not one for every 64 KB
        width, height = image.size
        if width * height > PIXEL_LIMIT:
            size = f"{width} x {height} = {width * height / 1e6:,.0f} megapixels"
            raise DataError(
                f"{name} is {size}, above the limit of {PIXEL_LIMIT / 1e6:.0f}; make it smaller first."
            )
        orientation = orientation_of(image)
        _draft(image, preparation, orientation)
        if image.width * image.height <= BIG:
            return _finish(image, preparation, orientation)
        with _big:
            return _finish(image, preparation, orientation)


def _finish(image: Image.Image, preparation: Preparation, orientation: int) -> Decoded:
    notes = ("animated",) if _several_frames(image) else ()
    image.load()
    eight, more = to_eight_bits(turned(image, preparation.exif, orientation))
    mode = "L" if preparation.colour == "grey" else "RGB"
    flat = _flatten(eight, preparation.alpha, mode)
    if preparation.colour == "grey_rgb":
        flat = flat.convert("L").convert("RGB")
    return Decoded(flat, notes + more)


@cache
def _formats() -> tuple[str, ...]:
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _draft(image: Any, preparation: Preparation, orientation: int) -> None:
    """Let libjpeg decode at a half, quarter or eighth, only where that is an average of what follows:
    a kernel that picks single pixels must see the real ones."""
    averaging = preparation.antialias and preparation.kernel != "nearest"
    if not (preparation.fast_decode and averaging and image.format in ("JPEG", "MPO")):
        return
    swapped = preparation.exif and orientation >= 5
    width, height = reversed(image.size) if swapped else image.size
    wanted = [2 * side for side in whole_size(width, height, preparation.drawn)]
    mode = "L" if preparation.colour == "grey" and image.mode == "RGB" else None
    image.draft(mode, tuple(reversed(wanted)) if swapped else tuple(wanted))


def _several_frames(image: Any) -> bool:
    if image.format == "MPO":  # a photograph with its preview or depth map behind it
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # a damaged second frame: the first one counts
        return False


def _flatten(image: Image.Image, alpha: str, mode: str) -> Image.Image:
    if alpha == "drop" or not image.has_transparency_data:
        image.info.pop("transparency", None)
        if image.mode not in ("RGB", "L", "1", "P"):
            image = image.convert("RGB")
        return image if image.mode == mode else image.convert(mode)
    ground = Image.new("RGBA", image.size, "white" if alpha == "white" else "black")
    ground.alpha_composite(image.convert("RGBA"))
    return ground.convert("RGB").convert(mode)
