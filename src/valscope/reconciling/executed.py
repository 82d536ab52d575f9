"""The pipeline in use as a script was seen to have it, in the place of what reading its code gave."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from valscope.errors import ModelError, UsageError
from valscope.nouns.dataset import Dataset, Files
from valscope.nouns.finding import NotChecked
from valscope.nouns.pipeline import Mode, Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.reconciliation import Axis
from valscope.paths.measured import Measured, measured, sure
from valscope.paths.running import run_script
from valscope.reconciling.axes import differing, value_of, words
from valscope.reconciling.lines import NAMES
from valscope.reconciling.starts import fitted
from valscope.reconciling.written import Written
from valscope.scoring import share
from valscope.serving import Images, Served, decide

FEWEST = 5  # images of the script with a known class, below which their share says nothing
SAME = 1e-3  # of a probability: libraries and batches round differently by a hundredth of that
SETTLES = "the lines that read and scale an image, or a script that predicts a few images when it is started"


def check_run(run: bool, predict_script: object) -> None:
    """Raises UsageError where there is nothing that may be run."""
    if run and predict_script is None:
        raise UsageError("--run-script runs the script that predicts; give it with --predict-script.")


def executed(
    written: Written, script: str | os.PathLike[str], arguments: Sequence[str], model: Served, source: Dataset | Images,
    images: Images, start: Pipeline, checkpoints: Sequence[str],
) -> Written:  # fmt: skip
    """What is written, with the pipeline in use measured: the script is run. Where that fails, reading goes on."""
    content = (source.dataset if isinstance(source, Images) else source).content
    beside = content.paths if isinstance(content, Files) else ()
    name = Path(script).name
    likes = _likes(written, start)
    found = measured(run_script(script, arguments), beside, likes, model.about.shape)
    if found.preparation is None or not sure(found):
        own = _own_tensors(found, model, images, start)
        return replace(_not_measured(written, found, name, start), notes=own)
    read = fitted(written.served, start) if written.served is not None else None
    used = _as_seen(found, read or start, model)
    weights, notes = _weights(found, used, model, checkpoints)
    used = used.but(checkpoint=weights)
    notes = (_said(found, name), *_against(read, used, name), *notes)
    kept = tuple(one for one in written.said if not _contradicted(one[0], read, used))
    # what reading assumed of prediction was measured; without a training script it had nothing else to assume
    assumed = tuple(one for one in written.assumed if written.trained is not None and "prediction" not in one)
    if read is None:
        assumed = (*assumed, _assumed(name, used))
    return replace(written, served=used, said=kept, assumed=assumed, notes=notes, reasons=(), measured=True)


def _unnamed(found: Measured, name: str, start: Pipeline) -> str:
    """A preparation that the grid does not have."""
    if not found.formula:
        return f"the nearest preparation leaves {found.left:.1f} grey levels of its tensors unexplained"
    other = start.but(preparation=found.preparation)
    shown: tuple[Axis, ...] = ("colour", "geometry", "resize", "channel order")
    rest = "; ".join(words(axis, value_of(axis, other)) for axis in shown)
    return f"{name} scales grey levels x by {found.formula}, which no pipeline of the grid does (the rest: {rest})"


def _not_measured(written: Written, found: Measured, name: str, start: Pipeline) -> Written:
    """What reading gave stays, unless the script was seen to do what no pipeline of the grid does."""
    reason = found.failed.rstrip(".") or _unnamed(found, name, start)
    untold = (NotChecked(f"running {name}", reason, SETTLES),)
    if not found.files:
        return replace(written, not_measured=untold)
    said = tuple(one for one in written.said if not one[0].startswith("served"))
    assumed = written.assumed if written.trained is not None else ()
    return replace(written, served=None, said=said, assumed=assumed, reasons=(), not_measured=untold)


def _own_tensors(found: Measured, model: Served, images: Images, start: Pipeline) -> tuple[str, ...]:
    """How the model does with the script's own tensors, on those of its images whose class is known."""
    content = images.dataset.content
    if not found.rows or not isinstance(content, Files):
        return ()
    label = {str(Path(p).absolute()): int(n) for p, n in zip(content.paths, images.labels, strict=True)}
    known = [(row, label[file]) for row, file in zip(found.rows, found.files, strict=True) if file in label]
    if len(known) < FEWEST:
        return ()
    numbers = decide(model.outputs(np.stack([row.values for row, _ in known])), start)
    right = share(int((numbers == [n for _, n in known]).sum()), len(known))
    return (
        f"With the script's own tensors the model has {right.k} of {right.n} images right "
        f"({100 * (right.value or 0):.1f} % [{100 * right.low:.1f}, {100 * right.high:.1f}]).",
    )


