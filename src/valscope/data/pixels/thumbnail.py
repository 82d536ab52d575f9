"""A file as a picture small enough for a page."""

from __future__ import annotations

import base64
import io
import os
from collections.abc import Iterable

from PIL import Image

from valscope.data.pixels.decode import open_image
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

SIDE = 160  # pixels of the longer side
_AS_SEEN = Preparation(
    SIDE, SIDE, kernel="bilinear", geometry="pad"
)  # decoded as small as will do, EXIF applied


def thumbnail(source: bytes | str | os.PathLike[str]) -> str:
    """ "data:image/jpeg;base64,..." of an image as a person sees it; "" where it cannot be read."""
    try:
        image = open_image(source, _AS_SEEN).image
    except DataError:
        return ""
    image.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR)
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(kept.getvalue()).decode()}"


def thumbnails(paths: Iterable[str], most: int = 60) -> dict[str, str]:
    """Thumbnails by path, of those that can be read."""
    first = list(dict.fromkeys(paths))[:most]
    return {path: picture for path in first if (picture := thumbnail(path))}
