"""A run of valscope as any other saved model: its own engine, its stored preparation."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import numpy as np

from valscope.engines import Floats, Net
from valscope.errors import ModelError, UsageError
from valscope.nouns.pipeline import Mode
from valscope.nouns.recipe import ModelSpec
from valscope.nouns.served import Head, ServedModel
from valscope.run import Run
from valscope.serving.open import Served


class ServedRun:
    """A run whose engine is not Keras: outputs are its logits."""

    def __init__(self, run: Run) -> None:
        self._run = run
        if run.recipe.preparation is None:
            raise ModelError(f"{run.folder} was trained on feature vectors; pipelines are about images.")
        self.about = ServedModel(
            str(run.folder), "run", run.recipe.preparation.shape, Head("logits", len(run.classes)),
            preparation=run.recipe.preparation, classes=run.classes, inside="none",
        )  # fmt: skip

    @cached_property
    def _net(self) -> Net:
        return self._run.net

    def outputs(self, x: Floats, mode: Mode = "moving") -> Floats:
        """Logits (n, classes)."""
        if mode != "moving":
            raise UsageError(f"This engine has no inference mode {mode!r}.")
        return np.asarray(self._net.logits(x), np.float32)

    def at(self, checkpoint: str) -> ServedRun:
        """Itself; a run keeps no other whole model."""
        if checkpoint:
            raise ModelError(f"{self._run.folder} has no checkpoint {checkpoint}.")
        return self


class KerasRun:
    """A run trained by Keras: its model file, with what the run knows of it."""

    def __init__(self, run: Run, inner: Served) -> None:
        self._inner = inner
        about = inner.about
        self.about = ServedModel(
            str(run.folder), "run", about.shape, about.head, about.modes, run.recipe.preparation, run.classes,
            about.inside, about.backbones, about.parameters, about.notes,
        )  # fmt: skip

    def outputs(self, x: Floats, mode: Mode = "moving") -> Floats:
        """Outputs (n, k)."""
        return self._inner.outputs(x, mode)

    def at(self, checkpoint: str) -> Served:
        """The weights of another file."""
        return self if not checkpoint else self._inner.at(checkpoint)


def open_run(folder: Path) -> Served:
    """A finished run, after its probes were checked. Raises RunError, ProbeMismatch."""
    run = Run(folder)
    net = run.net  # reads the model and compares its probes
    if run.request.engine != "keras":
        return ServedRun(run)
    del net
    if run.recipe.preparation is None:
        raise ModelError(f"{folder} was trained on feature vectors; pipelines are about images.")
    from valscope.serving.keras_file import open_keras

    inner = open_keras(folder / "model.keras", False, outputs_of(run.recipe.model, len(run.classes)))
    return KerasRun(run, inner)


def outputs_of(spec: ModelSpec, classes: int) -> int:
    """How many outputs a recipe's network has."""
    return 1 if spec.outputs == "one" else classes
