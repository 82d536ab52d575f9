"""A .keras or .h5 file: read without building first, so that nothing in it runs unasked."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from valscope.engines import Floats
from valscope.engines.keras_engine.foreign import ForeignModel, load_foreign
from valscope.errors import ModelError
from valscope.evidence.saved import read_saved
from valscope.nouns.pipeline import Mode
from valscope.nouns.saved import SavedModel
from valscope.nouns.served import ServedModel

WEIGHTS = (".weights.h5",)


class KerasFile:
    """A loaded Keras model."""

    def __init__(self, path: Path, model: ForeignModel, saved: SavedModel, trust: bool) -> None:
        self._path, self._model, self._trust = path, model, trust
        self.about = ServedModel(
            str(path), "h5" if saved.format == "h5" else "keras", model.shape, model.head, model.modes,
            inside=saved.inside, backbones=tuple(b.name for b in saved.backbones),
            parameters=model.parameters, notes=model.notes,
        )  # fmt: skip
        self._others = lru_cache(maxsize=2)(self._other)

    def outputs(self, x: Floats, mode: Mode = "moving") -> Floats:
        """Outputs (n, k)."""
        return self._model.outputs(x, mode)

    def at(self, checkpoint: str) -> KerasFile:
        """This architecture with the weights of another file, which may hold a whole model or weights alone."""
        return self if not checkpoint else self._others(checkpoint)

    def _other(self, checkpoint: str) -> KerasFile:
        path = Path(checkpoint)
        saved = read_saved(path)
        if saved.format != "weights":
            other = open_keras(path, self._trust, self.about.head.outputs)
            if other.about.head.outputs != self.about.head.outputs or other.about.shape != self.about.shape:
                raise ModelError(f"{path} is another network than {self._path}.")
            return other
        model = load_foreign(self._path, self._trust, self.about.head.outputs)
        model.load_weights(path)
        return KerasFile(self._path, model, read_saved(self._path), self._trust)


def open_keras(path: Path, trust: bool, classes: int | None) -> KerasFile:
    """Raises ModelError for weights alone, and for code that was not trusted."""
    saved = read_saved(path)
    if saved.format == "weights":
        raise ModelError(
            f"{path} holds weights without an architecture; save the whole model with model.save('name.keras')."
        )
    if saved.unsafe and not trust:
        named = ", ".join(dict.fromkeys(fact.value for fact in saved.unsafe))
        raise ModelError(
            f"{path} brings code of its own ({named}), which loading would run; give --trust if you know who wrote it."
        )
    return KerasFile(path, load_foreign(path, trust, classes), saved, trust)
