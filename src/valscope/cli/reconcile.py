"""`valscope reconcile`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from valscope.cli.outputs import check_file, write_page
from valscope.cli.progress import observer
from valscope.errors import UsageError

if TYPE_CHECKING:
    from valscope.nouns.reconciliation import Reconciliation


def reconcile(
    model: Path,
    data: str,
    /,
    *,
    claimed: tuple[str, ...] = (),
    script: Path | None = None,
    predict_script: Path | None = None,
    run_script: Annotated[bool, Parameter(negative="")] = False,
    argument: tuple[str, ...] = (),
    log: Path | None = None,
    train_folder: str | None = None,
    trust: Annotated[bool, Parameter(negative="")] = False,
    most: int = 400,
    part: str | None = None,
    size: str | None = None,
    out: Path | None = None,
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Say which use of a saved model gives which accuracy, and where points are lost. Nothing is trained.

    Leaves with 0 where nothing is lost, 1 where a fault was found or a number was training accuracy, 2 where it could
    not be judged.

    Examples:
      valscope reconcile model.keras photos/ --claimed 0.984 --claimed 0.75
      valscope reconcile model.h5 photos/ --script train.py --predict-script predict.py
      valscope reconcile model.keras photos/ --predict-script predict.py --run-script
      valscope reconcile model.keras new/ --claimed 0.99 --train-folder photos/train
      valscope reconcile runs/photos photos/ --part test --json

    Parameters
    ----------
    model
        A .keras or .h5 file of Keras 2 or 3, a run folder, an .onnx file, or with --trust a SavedModel.
    data
        Labelled images: whatever valscope train takes.
    claimed
        An accuracy that was seen somewhere, as 0.984, 98.4% or 37/111. May be given several times.
    script
        The training script; it is read, never run.
    predict_script
        The script that predicts; it is read, and run only with --run-script.
    run_script
        Run the script that predicts, in its own folder and another process, until about fifty images have reached its
        model or two minutes are over. What it does to them is then measured, and not read from code that may call other
        modules. It has all your rights: nothing keeps it from writing files or using the network.
    argument
        An argument for the script that is run, as --argument photos/. May be given several times.
    log
        A log or post whose accuracies are claims too.
    train_folder
        The labelled images that the model was trained on. Their sorted folders number its classes, a number may be that
        of training images, and images of DATA may lie among them: each is looked at.
    trust
        Run code that the model file brings along (Lambda layers, custom objects, SavedModel graphs).
    most
        Images that are looked at, at most.
    part
        Only the images that the data themselves put into this part: train, val or test.
    size
        Height and width for a model that takes any, as 128 or 115x45.
    out
        Also write the report to this .html file.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing but results.
    """
    from valscope.cli.train import parse_size
    from valscope.reconciling import reconcile as reconciled

    if most < 20:
        raise UsageError(f"--most takes a number of images, 20 at least; got {most}.")
    check_file(out, (".html",))
    watch = observer(quiet)
    try:
        found = reconciled(
            model, data, claimed=claimed, script=script, predict_script=predict_script,
            run_script=run_script, arguments=argument, log=log,
            train_folder=train_folder, trust=trust, most=most, part=part, size=parse_size(size), observer=watch,
        )  # fmt: skip
    finally:
        watch.close()
    try:
        if out is not None:
            _write(found, out)
    finally:  # what was found is said even where the disk has filled meanwhile
        _show(found, json_)
    return found.exit_code


def _write(found: Reconciliation, out: Path) -> None:
    from valscope.data.pixels.thumbnail import thumbnails
    from valscope.report.reconcile_html import reconcile_html

    write_page(out, reconcile_html(found, thumbnails(image.path for image in found.changed)))


def _show(found: Reconciliation, json: bool) -> None:
    if json:
        from valscope.report.reconcile_json import reconcile_json

        print(reconcile_json(found))
    else:
        from valscope.report.reconcile_text import reconcile_lines

        print("\n".join(reconcile_lines(found)))
