"""What was given, told apart by content: text, saved model, arrays, folder."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from valscope.case.unusable import damage, one_image, refuse_useless
from valscope.errors import InputError

Kind = Literal["text", "model", "data", "events", "recipe", "run", "empty", "damaged"]
HEAD = 4096  # bytes that tell a kind: magic numbers stand at the start
LARGEST = 8 << 20  # bytes of a JSON file that is looked into: a recipe may hold an architecture
RECIPE = frozenset({"classes", "preparation", "model", "split", "feed", "stages"})
IMAGES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".tif", ".tiff", ".webp")
SAVED = (
    ".keras",
    ".h5",
    ".hdf5",
    ".onnx",
    ".tflite",
    ".pb",
    ".pkl",
    ".pickle",
    ".joblib",
    ".pt",
    ".pth",
    ".ckpt",
)
HELD = {".npz", ".npy", ".parquet"}
EMPTY = "the file is empty"
MANY = 5  # files of a folder looked at before it is called a folder of images


@dataclass(frozen=True, slots=True)
class Given:
    """One input.

    path     None for the standard input, whose bytes are then in `content`.
    listed   found in a folder: nobody gave it by name, and where it is damaged the others go on without it.
    damage   what is wrong with one of kind "empty" or "damaged".
    """

    name: str
    kind: Kind
    path: Path | None = None
    content: bytes | None = None
    listed: bool = False
    damage: str = ""


def given(inputs: Sequence[str]) -> Iterator[Given]:
    """Each input with its kind; the files of a run folder or a folder of scripts one by one.

    Raises InputError for what is not there.
    """
    for name in inputs:
        if name == "-":
            yield Given("<stdin>", "text", content=sys.stdin.buffer.read())
            continue
        path = Path(name)
        if not path.exists():
            raise InputError(
                f"There is no file or folder {name!r}; give posts, logs, scripts, models or folders."
            )
        yield from _folder(path) if path.is_dir() else _file(path)


def _file(path: Path, listed: bool = False) -> Iterator[Given]:
    """One file by its kind. Raises InputError for a damaged one, unless it was found in a folder."""
    try:
        told = "empty" if listed and not path.stat().st_size else kind(path)
        wrong = EMPTY if told == "empty" else ""
    except InputError as error:
        if not listed:
            raise
        told, wrong = "damaged", damage(str(path), error)
    yield Given(str(path), told, path, listed=listed, damage=wrong)


def kind(path: Path) -> Kind:
    """By the first bytes, and by the name only where bytes leave it open.

    Raises InputError where the file cannot be opened.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise InputError(f"{path} cannot be opened ({error.strerror}); check its permissions.") from None
    if (named := _by_name(path)) is not None:
        return named
    if not head.strip():
        return "empty"
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return "model"
    if head.startswith(b"\x93NUMPY"):
        return "data"
    if head.startswith(b"PK\x03\x04"):
        return _archive(path)
    if "tfevents" in path.name:
        return "events"
    if head.startswith(b"PAR1") or _lists_images(path, head):
        return "data"
    return _json(path) if head.lstrip()[:1] == b"{" else "text"


def _by_name(path: Path) -> Kind | None:
    """What a name promises whatever the bytes are: the reader of models or arrays then says what is wrong with them.

    Raises InputError for an image.
    """
    name = path.name.lower()
    if name.endswith(SAVED):
        return "model"
    if path.suffix.lower() in HELD:
        return "data"
    if name.endswith(IMAGES):
        raise InputError(
            f"{one_image(path)}; to judge images, give a folder that holds one folder of them for each class."
        )
    return None


def _archive(path: Path) -> Kind:
    """A .keras file holds its architecture as config.json, an .npz file arrays. Raises InputError for anything else."""
    import zipfile

    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        raise InputError(
            f"{path} is a zip archive of {path.stat().st_size:,} bytes that is damaged, probably cut short; copy it again."
        ) from None
    if "config.json" in names:
        return "model"
    if any(name.endswith(".npy") for name in names):
        return "data"
    raise InputError(
        f"{path} is a zip archive ({', '.join(names[:3]) or 'empty'}); unpack it and give the folder."
    )


