"""Small images of many kinds, made in memory."""

from io import BytesIO

import numpy as np
from PIL import Image


def encoded(image, kind="PNG", **options) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width=64, height=48, seed=0) -> Image.Image:
    """Smooth colours with some texture, so that JPEG and resampling behave as on a photograph."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)
