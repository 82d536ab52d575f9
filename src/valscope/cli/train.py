"""`valscope train`."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from valscope.cli.progress import observer
from valscope.errors import UsageError


def train(
    data: str | None = None,
    *,
    out: Path | None = None,
    model: str | None = None,
    weights: str | None = None,
    size: str | None = None,
    epochs: int | None = None,
    fine_tune: int = 0,
    batch: int | None = None,
    rate: float | None = None,
    optimiser: Literal["adam", "adamw", "sgd", "rmsprop", "adadelta", "adagrad", "nadam"] = "adam",
    seed: int = 0,
    validation: str | None = None,
    group_by: str | None = None,
    classes: str | None = None,
    label_column: str | None = None,
    path_column: str | None = None,
    split: Literal["stratified", "given", "tail"] | None = None,
    val: float = 0.15,
    test: float = 0.15,
    augment: bool = True,
    flip: bool | None = None,
    balance: bool = True,
    dropout: float | None = None,
    label_smoothing: float = 0.0,
    precision: Literal["float32", "mixed_float16", "mixed_bfloat16"] = "float32",
    patience: int | None = None,
    recipe: str | None = None,
    resume: Path | None = None,
    engine: Annotated[str, Parameter(show=False)] = "keras",
    json_: Annotated[bool, Parameter(name="--json", negative="")] = False,
    quiet: Annotated[bool, Parameter(negative="")] = False,
) -> int:
    """Train a classifier from images and say what its accuracy is worth.

    Examples:
      valscope train photos/ --out runs/photos
      valscope train photos/ --out runs/big --model mobilenetv2 --weights weights.h5 --fine-tune 5
      valscope train table.csv --out runs/patients --group-by patient
      valscope train --resume runs/photos

    Parameters
    ----------
    data
        A folder of class folders, a folder with train/val/test inside, a CSV or Parquet table, an .npz or
        .npy file of images or feature vectors, or sample:digits.
    out
        The folder of the new run.
    model
        cnn, features, case0 ... case4, or a keras.applications name such as mobilenetv2. Chosen if not given.
    weights
        imagenet, none, or a weight file for the backbone.
    size
        Height and width of the network's input, as 128 or 115x45.
    epochs
        Most epochs to train; training ends earlier when the validation loss no longer falls.
    fine_tune
        Epochs for which the whole backbone is trained after its head.
    batch
        Images a step.
    rate
        Learning rate; a range test finds it if not given.
    optimiser
        adam, adamw, sgd, rmsprop, adadelta, adagrad or nadam.
    seed
        Decides every random draw.
    validation
        A second folder or table to score on.
    group_by
        Table column, or a regular expression on the file name: what shares it stays in one part.
    classes
        Class names in the order of the outputs, separated by commas.
    label_column
        Table column with the class.
    path_column
        Table column with the path.
    split
        stratified, given (the parts that the data come with) or tail (unshuffled, to reproduce a fault).
    val
        Share of the images that chooses the epoch.
    test
        Share of the images that is only scored.
    augment
        Change training images a little at random.
    flip
        Mirror training images; decided from the images if not given.
    balance
        Weight or draw classes equally where they differ a lot in size.
    dropout
        Share of units dropped before the last layer.
    label_smoothing
        Share of the label spread over the other classes.
    precision
        float32, mixed_float16 or mixed_bfloat16.
    patience
        Epochs without a lower validation loss before the training ends.
    recipe
        A recipe.json to follow exactly, or case0 ... case4.
    resume
        A run to continue; nothing else is needed.
    json_
        Print one JSON object to standard output.
    quiet
        Print nothing while training.
    """
    from valscope.report.json_out import run_object
    from valscope.training import train as training

    watch = observer(quiet)
    try:
        with _stop_after_batch(watch.message) as stop:
            if resume is not None:
                run = training.resume(resume, data, observer=watch, stop=stop)
            else:
                if data is None or out is None:
                    raise UsageError(
                        "Give the images and where the run goes:  valscope train PHOTOS/ --out RUN"
                    )
                names = tuple(c.strip() for c in classes.split(",")) if classes else None
                run = training.train(
                    data, out, validation=validation, group_by=group_by, classes=names,
                    label_column=label_column, path_column=path_column, recipe=_recipe(recipe), engine=engine,
                    observer=watch, stop=stop,
                    model=model, weights=weights, size=parse_size(size), epochs=epochs, fine_tune=fine_tune,
                    batch=batch, rate=rate, optimiser=optimiser, seed=seed, split=split, val=val, test=test,
                    augment=augment, flip=flip, balance=balance, dropout=dropout, label_smoothing=label_smoothing,
                    precision=precision, patience=patience,
                )  # fmt: skip
    finally:
        watch.close()
    if json_:
        print(json.dumps(run_object(run.result, str(run.folder)), ensure_ascii=False))
    elif not quiet:
        from valscope.cli.show import show_run

        show_run(run)
    return 0


def parse_size(text: str | None) -> tuple[int, int] | None:
    """ "128" or "115x45" as (height, width). Raises UsageError."""
    if text is None:
        return None
    sides = text.lower().replace("×", "x").split("x")
    if len(sides) > 2 or not all(s.strip().isdigit() and 1 <= int(s) <= 4096 for s in sides):
        raise UsageError(f"--size takes one number or HEIGHTxWIDTH, each 1 to 4096; got {text!r}.")
    return int(sides[0]), int(sides[-1])


def _recipe(text: str | None) -> Any:
    if text is None:
        return None
    from valscope.codec import from_plain
    from valscope.nouns.recipe import Recipe
    from valscope.recipes import CASES

    if text in CASES:
        return CASES[text]
    try:
        return from_plain(Recipe, json.loads(Path(text).read_text("utf-8")), text)
    except (OSError, ValueError) as error:
        raise UsageError(
            f"--recipe takes a recipe.json or one of {', '.join(CASES)}; {text!r}: {error}."
        ) from None


@contextmanager
def _stop_after_batch(say: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """Ctrl-C once: stop after this batch and leave a usable run. Twice: at once."""
    asked: list[int] = []

    def handler(number: int, frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        say("Stopping after this batch; press Ctrl-C again to stop at once.")

    before = signal.signal(signal.SIGINT, handler)
    try:
        yield lambda: bool(asked)
    finally:
        signal.signal(signal.SIGINT, before)
