"""Models that others saved: loaded safely, asked in three inference modes, never changed."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.engines import Floats
from valscope.engines.keras_engine.backend import keras
from valscope.engines.keras_engine.foreign_head import choose_head
from valscope.engines.keras_engine.old_files import is_old, load_old, written_by
from valscope.engines.keras_engine.old_layers import old_layers
from valscope.errors import ModelError
from valscope.nouns.pipeline import Mode
from valscope.nouns.served import Head

HDF5 = (".h5", ".hdf5")
PROBES = 8  # images of noise that show what the outputs look like where no layer says it


def load_foreign(path: Path, trust: bool, classes: int | None) -> ForeignModel:
    """The model of a .keras or .h5 file. Raises ModelError in one sentence."""
    return ForeignModel(_load(path, trust), str(path), classes)


def _load(path: Path, trust: bool) -> Any:
    load = keras().saving.load_model
    version = written_by(path) if path.suffix.lower() in HDF5 else ""
    try:
        if is_old(version):
            return load_old(path, version)
        return load(path, compile=False, safe_mode=not trust)
    except ModelError:
        raise
    except Exception as error:  # what a damaged or foreign file makes Keras raise is an open list
        first = error
    try:
        return load(path, compile=False, safe_mode=not trust, custom_objects=old_layers())
    except Exception:
        reason = next((line.strip() for line in str(first).splitlines() if line.strip()), "")
        kind = "" if isinstance(first, zipfile.BadZipFile | OSError) else type(first).__name__ + ": "
        raise ModelError(
            f"{path} cannot be loaded by Keras {keras().__version__} ({kind}{reason[:200]}); "
            "load it where it was trained and save it again as .keras."
        ) from None


class ForeignModel:
    """A Keras model with one image input."""

    def __init__(self, model: Any, name: str, classes: int | None) -> None:
        self.model, self.name = model, name
        self._given, self._kind = _input_of(model, name)
        self.shape, self._first = image_shape(self._given, name)
        self._graphs: dict[str, Callable[[Any], Any]] = {}
        self.parameters = int(model.count_params())
        self._head = choose_head(model, classes)
        self.head = self._head.head or self._measured()
        self.modes = self._modes()
        self.notes = self._head.notes

    def outputs(self, x: Floats, mode: Mode = "moving") -> Floats:
        """Outputs (n, k) float32 of the head."""
        if mode not in self._graphs:
            self._graphs[mode] = self._graph(mode)
        ask, given = self._graphs[mode], self._as_given(x)
        found = ask(given) if mode == "moving" else self._changing_nothing(lambda: ask(given))
        found = self._head.pick(found)
        values = np.asarray(keras().ops.convert_to_numpy(found), np.float32)
        return values.reshape(len(x), -1)

    def load_weights(self, path: Path) -> None:
        """Other weights for the same architecture. Raises ModelError where they do not fit."""
        try:
            self.model.load_weights(path)
        except Exception as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            raise ModelError(f"{path} does not fit {self.name}: {reason[:200]}.") from None

    def _as_given(self, x: Floats) -> Floats:
        x = np.moveaxis(x, -1, 1) if self._first else x
        if len(self._given) == 1:
            return x.reshape(len(x), -1)
        return x[..., 0] if len(self._given) == 2 else x

    def _graph(self, mode: Mode) -> Callable[[Any], Any]:
        """The model as a function; TensorFlow's graph is traced once for batches of any length."""
        training = mode != "moving"
        if keras().backend.backend() != "tensorflow":
            return lambda x: self._plainly(x, mode)
        import tensorflow as tf

        spec = tf.TensorSpec((None, *self._given), self._kind)
        function: Any = tf.function(
            lambda x: self.model(x, training=training), input_signature=[spec], autograph=False
        )
        with self._layers_in(mode):
            traced: Callable[[Any], Any] = function.get_concrete_function()
        return lambda x: traced(tf.constant(x, self._kind))

    def _plainly(self, x: Floats, mode: Mode) -> Any:
        if keras().backend.backend() == "torch":
            import torch

            with torch.no_grad(), self._layers_in(mode):
                return self.model(x, training=mode != "moving")
        with self._layers_in(mode):
            return self.model(x, training=mode != "moving")

    @contextmanager
    def _layers_in(self, mode: Mode) -> Iterator[None]:
        """While the model is called with training=True, only BatchNorm ("batch") or all but it ("dropout") obey."""
        changed = []
        if mode != "moving":
            norm = keras().layers.BatchNormalization
            for layer in _leaves(self.model):
                if isinstance(layer, norm) != (mode == "batch") and getattr(
                    layer, "_call_has_training_arg", False
                ):
                    layer.call = _inference(layer.call)
                    changed.append(layer)
        try:
            yield
        finally:
            for layer in changed:
                del layer.call

    def _changing_nothing(self, ask: Callable[[], Any]) -> Any:
        """BatchNorm's statistics and seeds move while a model is called in training mode: put them back."""
        state = [(v, np.array(keras().ops.convert_to_numpy(v))) for v in _states(self.model)]
        try:
            return ask()
        finally:
            for variable, value in state:
                variable.assign(value)

    def _modes(self) -> tuple[Mode, ...]:
        k = keras().layers
        leaves = list(_leaves(self.model))
        random = (k.Dropout, k.SpatialDropout1D, k.SpatialDropout2D, k.GaussianNoise, k.GaussianDropout,
                  k.AlphaDropout)  # fmt: skip
        drops = any(
            isinstance(layer, random) and (getattr(layer, "rate", 0) or getattr(layer, "stddev", 0))
            for layer in leaves
        )
        augments = any(type(layer).__name__.startswith("Random") for layer in leaves)
        norms = any(isinstance(layer, k.BatchNormalization) and layer.trainable for layer in leaves)
        return ("moving", *(("batch",) if norms else ()), *(("dropout",) if drops or augments else ()))

    def _measured(self) -> Head:
        """What the outputs look like, where no layer says it."""
        sides = [side or 64 for side in self.shape]
        noise = np.random.default_rng(0).uniform(0, 255, (PROBES, *sides)).astype(np.float32)
        self.head = Head("logits", 1)
        small = np.asarray(noise / 255, np.float32)
        values: NDArray[np.float32] = np.concatenate([self.outputs(noise), self.outputs(small)])
        return self._head.measured(values)


