"""A file on both ways and the difference, small enough for a page."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from valscope.nouns.path_difference import PathPicture
from valscope.paths.tensors import Floats, distance, gap

MOST = 4
SIDE = 160  # pixels of the longer side


def pictures(
    first: Sequence[Floats], second: Sequence[Floats], files: Sequence[str], within: float
) -> tuple[PathPicture, ...]:
    """The files that differ most, each drawn on the scale of its own way, so that the eye sees what moved and the
    difference shows what only the numbers tell."""
    spans = _span(first), _span(second)
    ranked = sorted(range(len(files)), key=lambda i: -_apart(first[i], second[i]))[:MOST]
    found = []
    for i in ranked:
        a, b = first[i], second[i]
        between = gap([a], [b], [files[i]], within)
        drawn = "" if between is None else _drawn(_heat(distance(a, b)))
        found.append(
            PathPicture(files[i], _drawn(_grey(a, *spans[0])), _drawn(_grey(b, *spans[1])), drawn, between)
        )
    return tuple(found)


def _apart(a: Floats, b: Floats) -> float:
    """Mean difference; without one the first files are as good as any."""
    return float(distance(a, b).mean()) if a.shape == b.shape else 0.0


def _span(tensors: Sequence[Floats]) -> tuple[float, float]:
    finite = [x[np.isfinite(x)] for x in tensors]
    return min((float(x.min(initial=0.0)) for x in finite), default=0.0), max(
        (float(x.max(initial=0.0)) for x in finite), default=1.0
    )


def _grey(x: Floats, low: float, high: float) -> NDArray[np.uint8]:
    """Values of a way's whole range as bytes."""
    with np.errstate(invalid="ignore"):
        share = np.clip((x - low) / (high - low or 1.0), 0, 1)
    return np.asarray(np.nan_to_num(share) * 255, np.uint8)


def _heat(apart: NDArray[np.float64]) -> NDArray[np.uint8]:
    """The greatest difference of the picture is white, none is black."""
    over = apart.max(axis=2, keepdims=True)
    finite = over[np.isfinite(over)]
    top = float(finite.max(initial=0.0)) or 1.0
    return np.asarray(np.nan_to_num(np.clip(over / top, 0, 1), nan=1.0) * 255, np.uint8)


def _drawn(values: NDArray[np.uint8]) -> str:
    """A data URI; other numbers of channels than 1 and 3 show their first."""
    image = Image.fromarray(np.ascontiguousarray(values if values.shape[2] == 3 else values[:, :, 0]))
    factor = SIDE / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    image = image.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
