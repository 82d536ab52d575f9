"""Only the head trains.

What it does: sees that every layer of the backbone is frozen, and how the head sits on it.
Why it matters: frozen features carry a head only when the inputs are scaled as in pretraining and the images
resemble photographs; a Flatten head over a large map memorises training images instead.
Instead: right preprocessing and global pooling first; then unfreeze the last block at a low rate.
Cannot tell: whether the features suffice; a linear probe on a held-out part tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.script import Freeze, ScriptFacts

CODE, NAME = "M104", "frozen_backbone"
NEEDS = ("scripts", "runs")
GAP = 0.10


def check(case: Case) -> Iterator[Outcome]:
    """Only where the log shows that validation does not follow training."""
    if not any(case.gap(run) >= GAP for run in case.runs):
        return
    for script in case.scripts:
        frozen = [f for f in script.freezes if _all(f)]
        if script.backbones and frozen and not _thawed(script):
            yield _finding(script, frozen[0])


def _all(freeze: Freeze) -> bool:
    return not freeze.value and not freeze.slice and freeze.of in ("backbone", "model", "unknown")


def _thawed(script: ScriptFacts) -> bool:
    return any(f.value for f in script.freezes)


def _finding(script: ScriptFacts, freeze: Freeze) -> Finding:
    flattened = any(layer.kind == "Flatten" for network in script.networks for layer in network.layers)
    head = ", and Flatten hands its whole map to the head" if flattened else ""
    return Finding(
        CODE, NAME, "SUSPECTED",
        f"All layers of {script.backbones[-1].name} are frozen{head}: only the head trains, on features that were "
        "made for other images.",
        numbers={"backbone": script.backbones[-1].name, "flatten": int(flattened)},
        evidence=(freeze.source, script.backbones[-1].source),
        cannot_tell="whether the frozen features suffice once the inputs are scaled rightly.",
        remedy="Scale as in pretraining and pool globally; then train the last block at a tenth of the rate.",
        next_step=f"valscope train PHOTOS/ --model {script.backbones[-1].name.lower()} --weights imagenet --fine-tune 5",
        weight=0.5,
    )  # fmt: skip
