"""Which pictures a page may show: data URIs of images only, as many as there is room for."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PICTURE = re.compile(r"data:image/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/=]+")


def kept(uris: Iterable[str], room: int) -> dict[str, str]:
    """Those that are pictures, each under itself, until `room` characters are full."""
    found: dict[str, str] = {}
    for uri in uris:
        if uri and uri not in found and len(uri) <= room and _PICTURE.fullmatch(uri):
            found[uri] = uri
            room -= len(uri)
    return found
