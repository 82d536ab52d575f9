"""A few small files of every kind on which each stage of the way shows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

ORIENTATION = 0x0112


def pattern(height: int, width: int, seed: int) -> np.ndarray:
    """Colours that no symmetry leaves alone: smooth fields, an edge and some noise."""
    noise = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(float)
    red = 200 * columns / width + 40 * np.sin(rows / 3 + seed)
    green = 120 + 100 * np.sin((rows + 2 * columns) / 5)
    blue = np.where(rows > height / 3, 40 + 150 * rows / height, 210)
    values = np.stack([red, green, blue], 2) + noise.normal(0, 12, (height, width, 3))
    return np.clip(values, 0, 255).astype(np.uint8)


def draw(folder: Path) -> list[str]:
    """PNG and JPEG files: wide, high, square, turned by EXIF, transparent, grey, large enough for a reduced decode."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []

    def keep(name: str, image: Image.Image, **how: object) -> None:
        image.save(folder / name, **how)
        found.append(str(folder / name))

    keep("wide.png", Image.fromarray(pattern(40, 70, 1)))
    keep("high.png", Image.fromarray(pattern(66, 37, 2)))
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    keep("turned.jpg", Image.fromarray(pattern(90, 140, 3)), exif=exif, quality=95)
    alpha = np.full((50, 60, 1), 255, np.uint8)
    alpha[10:40, 15:35] = 60
    keep("clear.png", Image.fromarray(np.concatenate([pattern(50, 60, 4), alpha], 2)))
    keep("grey.png", Image.fromarray(pattern(45, 52, 5)).convert("L"))
    keep("large.jpg", Image.fromarray(pattern(180, 230, 6)), quality=90)
    return found
