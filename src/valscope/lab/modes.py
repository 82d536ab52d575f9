"""A saved model with its stored BatchNorm statistics against the statistics of mixed batches of the same images."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from valscope.data.sources.open import open_dataset
from valscope.lab.arms import Contrast, Right, contrast
from valscope.lab.unseen import unseen
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.training import Serving
from valscope.nouns.trial import Arm, Change, Ruling, Trial
from valscope.scoring import share
from valscope.serving import Images, decide, open_served, pipeline_outputs, right

MOST = 600  # images: half a 95 % interval is then at most 4 points
WORTH = 0.05  # accuracy that batch statistics must win; batches scatter by a point or two


def modes_trial(serving: Serving, code: str, suspect: str) -> Trial | None:
    """Both ways of normalising on the same images in random order, those that did not train where they are known; None
    for a model without batch statistics."""
    dataset, known = unseen(open_dataset(serving.data, classes=serving.classes or None, fewest_classes=1))
    rows = np.random.default_rng(0).permutation(np.flatnonzero(dataset.labels >= 0))[:MOST]
    served = open_served(serving.model, classes=len(dataset.classes))
    if "batch" not in served.about.modes or not len(rows):
        return None
    images = Images(dataset)

    def scored(pipeline: Pipeline) -> Right:
        outputs = pipeline_outputs(served, images, pipeline, rows)
        return right(decide(outputs, pipeline), images.labels[rows], pipeline)

    stored = scored(serving.trained.but(mode="moving"))
    batch = scored(serving.trained.but(mode="batch"))
    serving = replace(serving, assumed=(*serving.assumed, *known))
    which = "images" if known else "images that did not train"
    return _trial(code, suspect, stored, batch, contrast([stored], [batch]), serving, which)


def _trial(
    code: str, suspect: str, stored: Right, batch: Right, made: Contrast, serving: Serving, which: str
) -> Trial:
    arms = [
        Arm(label, (float(r.mean()),), share(int(r.sum()), len(r)))
        for label, r in (("stored statistics", stored), ("statistics of the batch", batch))
    ]
    ruling: Ruling = "SUSPECTED"
    if made.p < 0.01 and made.low > 0 and made.mean >= WORTH:
        ruling = "CONFIRMED"
    elif made.high < WORTH:
        ruling = "REFUTED"
    said = (
        f"{100 * arms[0].mean:.1f} % of {made.n} {which} with stored statistics, {100 * arms[1].mean:.1f} % with those of "
        f"mixed batches [{100 * made.low:+.1f}, {100 * made.high:+.1f}]"
    )
    return Trial(
        code, suspect, "rescoring", "The saved model on the same images, normalised in two ways.", arms[0], arms[1],
        made.n, made.mean, made.low, made.high, made.only_control, made.only_treated, made.p, made.p, ruling,
        changes=(Change("mode", "moving", "batch"),), assumed=serving.assumed, words=said,
    )  # fmt: skip
