"""Images to time with: photographs with photographic content, and thumbnails of them.

Crops of the two photographs that come with scikit-learn, enlarged, with grain, as JPEG of quality 90: about
as many bytes a pixel as a camera writes, so that decoding costs what it costs.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 90
GRAIN = 6.0  # levels; 2.5 bits a pixel at this quality, which is what camera JPEGs have


def photographs(folder: Path, n: int, width: int, height: int, seed: int = 0, parts: bool = True) -> Path:
    """`n` JPEG files of two classes; with `parts` below train/ and val/ (every fifth)."""
    for i, (name, pixels) in enumerate(_crops(n, width, height, seed)):
        where = folder / ("val" if i % 5 == 4 else "train") / name if parts else folder / name
        where.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(where / f"{i:05}.jpg", quality=QUALITY)
    return folder


def grey_pictures(folder: Path, n: int, width: int = 45, height: int = 115, seed: int = 0) -> Path:
    """`n` grey PNG files in one folder, the kind and size of the second published report."""
    folder.mkdir(parents=True, exist_ok=True)
    for i, (_, pixels) in enumerate(_crops(n, width, height, seed)):
        Image.fromarray(pixels).convert("L").save(folder / f"{i:05}.png")
    return folder


def _crops(n: int, width: int, height: int, seed: int) -> Iterator[tuple[str, NDArray[np.uint8]]]:
    from sklearn.datasets import load_sample_images

    rng = np.random.default_rng(seed)
    sources = load_sample_images().images
    noise = (GRAIN * rng.standard_normal((height, width, 1), np.float32)).astype(np.int16)
    for i in range(n):
        image = _crop(sources[i % 2], width / height, rng).resize((width, height), Image.Resampling.BICUBIC)
        grain = np.roll(noise, (int(rng.integers(height)), int(rng.integers(width))), (0, 1))
        yield ("china", "flower")[i % 2], np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8)


def _crop(source: NDArray[np.uint8], aspect: float, rng: np.random.Generator) -> Image.Image:
    """A part of the photograph between half and nine tenths of the largest one of this aspect."""
    rows, columns = source.shape[:2]
    share = rng.uniform(0.5, 0.9)
    height = int(share * min(rows, columns / aspect))
    width = int(height * aspect)
    top, left = rng.integers(rows - height + 1), rng.integers(columns - width + 1)
    return Image.fromarray(source[top : top + height, left : left + width])
