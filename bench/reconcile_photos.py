"""Real images as files in which EXIF orientation or transparency decides what is seen."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

ORIENTATION = 0x0112
TURNED = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}


def telephone(source: Path, folder: Path) -> None:
    """The images as a telephone stores them that is held in four ways: turned, with the turn back in EXIF."""
    for i, (path, to) in enumerate(_places(source, folder, ".jpg")):
        tag = (1, 6, 3, 8)[i % 4]
        stored, exif = Image.open(path).convert("RGB"), Image.Exif()
        turn = TURNED[tag]
        exif[ORIENTATION] = tag
        (stored if turn is None else stored.transpose(turn)).save(to, quality=95, exif=exif)


def stickers(source: Path, folder: Path) -> None:
    """Bright shapes on black as black ink on nothing: all that is seen is in the transparency."""
    for path, to in _places(source, folder, ".png"):
        ink = Image.open(path).convert("L")
        sticker = Image.new("RGBA", ink.size, (0, 0, 0, 0))
        sticker.putalpha(ink)
        sticker.save(to)


def _places(source: Path, folder: Path, suffix: str) -> list[tuple[Path, Path]]:
    """Every image and where it goes, folders made."""
    found = [(p, (folder / p.relative_to(source)).with_suffix(suffix)) for p in sorted(source.rglob("*.png"))]
    for _, to in found:
        to.parent.mkdir(parents=True, exist_ok=True)
    return found
