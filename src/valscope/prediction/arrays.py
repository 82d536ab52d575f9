"""Arrays to classify: brought to the layout and the scale that the run was trained on, or refused."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.data.pixels.decode import shown
from valscope.data.pixels.prepare import pixels
from valscope.data.sources.tablefile import Table
from valscope.data.sources.tidy import CHANNELS, tidy_items
from valscope.errors import DataError
from valscope.nouns.dataset import Notice
from valscope.nouns.preparation import Preparation
from valscope.run import Run
from valscope.training.checkpoint import load_arrays

# Names of items in archives in use, likeliest first; labels may lie beside them.
_ITEMS = (
    "x",
    "X",
    "images",
    "image",
    "imgs",
    "features",
    "data",
    "inputs",
    "embeddings",
    "vectors",
    "x_test",
    "arr_0",
)
_LABELS = frozenset(("label", "labels", "class", "target", "y", "category", "id", "split", "part"))


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a run takes.

    shape      of one prepared item.
    own_scale  it was trained on floats whose scale only their owner knows; nothing is converted then.
    binary     it was trained on arrays of 0 and 1, which stand for black and white.
    """

    run: str
    preparation: Preparation | None
    shape: tuple[int, ...]
    own_scale: bool
    binary: bool


def wanted(run: Run) -> Wanted:
    """What `run` takes, from its preparation, its probes and what was noticed about its data."""
    preparation = run.recipe.preparation
    path = run.folder / "probes.npz"
    probe = load_arrays(path)[0]["values"] if path.is_file() else None
    shape = preparation.shape if preparation is not None else probe.shape[1:] if probe is not None else ()
    floats = preparation is not None and probe is not None and probe.dtype != np.uint8
    binary = any(notice.code == "binary_pixels" for notice in run.result.notices)
    return Wanted(str(run.folder), preparation, shape, floats, binary)


def load_arrays_file(path: str) -> NDArray[Any]:
    """The items in an .npy or .npz file. Raises DataError where there are none."""
    try:
        loaded: Any = np.load(
            path, mmap_mode="r" if path.lower().endswith(".npy") else None, allow_pickle=False
        )
        if isinstance(loaded, np.ndarray):
            return loaded
        with loaded:
            names = [n for n in _ITEMS if n in loaded.files] or (
                loaded.files if len(loaded.files) == 1 else []
            )
            if not names:
                raise DataError(
                    f"{shown(path)} holds {', '.join(map(shown, loaded.files))}; name the items x in it."
                )
            return np.asarray(loaded[names[0]])
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        why = (
            "it holds Python objects, which could run code"
            if "pickle" in str(error)
            else "it is damaged or no such file"
        )
        raise DataError(f"{shown(path)} cannot be read as NumPy arrays: {why}.") from error


def tidy(values: NDArray[Any], origin: str, need: Wanted) -> tuple[NDArray[Any], tuple[Notice, ...]]:
    """Images (n, h, w, c) or vectors (n, d) in the type that the run was trained on. Raises DataError."""
    if values.dtype == object or values.dtype.kind not in "buif" or not values.size:
        raise DataError(
            f"{origin} holds {values.dtype} of shape {values.shape}; give numbers, all items of one shape."
        )
    if need.preparation is None:
        return _vectors(values, origin, need), ()
    images = _laid_out(values, origin)
    if need.own_scale:
        return _as_given(images, origin, need), ()
    if images.dtype == np.uint8 and not need.binary:
        return images, ()
    levels, notices = tidy_items(images, origin)
    if levels.dtype != np.uint8:
        raise DataError(
            f"{origin} holds numbers from {values.min():.4g} to {values.max():.4g}, but {need.run} was trained on levels "
            "of 0..255; give 8-bit levels (np.rint(x).astype('uint8')), or levels divided by 255."
        )
    return levels, notices


def one_image(item: Any, name: str, need: Wanted) -> NDArray[Any]:
    """One array, the bytes of a file, or a Pillow image, prepared. Raises DataError where it is no image."""
    assert need.preparation is not None
    if isinstance(item, bytes):
        if need.own_scale:
            raise DataError(
                f"{name} is a file, but {need.run} was trained on float pixels in their owner's scale."
            )
        return pixels(item, need.preparation, name)
    values = item if isinstance(item, np.ndarray) else _from_pillow(item, need.preparation)
    tidied, _ = tidy(values, name, need)
    if len(tidied) != 1:
        raise DataError(
            f"{name} of the list holds {len(tidied)} images; give a list of single images, or one array."
        )
    return pixels(tidied[0], need.preparation, name)


def vectors_of(table: Table, need: Wanted) -> NDArray[Any]:
    """The numbers of a table, one row an item, as many columns as the run was trained on."""
    columns = {}
    for name, column in table.items():
        try:
            columns[name] = np.asarray(column, np.float32)
        except (TypeError, ValueError):
            continue
    width = need.shape[0]
    if len(columns) > width:
        columns = {name: values for name, values in columns.items() if name.strip().lower() not in _LABELS}
    if len(columns) != width:
        raise DataError(
            f"The table has {len(columns)} columns of numbers and {need.run} takes {width}; give those it was trained on, "
            "in the same order."
        )
    return np.stack(list(columns.values()), axis=1)


def _laid_out(values: NDArray[Any], origin: str) -> NDArray[Any]:
    """One grey (h, w) or colour image (h, w, c), or several, as (n, h, w, c)."""
    if values.ndim == 2:
        return values[None, :, :, None]
    if values.ndim == 3:
        return values[None] if values.shape[2] in CHANNELS else values[..., None]
    if values.ndim == 4 and values.shape[3] in CHANNELS:
        return values
    if values.ndim == 4 and values.shape[1] in CHANNELS:
        return np.moveaxis(values, 1, 3)
    raise DataError(
        f"{origin} has the shape {values.shape}; give (n, height, width[, channels]) or one image."
    )


def _vectors(values: NDArray[Any], origin: str, need: Wanted) -> NDArray[Any]:
    rows = values[None] if values.ndim == 1 else values.reshape(len(values), -1)
    if need.shape and rows.shape[1:] != need.shape:
        raise DataError(
            f"{origin} holds vectors of {rows.shape[1]:,} numbers; {need.run} was trained on vectors of {need.shape[0]:,}."
        )
    if not np.isfinite(rows).all():
        raise DataError(f"{origin} holds numbers that are not finite (NaN or infinite).")
    return rows.astype(np.float32, copy=False)


def _as_given(images: NDArray[Any], origin: str, need: Wanted) -> NDArray[Any]:
    if images.dtype.kind != "f":
        raise DataError(
            f"{origin} holds {images.dtype}, but {need.run} was trained on float pixels; give them in the same scale."
        )
    if not np.isfinite(images).all():
        raise DataError(f"{origin} holds numbers that are not finite (NaN or infinite).")
    return images.astype(np.float32, copy=False)


def _from_pillow(image: Any, preparation: Preparation) -> NDArray[Any]:
    from PIL import ImageOps

    turned = ImageOps.exif_transpose(image) if preparation.exif else image
    if turned.mode not in ("L", "RGB", "RGBA"):
        turned = turned.convert("RGBA" if turned.has_transparency_data else "RGB")
    return np.asarray(turned)
