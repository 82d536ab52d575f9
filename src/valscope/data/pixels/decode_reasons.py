"""Why a file could not be decoded, in words that help."""

from __future__ import annotations

from PIL import Image, UnidentifiedImageError

# Pillow refuses images above twice its MAX_IMAGE_PIXELS of 2**28 // 3; the same limit holds here even where a
# program has switched Pillow's off. 179 megapixels are 537 MB as RGB.
PIXEL_LIMIT = 2 * (2**28 // 3)


def shown(name: object) -> str:
    """A file name as it may stand in a message: control characters and broken encodings are escaped."""
    text = str(name)
    return text if text.isprintable() else ascii(text)


def reason(error: Exception, data: bytes) -> str:
    """The end of a sentence: what Pillow said, and what the bytes look like where it knows no format."""
    if isinstance(error, UnidentifiedImageError):
        return f"its {len(data):,} bytes are no image format that Pillow knows{_guess(data)}"
    if isinstance(error, Image.DecompressionBombError | Image.DecompressionBombWarning):
        return f"it has more pixels than the limit of {PIXEL_LIMIT / 1e6:.0f} megapixels"
    text = " ".join(str(error).split()).rstrip(".")
    return shown(text) if text else f"Pillow stopped with {type(error).__name__}"


def _guess(data: bytes) -> str:
    head = data[:512]
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1"):
        return "; it is HEIC, so convert it to JPEG or PNG first"
    if head.lstrip()[:1] == b"<":
        return "; it looks like a web page or SVG, perhaps a failed download"
    if head.startswith(b"version https://git-lfs"):
        return "; it is a Git LFS pointer, so run  git lfs pull  first"
    return ""
