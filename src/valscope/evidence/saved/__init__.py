"""Saved models and weight files: architecture, compile configuration and what preprocessing is inside, read
from JSON and HDF5 without building the network, so that nothing in the file can run."""

from __future__ import annotations

from pathlib import Path

from valscope.evidence.saved.containers import is_saved, open_saved
from valscope.evidence.saved.contents import Contents
from valscope.nouns.saved import SavedModel

__all__ = ["is_saved", "read_saved"]


def read_saved(path: str | Path, name: str | None = None) -> SavedModel:
    """What a `.keras`, `.h5` or weights file says; `name` is what sources call it (the path by default).

    Raises ModelError for a file that is no model, is damaged, or could only be opened by running code.
    """
    contents = open_saved(Path(path), name or str(path))
    if contents.config is None:
        return _weights(contents)
    from valscope.evidence.saved.facts import facts_of

    return facts_of(contents)


def _weights(contents: Contents) -> SavedModel:
    return SavedModel(
        contents.file,
        "weights",
        keras_version=contents.fact(contents.keras_version, "keras_version"),
        backend=contents.fact(contents.backend, "backend"),
        weights=contents.weights,
    )
