"""A saved model, whatever wrote it, behind one small protocol."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from valscope.engines import Floats
from valscope.errors import ModelError
from valscope.nouns.pipeline import Mode
from valscope.nouns.served import ServedModel


class Served(Protocol):
    """A loaded model. Asking never changes its weights."""

    @property
    def about(self) -> ServedModel:
        """What is known of it."""

    def outputs(self, x: Floats, mode: Mode = "moving") -> Floats:
        """Outputs (n, k) of its classifying head for inputs (n, height, width, channels) float32."""

    def at(self, checkpoint: str) -> Served:
        """The same architecture with the weights of another file; "" for itself. Raises ModelError."""


def open_served(path: str | os.PathLike[str], *, trust: bool = False, classes: int | None = None) -> Served:
    """Load a .keras or .h5 file (of Keras 2 or 3), a valscope run, an ONNX graph, or with `trust` a SavedModel.

    trust    run code that the file brings along: Lambda layers, custom objects, SavedModel graphs.
    classes  how many the data have; it chooses among several outputs.
    Raises ModelError in one sentence for what cannot be loaded, or only by running code.
    """
    given = Path(path)
    if not given.exists():
        raise ModelError(f"{given} does not exist; give a .keras or .h5 file, an .onnx file or a run folder.")
    if given.is_dir() and (given / "run.json").is_file():
        from valscope.serving.of_run import open_run

        return open_run(given)
    if given.is_dir() and (given / "saved_model.pb").is_file():
        from valscope.serving.graphs import open_savedmodel

        return open_savedmodel(given, trust, classes)
    if given.suffix.lower() == ".onnx":
        from valscope.serving.graphs import open_onnx

        return open_onnx(given, classes)
    if given.is_dir():
        raise ModelError(f"{given} is neither a run nor a SavedModel; give a model file or a run folder.")
    from valscope.serving.keras_file import open_keras

    return open_keras(given, trust, classes)
