"""The HDF5 files of Keras 2 and 3, and of weights alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from valscope.errors import ModelError
from valscope.evidence.saved.contents import Contents, count, json_of, text_of


def open_hdf5(path: Path, file: str) -> Contents:
    """The contents of an HDF5 file. Raises ModelError for a damaged one."""
    import h5py

    try:
        with h5py.File(path, "r") as stored:
            return _read_hdf5(stored, file)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        reason = str(error).split("\n")[0][:120]
        raise ModelError(
            f"{file} cannot be read as a model: it is a damaged HDF5 file ({reason}), probably cut short; copy the file "
            "again, or save the model again."
        ) from None


def _read_hdf5(stored: Any, file: str) -> Contents:
    about = {name: text_of(stored.attrs.get(name)) for name in ("keras_version", "backend")}
    text = text_of(stored.attrs.get("model_config"))
    if text is None:
        inner = stored.get("model_weights")
        attributes = inner.attrs if inner is not None else stored.attrs
        version = about["keras_version"] or text_of(attributes.get("keras_version"))
        return Contents(
            file, "weights", keras_version=version, backend=about["backend"], weights=count(stored)
        )
    config = json_of(text.encode(), "model_config", file)
    training = text_of(stored.attrs.get("training_config"))
    compiled = json_of(training.encode(), "training_config", file) if training else None
    weights = stored.get("model_weights", stored)
    return Contents(
        file, "h5", config, compiled or None, about["keras_version"], about["backend"], None, count(weights)
    )
