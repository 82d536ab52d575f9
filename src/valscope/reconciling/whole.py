"""One model, many numbers, and the pipeline that produces each. Nothing is trained."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from valscope.errors import UsageError
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.reconciliation import Reconciliation
from valscope.nouns.served import ServedModel
from valscope.reconciling.answer import answered
from valscope.reconciling.board import Board
from valscope.reconciling.checkpoints import checkpoints_beside
from valscope.reconciling.claims import parsed
from valscope.reconciling.ends import Ends
from valscope.reconciling.executed import check_run, executed
from valscope.reconciling.nested import with_nested_scale
from valscope.reconciling.sample import MOST, chosen_images, class_count, opened
from valscope.reconciling.starts import fitted, usual
from valscope.reconciling.train_folder import read_train_folder
from valscope.reconciling.variants import Space, class_orders
from valscope.reconciling.written import Written, read_written
from valscope.serving import Images, Served, open_served
from valscope.training.observer import Observer, Silent

MODELS = (".keras", ".h5", ".hdf5", ".onnx")


def reconcile(
    model: str | os.PathLike[str] | Served,
    data: Any,
    *,
    claimed: Sequence[str | float] = (),
    script: str | os.PathLike[str] | None = None,
    predict_script: str | os.PathLike[str] | None = None,
    run_script: bool = False,
    arguments: Sequence[str] = (),
    log: str | os.PathLike[str] | None = None,
    train_folder: str | os.PathLike[str] | None = None,
    trained: Pipeline | None = None,
    served: Pipeline | None = None,
    trust: bool = False,
    most: int = MOST,
    part: str | None = None,
    size: tuple[int, int] | None = None,
    observer: Observer | None = None,
) -> Reconciliation:
    """Say which use of a saved model gives which accuracy on labelled images, and where points are lost.

    model    a .keras or .h5 file, a run folder, an .onnx file or, with `trust`, a SavedModel.
    data     labelled images, whatever `open_dataset` takes, or `Images`, which are taken as they are; of a source
             with parts the test part is used.
    claimed  accuracies that somebody saw, such as 0.984 or "37 of 111".
    script, predict_script  code of training and of prediction, read and not run.
    run_script  leave to run `predict_script` with these `arguments`, so that the tensors that reach its model are measured
             where reading cannot follow; it may do whatever its user may do.
    log      a log or post whose accuracies are claims too.
    train_folder  the labelled images that the model was trained on: they number its classes, may be what a number was
             seen on, and may lie among the images here.
    trained, served  the pipelines themselves, where they are known as values.
    most     images that are looked at, at most.
    size     (height, width) for a model that takes any.
    Raises ModelError, DataError or UsageError in one sentence.
    """
    check_run(run_script, predict_script)
    began, watch = time.monotonic(), observer or Silent()
    claims = [parsed(value) for value in claimed]
    if isinstance(data, str | os.PathLike) and os.fspath(data).lower().endswith(MODELS):
        raise UsageError(f"{os.fspath(data)} is a model; give the model first, then the images.")
    source = opened(data)
    if isinstance(model, str | os.PathLike):
        model = open_served(model, trust=trust, classes=class_count(source))
    about = with_nested_scale(model.about)
    training, source = read_train_folder(train_folder, source, about)
    images, notes = chosen_images(about, source, most, part, size)
    written = read_written(script, predict_script, log, about, images)
    beside = checkpoints_beside(about)
    if run_script and predict_script is not None:
        watch.phase("Running the script", 0)
        start = usual(about, images, size)
        written = executed(written, predict_script, arguments, model, source, images, start, beside)
    ends = _ends(about, images, written, trained, served, size)
    orders = class_orders(images.dataset.classes, about.head.outputs, training.orders)
    space = Space(about, images.bytes, orders, beside)
    board = Board(model, images, watch)
    found = answered(board, space, ends, (*claims, *written.claims), written, watch, training)
    return replace(found, notes=(*found.notes, *notes), seconds=time.monotonic() - began)


def _ends(
    about: ServedModel, images: Images, written: Written, trained: Pipeline | None, served: Pipeline | None,
    size: tuple[int, int] | None,
) -> Ends:  # fmt: skip
    """The two pipelines as far as they are known: values first, then code, then what the file stores."""
    start = usual(about, images, size)

    def made(pipeline: Pipeline | None) -> Pipeline | None:
        return None if pipeline is None else fitted(pipeline, start)

    base, use = made(trained), made(served)
    stored = start if about.preparation is not None else None
    return Ends(
        start,
        base or made(written.trained) or stored,
        "given" if base else "script" if written.trained else "run",
        use or made(written.served),
        "given" if use else "measured" if written.measured else "script",
    )