def _input_of(model: Any, name: str) -> tuple[tuple[int | None, ...], str]:
    """(shape without the batch, type) of the one input. A subclassed model knows only what it was built for."""
    inputs = getattr(model, "inputs", None)
    if inputs:
        if len(inputs) != 1:
            raise ModelError(
                f"{name} has {len(inputs)} inputs; only models that take one image can be asked."
            )
        return tuple(inputs[0].shape[1:]), str(inputs[0].dtype)
    built = list((getattr(model, "_build_shapes_dict", None) or {}).values())
    if len(built) == 1 and isinstance(built[0], tuple | list):
        return tuple(built[0][1:]), "float32"
    raise ModelError(f"{name} does not say what it takes; only models that take one image can be asked.")


def _leaves(model: Any) -> Iterator[Any]:
    for layer in model._flatten_layers(include_self=False):
        if not list(layer._flatten_layers(include_self=False)):
            yield layer


def _states(model: Any) -> list[Any]:
    """Variables that change without an optimiser: moving statistics, seeds."""
    return list(model.non_trainable_variables) if hasattr(model, "non_trainable_variables") else []


def _inference(call: Callable[..., Any]) -> Callable[..., Any]:
    def quiet(*args: Any, **kwargs: Any) -> Any:
        return call(*args, **{**kwargs, "training": False})

    return quiet


def image_shape(given: tuple[int | None, ...], name: str) -> tuple[tuple[int | None, ...], bool]:
    """((height, width, channels), whether channels come first) of an input without its batch dimension."""
    if len(given) == 3 and given[2] in (1, 3):
        return given, False
    if len(given) == 3 and given[0] in (1, 3):
        return (given[1], given[2], given[0]), True
    if len(given) == 2:
        return (*given, 1), False
    if len(given) == 1 and given[0]:
        for channels in (1, 3):
            side = round((given[0] / channels) ** 0.5)
            if side * side * channels == given[0]:
                return (side, side, channels), False
    raise ModelError(
        f"{name} takes inputs of shape {given}; only images of one or three channels can be asked."
    )