def _lists_images(path: Path, head: bytes) -> bool:
    """Whether a table's first rows name image files: it holds data, and no log."""
    if path.suffix.lower() not in (".csv", ".tsv"):
        return False
    rows = head.decode("utf-8", "replace").splitlines()[1:5]
    fields = [
        f.strip().strip("\"'").lower()
        for row in rows
        for f in row.replace("\t", ",").replace(";", ",").split(",")
    ]
    return any(f.endswith(IMAGES) for f in fields)


def _json(path: Path) -> Kind:
    """A recipe, Keras' `class_indices` (class names to numbers 0..K-1), or any other text."""
    import json

    if path.stat().st_size > LARGEST:
        return "text"
    try:
        content = json.loads(path.read_bytes())
    except ValueError:
        return "text"
    if not isinstance(content, dict):
        return "text"
    if set(content) >= RECIPE:
        return "recipe"
    numbers = sorted(map(str, content.values()))
    return "data" if numbers == sorted(map(str, range(len(content)))) else "text"


TEXTS = {".py", ".ipynb", ".txt", ".log", ".csv", ".md", ".json", ".out"}
CODE = {".py", ".ipynb"}
MODELS = {".keras", ".h5", ".hdf5"}
ARRAYS = {".npz", ".npy"}
RUN_FILES: tuple[tuple[str, Kind], ...] = (("history.jsonl", "text"), ("model.keras", "model"))


def _folder(path: Path) -> Iterator[Given]:
    """A run with its log and model; a folder of scripts, logs and models as its files and the images beside them; anything
    else as images."""
    if (path / "run.json").is_file() and (path / "recipe.json").is_file():
        yield Given(str(path), "run", path)
        yield from (Given(str(path / n), k, path / n) for n, k in RUN_FILES if (path / n).is_file())
        return
    if (path / "saved_model.pb").is_file():
        yield Given(str(path), "model", path)  # whose reader says that it is one of TensorFlow's
        return
    seen = [p for p in sorted(path.iterdir()) if not p.name.startswith(".")]
    told = [
        p
        for p in seen
        if p.is_file() and (p.suffix.lower() in TEXTS | MODELS | ARRAYS or "tfevents" in p.name)
    ]
    folders = [p for p in seen if p.is_dir()]
    works = len(told) >= MANY or any(p.suffix.lower() in MODELS | CODE for p in told)
    if told and (works or not folders):
        for file in told:
            yield from _file(file, listed=True)
        yield from (
            Given(str(p), "data", p, listed=True)
            for p in _used([p for p in folders if _holds_images(p)], told)
        )
    else:
        refuse_useless(path, TEXTS | MODELS, HELD)
        yield Given(str(path), "data", path)


def _used(folders: Sequence[Path], files: Sequence[Path]) -> Sequence[Path]:
    """The folders of images that code beside them names; the only one also where it names none."""
    code = "\n".join(
        p.read_bytes()[:LARGEST].decode("utf-8", "replace") for p in files if p.suffix.lower() in CODE
    )
    named = [p for p in folders if re.search(rf"(?<![\w-]){re.escape(p.name)}(?![\w-])", code)]
    return named or (folders if len(folders) == 1 else [])


def _holds_images(folder: Path, depth: int = 3) -> bool:
    """Whether folders of images stand in it, each with files of one class."""
    inner = [p for p in _listed(folder) if p.is_dir() and not p.name.startswith(".")][:MANY]
    return any(
        any(f.suffix.lower() in IMAGES for f in _listed(p)[:MANY])
        or (depth > 1 and _holds_images(p, depth - 1))
        for p in inner
    )


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError:
        return []
