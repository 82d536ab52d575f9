"""Puts faults of use on trial: the saved model on the same images, served as the code does and with one thing mended.

Nothing is trained, so there are no seeds: images are the only chance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

import numpy as np

from valscope import stats
from valscope.data.sources.open import open_dataset
from valscope.diagnosis.court import Heard
from valscope.diagnosis.suspects import of_pipelines
from valscope.lab.arms import LEAST, Contrast, Right
from valscope.lab.bench import Bench
from valscope.lab.changes import changes_between
from valscope.lab.design import Design, Designed, Pair
from valscope.lab.ruling import ALPHA, QUARTER, reproduces
from valscope.lab.unseen import unseen
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.training import Serving, last
from valscope.nouns.trial import Arm, Ruling, Trial
from valscope.scoring import share
from valscope.serving import Images, Served, decide, open_served, pipeline_outputs, right
from valscope.words.change import instead, told
from valscope.words.plain import listing

MOST_IMAGES = 1000  # of the user's that are scored: half a 95 % interval is then at most 3 points


@dataclass(eq=False)
class Scored:
    """The user's model on the user's images; each pipeline is run once."""

    served: Served
    images: Images
    bench: Bench
    assumed: tuple[str, ...] = ()

    def arm(self, pipeline: Pipeline) -> Sequence[Right]:
        """Whether each image is right when served so."""
        outputs = pipeline_outputs(self.served, self.images, pipeline, on_batch=self.bench.observer.advance)
        return [right(decide(outputs, pipeline), self.images.labels, pipeline)]


def try_serving(bench: Bench, rules: Iterable[ModuleType]) -> Heard:
    """Try every difference between the two uses of the model; nothing where they are the same."""
    serving = bench.serving
    if serving is None or serving.served is None or serving.served == serving.trained:
        return Heard()
    suspects = of_pipelines(rules, serving.served, serving.trained)
    if not suspects:
        return Heard()
    scored = open_scored(bench, serving)
    bench.observer.phase("Scoring the saved model", (len(suspects) + 2) * len(scored.images))
    design: Design[Pipeline] = Design(scored.arm)
    designed = design.decide(serving.served, suspects)
    serving = replace(serving, assumed=(*serving.assumed, *scored.assumed))
    return _heard(serving, designed, design)


def open_scored(bench: Bench, serving: Serving) -> Scored:
    """Load the model in safe mode and at most MOST_IMAGES of the images, evenly over the classes' rows."""
    dataset = open_dataset(serving.data, classes=serving.classes or None, fewest_classes=1)
    dataset = dataset.take(np.flatnonzero(dataset.labels >= 0))
    dataset, seen = unseen(dataset)
    if len(dataset) > MOST_IMAGES:
        dataset = dataset.take(np.linspace(0, len(dataset) - 1, MOST_IMAGES).round().astype(np.int64))
    bench.observer.message(f"Loading {serving.model} and scoring {len(dataset)} images in each way.")
    served = open_served(serving.model, classes=len(dataset.classes))
    return Scored(served, Images(dataset), bench, seen)


def _heard(serving: Serving, designed: Designed[Pipeline], design: Design[Pipeline]) -> Heard:
    corrected = stats.holm([pair.contrast.p for pair in designed.pairs])
    whole = designed.whole
    # what is lost in all: one fault's own effect may be larger where the other one hides it
    gap = max(0.0, whole.mean, _reported_gap(serving))
    shown = _shown(serving, design, designed.control)
    trials = tuple(
        _trial(design, serving, pair, p, gap, shown)
        for pair, p in zip(designed.pairs, corrected, strict=True)
    )
    cure = replace(
        _made(design, serving, designed.control, designed.best, whole, whole.p, gap, shown),
        suspect="all remedies together",
    )
    return Heard(trials, cure)


def _reported_gap(serving: Serving) -> float:
    if serving.use == "val":
        val, used = last(serving.reported, "train"), last(serving.reported, "val")
    else:
        val, used = (
            last(serving.reported, "val"),
            last(serving.reported, "predict") or last(serving.reported, "test"),
        )
    return max(0.0, val.value - used.value) if val is not None and used is not None else 0.0


def _shown(serving: Serving, design: Design[Pipeline], control: Pipeline) -> bool | None:
    """Whether serving as the code does gives the reported accuracy of prediction, or of validation."""
    used = last(serving.reported, serving.use)
    if used is None:
        return None
    found = design.arm(control)[0]
    return reproduces([float(found.mean())], len(found), used)


def _trial(
    design: Design[Pipeline], serving: Serving, pair: Pair[Pipeline], p: float, gap: float, shown: bool | None
) -> Trial:
    made = _made(design, serving, pair.without, pair.mended, pair.contrast, p, gap, shown)
    beside = tuple(s.words for s in pair.others)
    also = f", with {listing(beside, most=9)} mended in both" if beside else ""
    return replace(
        made, code=pair.suspect.code, suspect=pair.suspect.name, mended=tuple(s.code for s in pair.others),
        question=made.question.removesuffix(".") + f"{also}.", words=_words(made), mended_words=beside,
    )  # fmt: skip


def _made(
    design: Design[Pipeline], serving: Serving, control: Pipeline, treated: Pipeline, contrast: Contrast,
    p_holm: float, gap: float, shown: bool | None,
) -> Trial:  # fmt: skip
    arms = [
        Arm(label, (float(r.mean()),), share(int(r.sum()), len(r)))
        for label, r in (("with it", design.arm(control)[0]), ("mended", design.arm(treated)[0]))
    ]
    changed = changes_between(control, treated)
    return Trial(
        "", "", "rescoring", f"The saved model on the same images with {told(changed)}.", arms[0], arms[1],
        contrast.n, contrast.mean, contrast.low, contrast.high, contrast.only_control, contrast.only_treated,
        contrast.p, p_holm, ruled_use(contrast, p_holm, gap, shown), gap=gap, reproduced=shown, changes=changed,
        assumed=serving.assumed,
    )  # fmt: skip


def ruled_use(contrast: Contrast, p_holm: float, gap: float, shown: bool | None) -> Ruling:
    """As `lab.ruling.ruled`, without seeds: the same weights on the same images know no other chance."""
    helps = p_holm < ALPHA and contrast.low > 0 and contrast.mean >= QUARTER * gap
    if helps and shown is not False:
        return "CONFIRMED"
    if contrast.high < max(QUARTER * gap, LEAST):
        return "REFUTED"
    return "CONFIRMED" if p_holm < ALPHA and contrast.low > 0 and shown is not False else "SUSPECTED"


def _words(made: Trial) -> str:
    said = (
        f"{100 * made.control.mean:.1f} to {100 * made.treated.mean:.1f} % of the same {made.n} images "
        f"[{100 * made.low:+.1f}, {100 * made.high:+.1f}]"
    )
    if made.ruling == "REFUTED":
        return f"tried {instead(made.changes)}, {said}: not the cause"
    return f"mended, {said}" if made.ruling == "CONFIRMED" else f"mended, {said}: too weak a trial to decide"
