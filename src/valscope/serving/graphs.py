"""Graphs without layers: SavedModel folders and ONNX files. They can be asked in one inference mode only."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from valscope.engines import Floats
from valscope.engines.keras_engine.foreign import image_shape
from valscope.engines.keras_engine.foreign_head import Chosen
from valscope.errors import MissingExtra, ModelError, UsageError
from valscope.nouns.pipeline import Mode
from valscope.nouns.served import Head, ServedModel

ONE_MODE = "Its inference modes were not checked: {kind} holds the graph of one mode."


class Graph:
    """A function from images to several arrays."""

    def __init__(
        self,
        path: Path,
        kind: Literal["savedmodel", "onnx"],
        shape: tuple[int | None, ...],
        ask: Callable[[Floats], dict[str, Any]],
        classes: int | None,
    ) -> None:
        self._shape, self._first = image_shape(shape, str(path))
        self._ask = ask
        sides = [side or 64 for side in self._shape]
        noise = np.random.default_rng(0).uniform(0, 255, (8, *sides)).astype(np.float32)
        found = self._asked(noise)
        self._name = _chosen(found, classes)
        others = tuple(name for name in found if name != self._name)
        small = np.asarray(noise / 255, np.float32)
        values = np.concatenate([found[self._name], self._asked(small)[self._name]])
        shown = self._name if others else ""
        head: Head = Chosen(None, values.shape[1], None, shown, others).measured(values)
        said = "a SavedModel" if kind == "savedmodel" else "an ONNX file"
        self.about = ServedModel(
            str(path), kind, self._shape, head, notes=(ONE_MODE.format(kind=said),), inside="unknown"
        )

    def outputs(self, x: Floats, mode: Mode = "moving") -> Floats:
        """Outputs (n, k)."""
        if mode != "moving":
            raise UsageError(f"{self.about.file} has no inference mode {mode!r}.")
        return self._asked(x)[self._name]

    def at(self, checkpoint: str) -> Graph:
        """Itself: a graph keeps its weights inside."""
        if checkpoint:
            raise ModelError(f"{self.about.file} cannot take the weights of {checkpoint}.")
        return self

    def _asked(self, x: Floats) -> dict[str, Floats]:
        given = np.moveaxis(x, -1, 1) if self._first else x
        found = self._ask(np.ascontiguousarray(given))
        return {name: np.asarray(value, np.float32).reshape(len(x), -1) for name, value in found.items()}


def _chosen(found: dict[str, Floats], classes: int | None) -> str:
    fits = [n for n, v in found.items() if v.shape[1] == classes or (v.shape[1] == 1 and classes == 2)]
    return (fits or list(found))[-1]


def open_onnx(path: Path, classes: int | None) -> Graph:
    """Raises MissingExtra without ONNX Runtime, ModelError for a damaged file."""
    if importlib.util.find_spec("onnxruntime") is None:
        raise MissingExtra("Asking an ONNX model", "onnx")
    import onnxruntime

    try:
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    except Exception as error:
        reason = (str(error).strip().splitlines() or [""])[0][:200]
        raise ModelError(f"{path} cannot be loaded by ONNX Runtime: {reason}.") from None
    inputs, names = session.get_inputs(), [output.name for output in session.get_outputs()]
    if len(inputs) != 1:
        raise ModelError(f"{path} has {len(inputs)} inputs; only models that take one image can be asked.")
    shape = tuple(side if isinstance(side, int) else None for side in inputs[0].shape[1:])
    return Graph(
        path, "onnx", shape, lambda x: dict(zip(names, session.run(names, {inputs[0].name: x}))), classes
    )


def open_savedmodel(path: Path, trust: bool, classes: int | None) -> Graph:
    """Raises ModelError unless trusted: a SavedModel's graph may read and write files."""
    if not trust:
        raise ModelError(
            f"{path} is a TensorFlow SavedModel, whose graph can read and write files; "
            "give --trust if you know who wrote it."
        )
    from valscope.engines.keras_engine.saved_graph import load_graph

    shape, ask = load_graph(path)
    return Graph(path, "savedmodel", shape, ask, classes)
