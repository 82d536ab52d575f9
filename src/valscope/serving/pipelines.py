"""Images through a pipeline to a model's outputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from valscope.data.pixels import scale
from valscope.engines import Floats
from valscope.errors import UsageError
from valscope.nouns.pipeline import Pipeline
from valscope.serving.images import Images, Rows
from valscope.serving.open import Served

BATCH = 32  # also the batch whose statistics the mode "batch" uses


def network_input(images: Images, pipeline: Pipeline, rows: Rows | None = None) -> Floats:
    """What the network gets, float32 (n, height, width, channels)."""
    if pipeline.preparation is None:
        raise UsageError("A pipeline for images needs a preparation.")
    return scale.apply(images.pixels(pipeline.preparation, rows), pipeline.preparation)


def pipeline_outputs(
    served: Served,
    images: Images,
    pipeline: Pipeline,
    rows: Rows | None = None,
    on_batch: Callable[[int], object] = lambda count: None,
) -> Floats:
    """The model's outputs (n, k), float32, for the images `rows` (all of them by default).

    Images of a batch that is filled in the order of `rows` share their statistics in the mode "batch".
    on_batch  called with the number of images after each batch.
    """
    chosen = np.arange(len(images)) if rows is None else np.asarray(rows)
    model = served.at(pipeline.checkpoint)
    found = []
    for start in range(0, len(chosen), BATCH):
        part = chosen[start : start + BATCH]
        found.append(model.outputs(network_input(images, pipeline, part), pipeline.mode))
        on_batch(len(part))
    if not found:
        return np.zeros((0, served.about.head.outputs), np.float32)
    return np.concatenate(found)
