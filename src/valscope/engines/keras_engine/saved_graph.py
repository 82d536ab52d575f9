"""A TensorFlow SavedModel as a function."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from valscope.engines import Floats
from valscope.engines.keras_engine.backend import _stderr_aside, keras
from valscope.errors import ModelError


def load_graph(path: Path) -> tuple[tuple[int | None, ...], Callable[[Floats], dict[str, Any]]]:
    """(input shape without the batch, inputs -> name of output -> array). Raises ModelError."""
    keras()  # first, and with it TensorFlow, without the chatter of its start
    import tensorflow as tf

    try:
        with _stderr_aside():
            loaded = tf.saved_model.load(str(path))
        signatures = loaded.signatures
        name = "serving_default" if "serving_default" in signatures else next(iter(signatures))
        function = signatures[name]
        given = function.structured_input_signature[1]
        (argument, spec) = next(iter(given.items()))
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
        raise ModelError(f"{path} cannot be loaded by TensorFlow: {reason}.") from None
    if len(given) != 1 or spec.shape.rank is None:
        raise ModelError(f"{path} does not take one image; only such models can be asked.")

    def ask(x: Floats) -> dict[str, Any]:
        found = function(**{argument: tf.constant(x, spec.dtype)})
        return {name: np.asarray(value) for name, value in found.items()}

    ask.keep = loaded  # type: ignore[attr-defined]  # its variables live as long as it does
    return tuple(spec.shape.as_list()[1:]), ask
