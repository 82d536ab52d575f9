"""Served networks in the formats of other tools: written, and read as a stranger would."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import numpy as np

from valscope.engines import Floats, Net
from valscope.engines.keras_engine.backend import _stderr_aside, keras
from valscope.engines.keras_engine.net import KerasNet
from valscope.engines.keras_engine.serving import INPUT, OUTPUT, serving_model
from valscope.errors import MissingExtra, ModelError
from valscope.nouns.preparation import Preparation

Serve = Callable[[Floats], Floats]


class KerasWriter:
    """Writes networks as "keras", "onnx", "savedmodel" or "litert", and reads them again."""

    def write(
        self,
        to: str,
        net: Net,
        preparation: Preparation | None,
        temperature: float,
        path: Path,
        about: Mapping[str, str],
    ) -> None:
        """Write `net` with its temperature and softmax; with a preparation, its scale and channel order inside.

        about  what a format that keeps notes is to keep. Raises MissingExtra where a library is missing.
        """
        WRITE[to](serving_model(cast(KerasNet, net), preparation, temperature), path, about)

    def read(self, to: str, path: Path) -> Serve:
        """Inputs (n, ...) float32 to probabilities (n, classes)."""
        return READ[to](path)


def write_keras(model: Any, path: Path, about: Mapping[str, str]) -> None:
    """One file for `keras.saving.load_model`."""
    model.save(path)


def read_keras(path: Path) -> Serve:
    """The file, loaded as a stranger would."""
    model = keras().saving.load_model(path, compile=False, safe_mode=True)
    return lambda x: np.asarray(keras().ops.convert_to_numpy(model.predict_on_batch(x)), np.float32)


def write_savedmodel(model: Any, path: Path, about: Mapping[str, str]) -> None:
    """A TensorFlow SavedModel with the endpoint `serve`."""
    _needs("tensorflow", "Exporting a SavedModel", "tensorflow")
    with _quiet():
        model.export(path, format="tf_saved_model", verbose=False, input_signature=_signature(model))


def read_savedmodel(path: Path) -> Serve:
    """The endpoint `serve`."""
    import tensorflow as tf

    loaded = tf.saved_model.load(str(path))
    return lambda x: np.asarray(loaded.serve(tf.constant(x)).numpy(), np.float32)


def write_onnx(model: Any, path: Path, about: Mapping[str, str]) -> None:
    """An ONNX graph with a free batch size; `about` becomes its metadata."""
    for module in (
        "onnx",
        "onnxruntime",
        *(("tf2onnx",) if keras().backend.backend() == "tensorflow" else ()),
    ):
        _needs(module, "Exporting to ONNX", "onnx")
    import onnx

    with _quiet():
        model.export(path, format="onnx", verbose=False, input_signature=_signature(model))
    graph = onnx.load(path)
    _named(graph.graph)
    onnx.helper.set_model_props(graph, dict(about))
    onnx.checker.check_model(graph)
    onnx.save(graph, path)


def _named(graph: Any) -> None:
    """Plain names for the input, the output and the batch, instead of those that the converter made up."""
    new = {graph.input[0].name: INPUT, graph.output[0].name: OUTPUT}
    for node in graph.node:
        for names in (node.input, node.output):
            names[:] = [new.get(name, name) for name in names]
    for value in (graph.input[0], graph.output[0]):
        value.name = new[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "batch"


def read_onnx(path: Path) -> Serve:
    """The graph on ONNX Runtime."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return lambda x: np.asarray(session.run(None, {INPUT: x})[0], np.float32)


def write_litert(model: Any, path: Path, about: Mapping[str, str]) -> None:
    """A LiteRT (TensorFlow Lite) file."""
    if keras().backend.backend() == "jax":
        raise ModelError(
            "Keras exports LiteRT from the TensorFlow and torch backends only; set KERAS_BACKEND."
        )
    _needs("ai_edge_litert", "Exporting to LiteRT", "litert")
    with _quiet():
        model.export(path, format="litert", verbose=False, input_signature=_signature(model))


def read_litert(path: Path) -> Serve:
    """The file on the LiteRT interpreter, one image at a time, as on a phone."""
    from ai_edge_litert.interpreter import Interpreter

    with _quiet():
        interpreter = Interpreter(str(path))
        interpreter.allocate_tensors()
    given, made = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]

    def serve(x: Floats) -> Floats:
        found = []
        for image in x:
            interpreter.set_tensor(given, image[None])
            interpreter.invoke()
            found.append(interpreter.get_tensor(made)[0].copy())
        return np.stack(found)

    return serve


def _signature(model: Any) -> list[Any]:
    """One float32 input with a free batch size."""
    return [keras().InputSpec(shape=model.inputs[0].shape, dtype="float32", name=INPUT)]


def _needs(module: str, what: str, extra: str) -> None:
    if importlib.util.find_spec(module) is None:
        raise MissingExtra(what, extra)


@contextmanager
def _quiet() -> Iterator[None]:
    """Converters write pages to standard error; show them only when they fail."""
    with warnings.catch_warnings(), _stderr_aside():
        warnings.simplefilter("ignore")
        yield


WRITE = {"keras": write_keras, "onnx": write_onnx, "savedmodel": write_savedmodel, "litert": write_litert}
READ = {"keras": read_keras, "onnx": read_onnx, "savedmodel": read_savedmodel, "litert": read_litert}
