"""Opens the files that Keras saves: a zip with JSON and HDF5, or one HDF5 file. Nothing is unpacked to disk,
no link out of the file is followed, and what could run code is refused with a sentence."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from valscope.errors import ModelError
from valscope.nouns.fact import Fact, Source

# The largest architecture seen (NASNetLarge) is 1.6 MB of JSON; a config far beyond that is a bomb.
_LARGEST_CONFIG = 64_000_000
# Weights inside a zip are counted only up to this size, because they must be unpacked into memory.
_COUNTED = 128_000_000
_MOST_MEMBERS = 1000
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


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds. `config` is None for weights alone; `compiled` is None where it was not compiled."""

    file: str
    format: Literal["keras", "h5", "weights"]
    config: dict[str, Any] | None = None
    compiled: dict[str, Any] | None = None
    keras_version: str | None = None
    backend: str | None = None
    saved_at: str | None = None
    weights: int | None = None

    def source(self, quote: str = "") -> Source:
        """A place in this file; it has no lines."""
        return Source(self.file, None, quote)

    def fact(self, value: str | None, quote: str) -> Fact[str] | None:
        """A fact of this file, None where it is absent."""
        return None if value is None else Fact(value, self.source(f"{quote}: {value}"))


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
            head = stream.read(8)
    except OSError as error:
        raise ModelError(f"{file} cannot be read: {error.strerror or error}.") from None
    if not head:
        raise ModelError(f"{file} is empty: no model was written into it.")
    if head.startswith(_ZIP):
        return _open_zip(path, file)
    if head == _HDF5:
        return _open_hdf5(path, file)
    if head[:1] == b"\x80" and head[1] in range(2, 6):
        raise ModelError(f"{file} is a pickle, and opening one can run any code; save the model as .keras.")
    raise ModelError(
        f"{file} is neither a .keras archive nor an HDF5 file (it begins with {head!r}); save the model as .keras."
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


def _open_zip(path: Path, file: str) -> Contents:
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_zip(archive, file)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ModelError(
            f"{file} is a damaged archive ({error}); it was probably cut short: copy it again."
        ) from None


def _read_zip(archive: zipfile.ZipFile, file: str) -> Contents:
    members = {info.filename: info for info in archive.infolist()[:_MOST_MEMBERS]}
    if "config.json" not in members:
        if any(name.endswith("data.pkl") for name in members):
            raise ModelError(
                f"{file} is a PyTorch checkpoint, which is a pickle, and opening one can run any code."
            )
        names = ", ".join(list(members)[:5]) or "nothing"
        raise ModelError(f"{file} is an archive without config.json, so no Keras model; it holds {names}.")
    config = _json(_member(archive, members["config.json"], file), "config.json", file)
    about = {}
    if "metadata.json" in members:
        about = _json(_member(archive, members["metadata.json"], file), "metadata.json", file)
    compiled = config.get("compile_config")
    return Contents(
        file,
        "keras",
        config,
        compiled if isinstance(compiled, dict) and compiled else None,
        _text(about.get("keras_version")),
        None,
        _text(about.get("date_saved")),
        _zipped_weights(archive, members.get("model.weights.h5")),
    )


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    if info.file_size > _LARGEST_CONFIG:
        raise ModelError(
            f"{file}: {info.filename} would unpack to {info.file_size:,} bytes, far more than any architecture;"
            " the file is not read."
        )
    with archive.open(info) as stream:  # the size in the directory may lie, so no more than that is read
        data = stream.read(_LARGEST_CONFIG + 1)
    if len(data) > _LARGEST_CONFIG:
        raise ModelError(f"{file}: {info.filename} unpacks to more than it says; the file is not read.")
    return data


def _zipped_weights(archive: zipfile.ZipFile, info: zipfile.ZipInfo | None) -> int | None:
    if info is None or info.file_size > _COUNTED:
        return None
    import io

    with archive.open(info) as stream:
        data = stream.read(_COUNTED + 1)
    if len(data) > _COUNTED:
        return None
    import h5py

    try:
        with h5py.File(io.BytesIO(data), "r") as weights:
            return _count(weights)
    except (OSError, RuntimeError, ValueError, KeyError):
        return None


def _open_hdf5(path: Path, file: str) -> Contents:
    import h5py

    try:
        with h5py.File(path, "r") as stored:
            return _read_hdf5(stored, file)
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        reason = str(error).split("\n")[0][:120]
        raise ModelError(
            f"{file} is a damaged HDF5 file ({reason}); it was probably cut short: copy it again."
        ) from None


def _read_hdf5(stored: Any, file: str) -> Contents:
    about = {name: _text(stored.attrs.get(name)) for name in ("keras_version", "backend")}
    text = _text(stored.attrs.get("model_config"))
    if text is None:
        inner = stored.get("model_weights")
        attributes = inner.attrs if inner is not None else stored.attrs
        version = about["keras_version"] or _text(attributes.get("keras_version"))
        return Contents(
            file, "weights", keras_version=version, backend=about["backend"], weights=_count(stored)
        )
    config = _json(text.encode(), "model_config", file)
    training = _text(stored.attrs.get("training_config"))
    compiled = _json(training.encode(), "training_config", file) if training else None
    weights = stored.get("model_weights", stored)
    return Contents(
        file, "h5", config, compiled or None, about["keras_version"], about["backend"], None, _count(weights)
    )


def _count(group: Any) -> int:
    """Numbers in all datasets but an optimiser's and random seeds; links are not followed."""
    total = 0

    def add(name: str, item: Any) -> None:
        nonlocal total
        aside = name.startswith(("optimizer", "_optimizer")) or "seed_generator" in name
        if hasattr(item, "shape") and hasattr(item, "dtype") and not aside:
            total += int(item.size or 0)

    group.visititems(add)
    return total


def _json(data: bytes, what: str, file: str) -> dict[str, Any]:
    if len(data) > _LARGEST_CONFIG:
        raise ModelError(f"{file}: {what} has {len(data):,} bytes, far more than any architecture.")
    try:
        found = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ModelError(
            f"{file}: {what} is not JSON ({error}); the file is damaged: save the model again."
        ) from None
    if not isinstance(found, dict):
        raise ModelError(f"{file}: {what} holds a {type(found).__name__} where an architecture belongs.")
    return found


def _text(value: Any) -> str | None:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value) if value is not None and not isinstance(value, dict | list) else None