def _likes(written: Written, start: Pipeline) -> list[Preparation]:
    """Preparations that are known from elsewhere: that of use as read, that of training, the usual one."""
    known = [fitted(p, start) for p in (written.served, written.trained) if p is not None]
    return [p.preparation for p in (*known, start) if p.preparation is not None]


def _as_seen(found: Measured, read: Pipeline, model: Served) -> Pipeline:
    modes: tuple[Mode, ...] = model.about.modes
    mode = read.mode
    if found.training:
        mode = next((m for m in ("batch", "dropout") if m in modes), read.mode)
    elif mode != "moving":
        mode = "moving"
    return read.but(preparation=found.preparation, mode=mode)


def _weights(
    found: Measured, used: Pipeline, model: Served, checkpoints: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The file whose weights give the script's outputs, and what is to be said where that is not the model given."""
    rows = [row for row in found.rows if row.outputs is not None and not row.training]
    if not rows:
        return "", ()
    theirs = [row.outputs for row in rows]
    width = model.about.head.outputs
    if any(one is None or len(one) != width for one in theirs):
        return "", (f"The model of the script has other outputs than the one given, which has {width}.",)
    x, y = np.stack([row.values for row in rows]), np.stack([one for one in theirs if one is not None])
    apart = {}
    for file in checkpoints:
        try:
            apart[file] = float(np.abs(model.at(file).outputs(x) - y).max())
        except ModelError:
            continue
    own = apart.get("", 0.0)
    if own <= SAME * max(1.0, float(np.abs(y).max())):
        return "", ()
    others = [file for file, value in apart.items() if value <= SAME * max(1.0, float(np.abs(y).max()))]
    if others:
        return others[0], ()
    return "", (
        f"The model of the script is not the one given: of the same tensors its outputs differ by up to {own:.2g}. What is "
        "said here is of the one given.",
    )


def _said(found: Measured, name: str) -> str:
    return (
        f"{name} was run until {len(found.rows)} images of known files had reached its model: the pipeline in use is "
        f"measured and explains their tensors {found.close}."
    )


def _against(read: Pipeline | None, used: Pipeline, name: str) -> tuple[str, ...]:
    """Where reading the code said otherwise."""
    if read is None:
        return ()
    axes = [axis for axis in differing(read, used) if axis != "checkpoint"]
    if not axes:
        return ()
    each = "; ".join(
        f"{axis}: {words(axis, value_of(axis, used))}, not {words(axis, value_of(axis, read))}"
        for axis in axes
    )
    return (f"Reading {name} gave another pipeline than running it ({each}); what was measured is used.",)


def _contradicted(field: str, read: Pipeline | None, used: Pipeline) -> bool:
    """Whether a line of use sets what was seen to be otherwise, so that it must not be quoted for it."""
    if read is None or not field.startswith("served"):
        return False
    return any(field.split(".")[-1] in NAMES[axis] for axis in differing(read, used))


def _assumed(name: str, used: Pipeline) -> str:
    return (
        f"How {name} turns outputs into classes was not seen; {words('decision', used.decision)} is assumed."
    )
