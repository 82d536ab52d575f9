"""`keras.applications` backbones by name, and their weights from the cache, a file or nowhere."""

from __future__ import annotations

import contextlib
import io
import os
import re
import socket
import sys
import warnings
from pathlib import Path
from typing import Any

from valscope.engines.keras_engine.backend import keras
from valscope.errors import ModelError, UsageError

DOWNLOAD_SECONDS = 15.0  # without an answer for so long there is no network


def backbone_names() -> dict[str, str]:
    """Lower-case name -> name of the function in `keras.applications`."""
    module = keras().applications
    return {
        name.lower(): name for name in dir(module) if name[0].isupper() and callable(getattr(module, name))
    }


def is_backbone(name: str) -> bool:
    """Whether `keras.applications` has a network of this name (lower case)."""
    return name in backbone_names()


def build_backbone(name: str, weights: str, shape: tuple[int, ...]) -> Any:
    """The network without its top, with `weights` loaded.

    weights  "none", "imagenet" or the path of a weight file.
    Raises UsageError for an unknown name, ModelError for weights that cannot be had or do not fit.
    """
    names = backbone_names()
    if name not in names:
        close = ", ".join(n for n in names if n[:4] == name[:4]) or ", ".join(list(names)[:6]) + ", ..."
        raise UsageError(f"There is no model {name!r}; near it are {close}; built in are cnn and features.")
    make = getattr(keras().applications, names[name])
    if weights == "none":
        return _make(make, name, shape, None)
    if weights == "imagenet":
        return _imagenet(make, name, shape)
    return _from_file(make, name, shape, Path(weights))


def find_weights(name: str) -> str | None:
    """A file with the ImageNet weights of this backbone, "imagenet" when they can be downloaded now, or None."""
    return weight_file(name) or ("imagenet" if _downloads(name) else None)


def weight_file(name: str) -> str | None:
    """A file with the ImageNet weights of this backbone in the folder that VALSCOPE_WEIGHTS names or in Keras' own
    cache; None where there is none. Needs no Keras."""
    given = os.environ.get("VALSCOPE_WEIGHTS")
    folders = [Path(given)] if given else []
    folders.append(Path(os.environ.get("KERAS_HOME", "~/.keras")).expanduser() / "models")
    for folder in folders:
        for path in sorted(folder.glob("*.h5")) if folder.is_dir() else []:
            flat = re.sub(r"[^a-z0-9]", "", path.name.lower())
            if flat.startswith(name) and "notop" in flat:
                return str(path.resolve())
    return None


def _downloads(name: str) -> bool:
    """Whether the weights arrive, asked once and with a short patience: most machines without a network fail
    at once, some hang."""
    names = backbone_names()
    if name not in names:
        return False
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(DOWNLOAD_SECONDS)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")  # the shape does not matter here
            getattr(keras().applications, names[name])(include_top=False, weights="imagenet")
    except Exception:
        return False
    finally:
        socket.setdefaulttimeout(before)
    return True


def _make(make: Any, name: str, shape: tuple[int, ...], weights: Any) -> Any:
    try:
        return make(include_top=False, weights=weights, input_shape=shape)
    except ValueError as error:
        first = str(error).strip().splitlines()[0]
        raise ModelError(
            f"{name} cannot be built for images of {shape[0]}x{shape[1]}x{shape[2]}: {first}"
        ) from None


def _imagenet(make: Any, name: str, shape: tuple[int, ...]) -> Any:
    try:
        with contextlib.redirect_stdout(sys.stderr):  # Keras says there that it downloads
            return make(include_top=False, weights="imagenet", input_shape=shape)
    except Exception as error:
        wanted = re.search(r"https?://\S+", str(error))
        file = wanted.group(0).rstrip(".:,") if wanted else f"the ImageNet weights of {name} without top"
        raise ModelError(
            f"The ImageNet weights of {name} could not be fetched ({type(error).__name__}). "
            f"On a machine with a network get {file}, bring it here and give  --weights FILE, "
            "or train without:  --model cnn"
        ) from None


def _from_file(make: Any, name: str, shape: tuple[int, ...], path: Path) -> Any:
    if not path.is_file():
        raise ModelError(f"The weight file {path} does not exist; give --weights imagenet, none or a file.")
    model = _make(make, name, shape, None)
    try:
        model.load_weights(path)
        return model
    except Exception as error:
        reason = str(error).strip().splitlines()[0][:200] if str(error).strip() else type(error).__name__
    try:
        whole = make(include_top=True, weights=None)
        whole.load_weights(path)
        model.set_weights(whole.get_weights()[: len(model.get_weights())])
        return model
    except Exception:
        raise ModelError(f"{path} does not hold the weights of {name}: {reason}") from None
