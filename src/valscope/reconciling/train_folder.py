"""The folder that a model was trained on: it numbers the classes, as Keras does, by the sorted names of its folders."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from valscope.data.sources.open import open_dataset
from valscope.data.sources.raw import safe_name
from valscope.errors import DataError, UsageError
from valscope.nouns.dataset import Dataset, Files
from valscope.nouns.finding import NotChecked
from valscope.nouns.served import ServedModel
from valscope.serving import Images

SHOWN = 6  # class names in a sentence
WRITTEN = 24  # class names in a line of code
Order = tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TrainFolder:
    """What the training images say before any of them is looked at.

    images  training's own part, labels numbered as the outputs are; None where they cannot be used.
    names   classes in the order of the outputs, () where that cannot be told.
    orders  other orders that somebody would get who takes the names from the images that are looked at.
    named   the images that are looked at have these classes too, so that labels can be compared.
    """

    images: Dataset | None = None
    names: tuple[str, ...] = ()
    orders: tuple[Order, ...] = ()
    named: bool = False
    notes: tuple[str, ...] = ()
    not_checked: tuple[NotChecked, ...] = ()


def read_train_folder(
    folder: str | os.PathLike[str] | None, source: Dataset | Images, model: ServedModel
) -> tuple[TrainFolder, Dataset | Images]:
    """The training folder, and the images that are looked at with their classes numbered as it numbers them.

    Raises UsageError for a folder that does not exist; one that cannot be used is said so and nothing else is lost.
    """
    if folder is None:
        return TrainFolder(), source
    path = os.fspath(folder)
    if not path.startswith("sample:") and not Path(path).exists():
        raise UsageError(f"{path} does not exist; --train-folder takes the labelled images of training.")
    try:
        whole = open_dataset(path, fewest_classes=1)
    except DataError as error:
        return TrainFolder(not_checked=(_unusable(str(error)),)), source
    images, notes = _of_training(whole)
    found = TrainFolder(images, notes=notes)
    if model.classes:  # a run knows its own order
        return _by_model(found, model), source
    names, more = _outputs(images, max(2, model.head.outputs))
    found = replace(found, names=names, notes=(*notes, *more))
    if not names:
        return found, source
    found = replace(found, images=_numbered(images, names))
    return (found, source) if isinstance(source, Images) else _beside(found, source)


def _unusable(reason: str) -> NotChecked:
    return NotChecked(
        "training images", reason.rstrip("."), "a folder with one folder of training images for each class"
    )


def _of_training(whole: Dataset) -> tuple[Dataset, tuple[str, ...]]:
    """The part "train" where the folder is divided."""
    if whole.parts is None:
        return whole, ()
    parts = np.asarray(whole.parts)
    rows = np.flatnonzero(parts == "train")
    if not len(rows):
        held = ", ".join(sorted(set(whole.parts)))
        return whole, (f"{whole.origin} has the parts {held} and none called train; all of it is taken.",)
    return whole.take(rows), (f"Of {whole.origin} the part train is taken, {len(rows):,} images.",)


def _by_model(found: TrainFolder, model: ServedModel) -> TrainFolder:
    assert found.images is not None
    table = _table(found.images.classes, model.classes)
    labels = table[found.images.labels]
    if (labels < 0).all():
        note = f"{found.images.origin} has none of the classes that the model was trained on."
        return replace(found, images=None, notes=(*found.notes, note))
    rows = np.flatnonzero(labels >= 0)
    return replace(
        found, images=found.images.take(rows).but(labels=labels[rows], classes=model.classes), named=True
    )


def _outputs(images: Dataset, outputs: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names in the order of the outputs, sorted as text; folders without images count where only they make the number
    of outputs. And what is to be said of it."""
    used = sorted({images.classes[i] for i in np.unique(images.labels[images.labels >= 0])})
    for names in (used, *_with_empty(images, used)):
        if len(names) == outputs:
            empty = next((name for name in names if name not in used), None)
            return tuple(names), () if empty is None else (_empty(images.origin, empty, names.index(empty)),)
    return (), (
        f"{images.origin} has {len(used)} classes, the model {outputs}: it is not the folder that the model was trained "
        "on, or classes have come or gone since; the order of its classes is not used.",
    )


def _empty(origin: str, name: str, number: int) -> str:
    return (
        f"Keras counts the folder {name!r} of {origin} as class {number} although it holds no image: every number after it "
        "is one higher than the folders with images alone would give."
    )


