"""Opens the files that Keras saves: a zip with JSON and HDF5, or one HDF5 file. Nothing is unpacked to disk,
no link out of the file is followed, and what could run code is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

from valscope.data.sources.looks_like import HEAD, looks_like
from valscope.errors import ModelError
from valscope.evidence.saved.contents import Contents
from valscope.evidence.saved.hdf5 import open_hdf5
from valscope.evidence.saved.zipped import open_zip

_HDF5 = b"\x89HDF\r\n\x1a\n"
_ZIP = b"PK\x03\x04"
_FOREIGN = (
    (".pb", "a TensorFlow graph, which only TensorFlow can read"),
    (".tflite", "a TensorFlow Lite model, which has no Keras architecture"),
    (".onnx", "an ONNX model, which has no Keras architecture"),
    (".pkl", "a pickle, and opening one can run any code"),
    (".pickle", "a pickle, and opening one can run any code"),
    (".joblib", "a pickle, and opening one can run any code"),
    (".pt", "a PyTorch checkpoint, which is a pickle, and opening one can run any code"),
    (".pth", "a PyTorch checkpoint, which is a pickle, and opening one can run any code"),
    (".ckpt", "a checkpoint without an architecture"),
)


def is_saved(path: Path) -> bool:
    """Whether a path looks like a model or weight file (also one that will be refused)."""
    if path.is_dir():
        return (path / "saved_model.pb").exists()
    name = path.name.lower()
    return name.endswith((".keras", ".h5", ".hdf5", *(ending for ending, _ in _FOREIGN)))


def open_saved(path: Path, file: str) -> Contents:
    """The contents of a file. Raises ModelError."""
    _refuse(path, file)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror or error}.") from None
    if not head:
        raise ModelError(
            f"{file} cannot be read as a model: it is empty, so saving was broken off; save the model again."
        )
    if head.startswith(_ZIP):
        return open_zip(path, file)
    if head.startswith(_HDF5):
        return open_hdf5(path, file)
    if head[:1] == b"\x80" and head[1] in range(2, 6):
        raise ModelError(f"{file} is a pickle, and opening one can run any code; save the model as .keras.")
    raise ModelError(
        f"{file} cannot be read as a model: it is {looks_like(head, path.stat().st_size)}, and neither a .keras archive "
        "nor an HDF5 file; copy the file again, or save the model again with model.save('name.keras')."
    )


def _refuse(path: Path, file: str) -> None:
    if path.is_dir():
        kind = "a TensorFlow SavedModel folder" if (path / "saved_model.pb").exists() else "a folder"
        raise ModelError(
            f"{file} is {kind}, not a model file; save the model as .keras with model.save('name.keras')."
        )
    if not path.exists():
        raise ModelError(f"{file} does not exist; give the path of a .keras or .h5 file.")
    for ending, what in _FOREIGN:
        if path.name.lower().endswith(ending):
            raise ModelError(f"{file} is {what}; save the model as .keras instead.")
