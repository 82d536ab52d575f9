"""Shuffles of tf.data that give a dataset a new order at every pass."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Either, Item, Name, Value
from valscope.evidence.script.rows.places import place_of
from valscope.evidence.script.rows.standing import Standing
from valscope.evidence.script.way.flows import FOLDERS, OPERATIONS
from valscope.nouns.script.rows import Dealt

_DEEPEST = 40  # operations one behind the other
_BATCH, _BATCHES, _UNBATCHED = (
    32,
    8,
    1024,
)  # of image_dataset_from_directory: it draws among 8 batches, or 1024 images
_KEEPS = frozenset({"cache", "snapshot"})
_PASSES = (OPERATIONS | {"flat_map", "rebatch"}) - {"apply", "concatenate", *_KEEPS}
_KERAS = frozenset({"keras", "tf_keras", "tensorflow", "tf"})
_OTHERS = frozenset({"load_dataset", "load_from_disk"})  # of Hugging Face, whose shuffle is made once


def dealt(value: Value | None, rows: Standing, depth: int = 0) -> tuple[Dealt, ...]:
    """Shuffles before a value that are made again at each pass, last first; none where the text does not show them."""
    if isinstance(value, Either) and depth < _DEEPEST:
        found = [dealt(option, rows, depth + 1) for option in value.options]
        return found[0] if all(found) else ()
    position = None
    if isinstance(value, Item):
        position, value = constant(value.index), value.base
    if not isinstance(value, Call) or depth >= _DEEPEST or value.spread:
        return ()
    name, function = last_name(value.function), value.function
    if name in FOLDERS and of_keras(function):
        return (
            () if position == 1 else _folder(value, name)
        )  # of subset="both" only the first part is shuffled
    if name == "list_files":
        return (Dealt(name, value.source, whole=True),) if _on(value.argument(1, "shuffle")) else ()
    if not isinstance(function, Attribute) or name not in _PASSES or position is not None or _foreign(value):
        return ()
    here = _shuffle(value, rows) if name == "shuffle" else None
    if here is None and name == "shuffle" and _is_open(value.argument(2, "reshuffle_each_iteration")):
        return ()
    return (*filter(None, [here]), *dealt(function.base, rows, depth + 1))


def kept_by_cache(value: Value, cut: Value) -> bool | None:
    """Whether a cache stands between a cut and a value made of it; None where the way is not shown."""
    found = False
    for _ in range(_DEEPEST):
        if value is cut:
            return found
        if not isinstance(value, Call) or not isinstance(value.function, Attribute):
            return None
        found = found or value.function.name in _KEEPS
        value = value.function.base
    return None


def of_keras(function: Value) -> bool:
    """Whether a loader of this name is Keras' own and not one imported from elsewhere."""
    return (
        not isinstance(function, Name)
        or not function.imported
        or bool(_KERAS & set(function.dotted.split(".")))
    )


def _on(given: Value | None) -> bool:
    """Whether a switch is on that is on by default."""
    return given is None or is_none(given) or constant(given) is True


def _is_open(given: Value | None) -> bool:
    return not _on(given) and constant(given) is not False


def _folder(call: Call, name: str) -> tuple[Dealt, ...]:
    if not _on(call.argument(7, "shuffle")):
        return ()
    given = call.argument(5, "batch_size")
    batch = _BATCH if given is None else constant(given)
    buffer = _BATCHES * batch if type(batch) is int else _UNBATCHED if is_none(given) else None
    return (Dealt(name, call.source, buffer),)


def _shuffle(call: Call, rows: Standing) -> Dealt | None:
    """shuffle(1000) unless it draws among one element or keeps its order."""
    given = call.argument(0, "buffer_size")
    number = constant(given)
    if given is None or not _on(call.argument(2, "reshuffle_each_iteration")) or number in (0, 1):
        return None
    beyond = place_of(given, rows.length, rows.things).minus(rows.length(call.function.base))  # type: ignore[attr-defined]
    whole = beyond.all_of(lambda factor: factor >= 0)
    return Dealt("shuffle", call.source, number if type(number) is int else None, whole)


def _foreign(value: Value) -> bool:
    for _ in range(_DEEPEST):
        if isinstance(value, Call) and last_name(value.function) in _OTHERS:
            return "tensorflow_datasets" not in dotted(value.function)
        if isinstance(value, Call) and isinstance(value.function, Attribute):
            value = value.function.base
        elif isinstance(value, Item):
            value = value.base
        else:
            return False
    return False