def _with_empty(images: Dataset, used: Sequence[str]) -> list[list[str]]:
    """All folders beside the class folders, without and with the hidden ones."""
    if not isinstance(images.content, Files):
        return []
    path, name = Path(images.content.paths[0]), images.classes[int(images.labels[0])]
    level = next((p.parent for p in path.parents if safe_name(p.name) == name), None)
    if level is None:
        return []
    try:
        inside = sorted(safe_name(p.name) for p in level.iterdir() if p.is_dir())
    except OSError:
        return []
    return [sorted({*used, *(n for n in inside if not n.startswith("."))}), sorted({*used, *inside})]


def _numbered(dataset: Dataset, names: tuple[str, ...]) -> Dataset:
    """Labels as numbers into `names`; images of other classes are left out."""
    labels = _table(dataset.classes, names)[dataset.labels]
    rows = np.flatnonzero(labels >= 0)
    return dataset.take(rows).but(labels=labels[rows], classes=names)


def _beside(found: TrainFolder, data: Dataset) -> tuple[TrainFolder, Dataset]:
    """The folder beside the images that are looked at, and those in its numbering."""
    names = found.names
    assert found.images is not None
    table = _table(data.classes, names)
    known = [name for name, number in zip(data.classes, table, strict=False) if number >= 0]
    if 2 * len(known) < min(len(names), len(data.classes)):
        note = (
            f"{found.images.origin} names its classes otherwise ({_few(names)}) than {data.origin} ({_few(data.classes)}); "
            "which is which is looked for in the images."
        )
        return replace(found, notes=(*found.notes, note)), data
    sortings = (sorted(data.classes), sorted(data.classes, key=_counting))
    made = [tuple(int(table[data.classes.index(name)]) for name in one) for one in sortings]
    made = [(*one, *([-1] * len(names)))[: len(names)] for one in made]
    own = tuple(range(len(names)))
    notes = _compared(found.images.origin, names, data, known, *made)
    dropped = int((table[data.labels] < 0).sum())
    if dropped:
        strange = [name for name in data.classes if name not in known]
        notes.append(f"{dropped} images of {_few(strange)} are left out: training has no such class.")
    orders = tuple(dict.fromkeys(one for one in made if one != own))
    return replace(found, orders=orders, named=True, notes=(*found.notes, *notes)), _numbered(data, names)


def _compared(
    origin: str, names: tuple[str, ...], data: Dataset, known: Sequence[str], order: Order, counted: Order
) -> list[str]:
    """How the numbers differ that the two folders give, with the line that is right for the model.

    order    classes of the outputs where the names of the data are sorted as text;  counted  where they are counted.
    """
    own = tuple(range(len(names)))
    if order == own:
        return [] if counted == own else [_as_text(origin, names, counted)]
    first = next(i for i in own if order[i] != i)
    keys = {_key(name) for name in data.classes}
    missing = [name for name in names if _key(name) not in keys]
    strange = [name for name in data.classes if name not in known]
    why = [f"{data.origin} has no {_few(missing)}"] if missing else []
    why += [f"{data.origin} has {_few(strange)} more"] if strange else []
    because = f" ({'; '.join(why)})" if why else " under names that sort otherwise"
    after = f"after {names[first - 1]!r}" if first else "from 0 on"
    return [
        f"The training folder has {len(names)} classes, {data.origin} {len(data.classes)}{because}: every number {after} "
        f"is another class where the names come from {data.origin}. Write {_line(origin, names)}"
    ]


def _as_text(origin: str, names: tuple[str, ...], counted: Order) -> str:
    first = next(i for i, number in enumerate(counted) if number != i)
    return (
        f"Keras sorts class folders as text: output {first} stands for {names[first]!r} and not, as counting would have "
        f"it, for {names[counted[first]]!r}. Write {_line(origin, names)}"
    )


def _line(origin: str, names: Sequence[str]) -> str:
    """Code that names the outputs."""
    if len(names) <= WRITTEN:
        return f"class_names = {json.dumps(list(names), ensure_ascii=False)}"
    return f"class_names = sorted(os.listdir({json.dumps(origin, ensure_ascii=False)}))"


def _table(classes: Sequence[str], names: Sequence[str]) -> NDArray[np.int64]:
    """Number in `names` of each class, -1 for none, and -1 more for labels that are unknown. Capitals, blanks and
    dashes are the same where nothing else is confused by it."""
    exact = {name: i for i, name in enumerate(names)}
    keys = {_key(name): i for i, name in enumerate(names)}
    plain = len(keys) == len(names) and len({_key(name) for name in classes}) == len(classes)
    found = [exact.get(name, keys.get(_key(name), -1) if plain else -1) for name in classes]
    return np.asarray([*found, -1], np.int64)


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name).casefold() or name


def _counting(name: str) -> tuple[int, str]:
    """Numbers in the order of counting, before words."""
    return (int(name), "") if name.isascii() and name.isdigit() else (2**62, name)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(repr(name) for name in names[:SHOWN]) + more
