"""Images of more than eight bits a sample to eight bits.

Integers are mapped by what the file's depth can hold and not by what one image happens to hold: a map that
depends on the image would change brightness from file to file. The image itself is asked in two cases only, and
a note says so: where the format says nothing about its range (floats, 32-bit integers), and where a 16-bit image
never exceeds 255, which is how 8-bit data looks that a program stored too wide.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_BITS_PER_SAMPLE = 258
# A 16-bit image that never exceeds a sixteenth of its range keeps 16 of 256 grey levels or fewer: the mark of
# 12-bit data in a 16-bit file.
DIM = 1 / 16


def to_eight_bits(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The image with 8-bit samples, and notes:

    "deep"      it had 12 or 16 bits, of which the upper 8 are kept
    "dim"       it had 16 bits but uses less than a sixteenth of the range
    "wide"      it had 16 bits but no value above 255, and was taken as it is
    "own_range" it held floats or 32-bit integers, mapped by the range found in the image itself
    """
    if image.mode == "F" or (image.mode == "I" and not _sixteen(image)):
        return Image.fromarray(_by_own_range(np.asarray(image, np.float32))), ("own_range",)
    if not image.mode.startswith("I"):
        return image, ()
    values, top = np.clip(np.asarray(image), 0, 65535).astype(np.uint16), _top(image)
    greatest = int(values.max(initial=0))
    if 0 < greatest <= 255:
        return Image.fromarray(values.astype(np.uint8)), ("wide",)
    table = _rounded(np.arange(65536) * (255 / top))
    return Image.fromarray(table[values]), ("deep", "dim") if 0 < greatest <= top * DIM else ("deep",)


def _sixteen(image: Image.Image) -> bool:
    # Pillow before 11.3 opened 16-bit grey PNG and PPM files as 32-bit integers.
    return image.format in ("PNG", "PPM")


def _top(image: Any) -> int:
    bits = getattr(image, "tag_v2", {}).get(_BITS_PER_SAMPLE, (16,))
    return 4095 if bits == (12,) else 65535


def _by_own_range(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    finite = np.where(np.isfinite(values), values, np.float32(0))
    low, high = float(finite.min()), float(finite.max())
    if low >= 0 and high <= 1:
        return _rounded(finite * 255)
    if low >= 0 and high <= 255:
        return _rounded(finite)
    return _rounded((finite - low) / max(high - low, 1e-12) * 255)


def _rounded(values: NDArray[Any]) -> NDArray[np.uint8]:
    return np.asarray(np.clip(np.rint(values), 0, 255), np.uint8)
