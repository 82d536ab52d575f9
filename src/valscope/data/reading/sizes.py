"""How large the images are, from their headers alone."""

from __future__ import annotations

import numpy as np
from PIL import Image

from valscope.nouns.dataset import Arrays, Dataset, Sizes

SAMPLE = 300  # headers read; enough for a median and to see whether sizes differ
_SIDEWAYS = (5, 6, 7, 8)  # EXIF orientations that swap height and width


def measure(dataset: Dataset, exif: bool = True) -> Sizes | None:
    """Sizes of up to SAMPLE images, spread evenly over the rows; None for feature vectors."""
    if isinstance(dataset.content, Arrays):
        if dataset.content.vectors:
            return None
        shape = dataset.content.values.shape
        return Sizes((shape[1],), (shape[2],), grey=len(shape) == 3 or shape[3] == 1)
    index = np.unique(np.linspace(0, len(dataset) - 1, SAMPLE).astype(int))
    heights, widths, grey = [], [], True
    for i in index:
        try:
            with Image.open(dataset.content.paths[i]) as image:
                width, height = image.size
                if exif and image.getexif().get(0x0112) in _SIDEWAYS:
                    width, height = height, width
                grey = grey and image.mode in ("1", "L", "I", "I;16", "F", "LA")
        except Exception:  # damaged files are named by the pass that decodes them
            continue
        heights.append(height)
        widths.append(width)
    if not heights:
        return Sizes((64,), (64,))
    return Sizes(tuple(heights), tuple(widths), grey)
