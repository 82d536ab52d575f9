"""The main job: from images to a run whose number can be believed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any, Literal

import numpy as np

from valscope.codec import to_json
from valscope.data.sources.open import open_dataset
from valscope.data.splitting.manifest import read_manifest, write_manifest
from valscope.engines import Net, get_engine
from valscope.errors import DataError, RunError
from valscope.nouns.dataset import Dataset
from valscope.nouns.recipe import Recipe, Stage
from valscope.run import Request, Run, RunStore, as_run
from valscope.training.decide import Options
from valscope.training.features import features_part
from valscope.training.feed import fed_labels
from valscope.training.finish import finish
from valscope.training.loop import Fit
from valscope.training.observer import Observer, Silent
from valscope.training.parts import Part, View
from valscope.training.plan import Plan, make_plan

Stop = Callable[[], bool]


def train(
    data: Any,
    out: str | os.PathLike[str],
    *,
    validation: Any = None,
    group_by: str | None = None,
    classes: tuple[str, ...] | None = None,
    label_column: str | None = None,
    path_column: str | None = None,
    recipe: Recipe | Callable[[str, tuple[str, ...]], Recipe] | None = None,
    engine: str = "keras",
    observer: Observer | None = None,
    stop: Stop = lambda: False,
    **options: Any,
) -> Run:
    """Train a classifier on `data` and leave a run in the folder `out`.

    data        a folder, table, array file, or any of the objects that `open_dataset` takes.
    recipe      a recipe to follow exactly, or one of `valscope.recipes.CASES`; without one, the fields of `Options`
                may be given by name (model, weights, epochs, rate, seed, ...) and the rest is chosen.
    stop        asked after each batch; when true the training ends there and the run can be resumed.

    Raises DataError, SplitError, ModelError, RunError or UsageError, each with a sentence.
    """
    began = time.monotonic()
    watch = observer or Silent()
    Run.vacant(out)
    dataset = open_dataset(
        data, validation=validation, classes=classes, group_by=group_by,
        label_column=label_column, path_column=path_column,
    )  # fmt: skip
    if callable(recipe):
        recipe = recipe(dataset.origin, dataset.classes)
    machine = get_engine(engine)
    find = getattr(machine, "find_weights", lambda name: None)
    plan = make_plan(dataset, Options(**options), watch, find, recipe, stop)
    request = Request(
        data if isinstance(data, str) else os.fspath(data) if isinstance(data, os.PathLike) else dataset.origin,
        validation if isinstance(validation, str) else None,
        group_by, classes, label_column, path_column, engine,
    )  # fmt: skip
    net = machine.build(plan.recipe, _shape(plan))
    run = Run.create(out, request, plan.recipe)
    write_manifest(plan.manifest, run.folder / "split.csv")
    run.write("notes.json", to_json({"notes": plan.notes, "notices": plan.notices}))
    return _fit(run, plan, net, watch, stop, began)


def resume(
    run: Run | str | os.PathLike[str],
    data: Any = None,
    *,
    observer: Observer | None = None,
    stop: Stop = lambda: False,
) -> Run:
    """Continue a training that was stopped or killed; the numbers are those of one that never was.

    data  the same data again, where they were objects in memory and not a path.
    """
    began = time.monotonic()
    run, watch = as_run(run), observer or Silent()
    if run.status == "finished":
        watch.message(f"{run.folder} is finished already.")
        return run
    run.writable()
    request = run.request
    dataset = open_dataset(
        request.data if data is None else data, validation=request.validation, classes=request.classes,
        group_by=request.group_by, label_column=request.label_column, path_column=request.path_column,
    )  # fmt: skip
    plan = make_plan(dataset, Options(), watch, lambda name: None, run.recipe, stop)
    _same_split(run, plan)
    net = get_engine(request.engine).build(run.recipe, _shape(plan))
    return _fit(run, plan, net, watch, stop, began)


def _fit(run: Run, plan: Plan, net: Net, observer: Observer, stop: Stop, began: float) -> Run:
    engine = get_engine(run.request.engine)
    for note in plan.notes:
        observer.message(note)
    store = RunStore(run.folder)
    fit = Fit(net, run.recipe, lambda stage: _view(run, plan, net, stage, observer), store, observer, stop)
    at = fit.run()
    fit.take_best()
    if not at.finished and at.epoch == 0 and at.step == 0:
        run.mark("stopped")
        raise RunError(f"Stopped before the first batch; continue with  valscope train --resume {run.folder}")
    right = (
        np.stack(fit.right) if fit.right and len({len(r) for r in fit.right}) == 1 else np.zeros((0, 0), bool)
    )
    status = "finished" if at.finished else "stopped"
    best = at.best_epoch if run.recipe.restore_best else len(right) - 1
    result = finish(run, plan, net, engine, right, best, observer, time.monotonic() - began, status)
    _write_report(run, result)
    run.mark(status)
    if at.finished:
        for name in ("state.npz", "best.npz", "last.npz", "features-train.npy", "features-val.npy"):
            (run.folder / name).unlink(missing_ok=True)
    return Run(run.folder)


def _write_report(run: Run, result: Any) -> None:
    from valscope.report.run_html import run_html

    run.write("report.html", run_html(result, run.recipe, run.history()))


def _view(run: Run, plan: Plan, net: Net, stage: Stage, observer: Observer) -> View:
    """Images, or cached features where only a head is trained and nothing is augmented."""

    def reader(rows: np.ndarray[Any, Any]) -> Callable[[Any], Any]:
        return lambda index: run.inputs(plan.reader.read(rows[index]))

    recipe = run.recipe
    names: tuple[Literal["train", "val"], ...] = ("train", "val")
    parts = {
        name: (reader(plan.rows(name)), fed_labels(plan.labels(name), recipe.feed, recipe.seed, part))
        for part, name in enumerate(names)
    }
    if stage.cached and net.has_backbone:
        views = {
            name: features_part(
                net, read, labels, run.folder / f"features-{name}.npy", f"the {name} part", observer
            )
            for name, (read, labels) in parts.items()
        }
        return View(net.head(), views["train"], views["val"])
    return View(net, Part(*parts["train"]), Part(*parts["val"]))


def _shape(plan: Plan) -> tuple[int, ...]:
    if plan.recipe.preparation is not None:
        return plan.recipe.preparation.shape
    return (int(plan.reader.read(np.zeros(1, np.int64)).shape[1]),)


def _same_split(run: Run, plan: Plan) -> None:
    """The data must be what the run began with, item by item."""
    then = read_manifest(run.folder / "split.csv", run.classes)
    now = plan.manifest
    if (then.names, then.hashes, then.parts) == (now.names, now.hashes, now.parts):
        return
    lost = sorted(set(then.names) - set(now.names))
    more = sorted(set(now.names) - set(then.names))
    what = f"{lost[0]!r} is gone" if lost else f"{more[0]!r} is new" if more else "some files have changed"
    raise DataError(
        f"The data are no longer those that {run.folder} began with ({what}); "
        "put them back, or train anew with another --out."
    )


def dataset_of(run: Run) -> Dataset:
    """The dataset that a run was trained on, opened again."""
    request = run.request
    return open_dataset(request.data, validation=request.validation, classes=run.classes, group_by=request.group_by,
                        label_column=request.label_column, path_column=request.path_column)  # fmt: skip
