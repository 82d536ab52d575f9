"""How a camera was held, as EXIF says it."""

from __future__ import annotations

from PIL import Image

_TURNS = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE",
          6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90"}  # fmt: skip
_UNDO = {**_TURNS, 6: "ROTATE_90", 8: "ROTATE_270"}
_ORIENTATION = 0x0112


def orientation_of(image: Image.Image) -> int:
    """EXIF orientation, 1 to 8; 1 where there is none or it cannot be read."""
    try:
        found = image.getexif().get(_ORIENTATION)
    except Exception:  # broken EXIF in a whole image: the image counts
        return 1
    return found if isinstance(found, int) and found in _TURNS else 1


def turned(image: Image.Image, wanted: bool, orientation: int) -> Image.Image:
    """Apply the orientation, or undo it where Pillow applied it on loading, as it does for TIFF."""
    done = orientation != 1 and image.format == "TIFF" and orientation_of(image) == 1
    if orientation == 1 or done == wanted:
        return image
    return image.transpose(Image.Transpose[(_TURNS if wanted else _UNDO)[orientation]])
