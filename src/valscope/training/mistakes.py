"""The worst mistakes as a person wants to see them: the picture, what it is, what it was called."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.nouns.result import Mistake
from valscope.training.plan import Plan

MISTAKES = 24
THUMBNAIL = 96  # pixels of the longer side


def worst_mistakes(
    plan: Plan, rows: NDArray[np.int64], labels: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> tuple[Mistake, ...]:
    """The most confident mistakes among `rows`; labels (n,) and probabilities (n, classes) belong to them."""
    predicted = probabilities.argmax(1)
    wrong = np.flatnonzero(predicted != labels)
    worst = wrong[np.argsort(-probabilities[wrong].max(1), kind="stable")][:MISTAKES]
    images = plan.recipe.preparation is not None
    thumbnails: Sequence[str] = (
        _thumbnails(plan.reader.read(rows[worst])) if images and len(worst) else [""] * len(worst)
    )
    return tuple(
        Mistake(
            plan.dataset.names[rows[i]],
            plan.dataset.classes[labels[i]],
            plan.dataset.classes[predicted[i]],
            float(probabilities[i].max()),
            thumbnail,
        )
        for i, thumbnail in zip(worst, thumbnails, strict=True)
    )


def _thumbnails(pixels: NDArray[Any]) -> list[str]:
    """What the network saw, as small JPEG data URIs."""
    from PIL import Image

    found = []
    for values in pixels:
        if values.dtype != np.uint8:
            span = float(values.max() - values.min()) or 1.0
            values = np.uint8(255 * (values - values.min()) / span)
        image = Image.fromarray(values[..., 0] if values.shape[-1] == 1 else values)
        factor = THUMBNAIL / max(image.size)
        size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
        image = image.resize(size, Image.Resampling.NEAREST if factor > 1 else Image.Resampling.BILINEAR)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=80)
        found.append("data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode())
    return found
