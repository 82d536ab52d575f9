"""A file on both ways and the difference, small enough for a page."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from valscope.nouns.path_difference import PathPicture
from valscope.paths.tensors import Floats, distance, gap

MOST = 4
SIDE = 160  # pixels of the longer side


def pictures(
    first: Sequence[Floats], second: Sequence[Floats], files: Sequence[str], within: float, own: bool
) -> tuple[PathPicture, ...]:
    """The files that differ most, each drawn on the range of its own way.

    own  the difference, too, is that of the drawn pictures: where the scale differs among other things, the raw one
         would show nothing else.
    """
    spans = _span(first), _span(second)
    drawn = [(_grey(a, *spans[0]), _grey(b, *spans[1])) for a, b in zip(first, second, strict=True)]
    pairs = drawn if own else list(zip(first, second, strict=True))
    apart = [_apart(*pair) for pair in pairs]
    ranked = sorted(range(len(files)), key=lambda i: -_mean(apart[i]))[:MOST]
    return tuple(
        PathPicture(
            files[i], _picture(drawn[i][0]), _picture(drawn[i][1]), _heat(apart[i]),
            gap([first[i]], [second[i]], [files[i]], within),
        )
        for i in ranked
    )  # fmt: skip


def _apart(a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.float64] | None:
    return distance(a.astype(np.float32), b.astype(np.float32)) if a.shape == b.shape else None


def _mean(apart: NDArray[np.float64] | None) -> float:
    """Without a difference the first files are as good as any."""
    return 0.0 if apart is None else float(apart.mean())


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


def _heat(apart: NDArray[np.float64] | None) -> str:
    """The greatest difference of the picture is white, none is black."""
    if apart is None:
        return ""
    over = apart.max(axis=2, keepdims=True)
    top = float(over[np.isfinite(over)].max(initial=0.0)) or 1.0
    return _picture(np.asarray(np.nan_to_num(np.clip(over / top, 0, 1), nan=1.0) * 255, np.uint8))


def _picture(values: NDArray[np.uint8]) -> str:
    """A data URI; other numbers of channels than 1 and 3 show their first."""
    image = Image.fromarray(np.ascontiguousarray(values if values.shape[2] == 3 else values[:, :, 0]))
    factor = SIDE / max(image.size)
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    image = image.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()
