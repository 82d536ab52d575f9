"""Drawn pictures for tests: clouds that look like photographs to a hash, arrows, and what people do to files."""

import io

import numpy as np
from PIL import Image

SIZE = 64


def clouds(n, seed=0, size=SIZE):
    """n unrelated colour pictures with the 1/f spectrum of photographs, uint8 (n, size, size, 3)."""
    rng = np.random.default_rng(seed)
    f = np.hypot(*np.meshgrid(np.fft.fftfreq(size), np.fft.fftfreq(size)))
    f[0, 0] = 1
    waves = (rng.normal(size=(n, 3, size, size)) + 1j * rng.normal(size=(n, 3, size, size))) / f**1.5
    field = np.fft.ifft2(waves).real
    field[:, 1:] = 0.7 * field[:, :1] + 0.3 * field[:, 1:]  # colours mostly go together
    field /= field.std((1, 2, 3), keepdims=True)
    return np.clip(128 + 40 * field, 0, 255).astype(np.uint8).transpose(0, 2, 3, 1)


def arrow(right, rng, size=SIZE):
    """A white arrow on blue, pointing left or right, somewhere near the middle."""
    image = np.full((size, size, 3), (40, 70, 160), np.uint8)
    y, x = rng.integers(26, 38), rng.integers(18, 26)
    image[y - 3 : y + 3, x : x + 24] = 240
    for k in range(10):
        image[y - k : y + k + 1, x + 24 + (10 - k)] = 240
    image = image if right else image[:, ::-1]
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def jpeg(quality):
    def again(image):
        file = io.BytesIO()
        Image.fromarray(image).save(file, "JPEG", quality=quality)
        return np.asarray(Image.open(file))

    return again


def resized(factor):
    def again(image):
        small = Image.fromarray(image).resize(
            [int(factor * s) for s in image.shape[1::-1]], Image.Resampling.BILINEAR
        )
        return np.asarray(small.resize(image.shape[1::-1], Image.Resampling.BILINEAR))

    return again


DONE = {
    "jpeg 50": (jpeg(50), "same"),
    "jpeg 30": (jpeg(30), "same"),
    "resized to 70 %": (resized(0.7), "same"),
    "brightened": (lambda image: np.clip(image * 1.1 + 8.0, 0, 255).astype(np.uint8), "same"),
    "flipped horizontally": (lambda image: image[:, ::-1], "flipped horizontally"),
    "flipped vertically": (lambda image: image[::-1], "flipped vertically"),
    "rotated by 180": (lambda image: image[::-1, ::-1], "rotated by 180 degrees"),
    "rotated by 90": (lambda image: np.rot90(image), "rotated by 90 degrees"),
    "rotated by 270": (lambda image: np.rot90(image, 3), "rotated by 270 degrees"),
    "transposed": (lambda image: image.transpose(1, 0, 2), "flipped and rotated by 90 degrees"),
    "flipped and resaved": (
        lambda image: jpeg(50)(np.ascontiguousarray(image[:, ::-1])),
        "flipped horizontally",
    ),
}
"""What people do to a file, and how it must be called."""
