"""The zip archives of Keras 3: configuration, metadata, weights; nothing is unpacked to disk."""

from __future__ import annotations

import zipfile
from pathlib import Path

from valscope.errors import ModelError
from valscope.evidence.saved.contents import LARGEST_CONFIG, Contents, count, json_of, text_of

# Weights inside a zip are counted only up to this size, because they must be unpacked into memory.
_COUNTED = 128_000_000
_MOST_MEMBERS = 1000


def open_zip(path: Path, file: str) -> Contents:
    """The contents of a zip archive. Raises ModelError for one that is damaged or no model."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_zip(archive, file)
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, NotImplementedError) as error:
        raise ModelError(
            f"{file} cannot be read as a model: its archive of {path.stat().st_size:,} bytes is damaged ({error}), probably "
            "cut short; copy the file again, or save the model again."
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
    config = json_of(_member(archive, members["config.json"], file), "config.json", file)
    about = {}
    if "metadata.json" in members:
        about = json_of(_member(archive, members["metadata.json"], file), "metadata.json", file)
    compiled = config.get("compile_config")
    return Contents(
        file,
        "keras",
        config,
        compiled if isinstance(compiled, dict) and compiled else None,
        text_of(about.get("keras_version")),
        None,
        text_of(about.get("date_saved")),
        _zipped_weights(archive, members.get("model.weights.h5")),
    )


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, file: str) -> bytes:
    if info.file_size > LARGEST_CONFIG:
        raise ModelError(
            f"{file}: {info.filename} would unpack to {info.file_size:,} bytes, far more than any architecture;"
            " the file is not read."
        )
    with archive.open(info) as stream:  # the size in the directory may lie, so no more than that is read
        data = stream.read(LARGEST_CONFIG + 1)
    if len(data) > LARGEST_CONFIG:
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
            return count(weights)
    except (OSError, RuntimeError, ValueError, KeyError):
        return None
