"""Rows that train and rows that score, where both were cut from one thing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from valscope.evidence.script.facts.fits import is_fit, trained_on, validated_on
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Value
from valscope.evidence.script.rows.stretches import Rows, Stretch
from valscope.nouns.fact import Source
from valscope.nouns.script import Use
from valscope.nouns.script.rows import RowRange

_TRAINS = frozenset({"train", "training", "trn", "xtrain", "trainx", "tr"})
_SCORES: dict[str, Use] = {
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation", "xval": "validation",
    "valx": "validation", "test": "test", "testing": "test", "holdout": "test", "xtest": "test", "testx": "test",
}  # fmt: skip
_ROWS = frozenset(
    {
        "x", "img", "imgs", "image", "images", "data", "ds", "dataset", "datasets", "set", "file", "files", "filename",
        "filenames", "path", "paths", "df", "frame", "idx", "idxs", "indices", "index", "inds", "ind", "ids", "samples",
        "features", "inputs", "input", "list", "raw", "partial", "gen", "generator", "loader", "feats", "rows",
    }
)  # fmt: skip
_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LOSING = frozenset({"remove", "pop", "clear", "popitem", "discard", "difference_update"})


def row_ranges(reading: Reading, rows: Rows) -> list[RowRange]:
    """By the calls that train, then by what variables are called; those of one thing only."""
    found = [one for call in reading.calls if is_fit(call) for one in _given(call, rows)]
    found += list(_named(reading, rows))
    lost = _lost(reading, rows)
    return list(dict.fromkeys(one for one in found if one.base not in lost))


def _given(call: Call, rows: Rows) -> Iterator[RowRange]:
    """What a training call gets, where training and validation share what they were cut from."""
    trained, scored = trained_on(call), validated_on(call)
    if trained is None or scored is None:
        return
    left, right = _sound(rows.follow(trained)), _sound(rows.follow(scored))
    for one in left:
        for other in right:
            if one.base == other.base and (one.form != "all" or other.form != "all"):
                yield _range("train", one, trained, rows, call.source)
                yield _range("validation", other, scored, rows, call.source)


def _sound(found: tuple[Stretch, ...]) -> list[Stretch]:
    """All rows of a thing count only where nothing lies between that could leave some out."""
    return [s for s in found if s.form != "all" or s.direct]


def _named(reading: Reading, rows: Rows) -> Iterator[RowRange]:
    """What variables hold in the end whose names say what they are for."""
    last: dict[str, Value] = {}
    for value in reading.world.assigned:
        last.update((name, value) for name in value.names)
    for name, value in last.items():
        use = use_of(name)
        for one in rows.follow(value) if use is not None else ():
            if one.form != "all" and use is not None:
                yield _range(use, one, value, rows, None, name)


def use_of(name: str) -> Use | None:
    """What rows in a variable are for: x_train, valImages, test_idx; None where its name holds other words too."""
    words = [word.lower() for word in _WORDS.findall(name)]
    uses = {
        "train" if word in _TRAINS else _SCORES[word] for word in words if word in _TRAINS or word in _SCORES
    }
    plain = all(word in _TRAINS or word in _SCORES or word in _ROWS for word in words)
    return next(iter(uses)) if plain and len(uses) == 1 else None


def _range(use: Use, one: Stretch, value: Value, rows: Rows, call: Source | None, name: str = "") -> RowRange:
    thing, at = rows.things.of[one.base], one.at or value
    length, names = rows.length(thing), [n for n in at.names if use_of(n) == use] or at.names
    return RowRange(
        use, name or (names[-1] if names else ""), one.base,
        one.of or (thing.names[-1] if thing.names else thing.text), one.first, one.end,
        length=length.terms[0][0] if length.terms else -1,
        form=one.form, written=one.written, source=at.source, call=call, shuffled=_shuffled(thing),
    )  # fmt: skip


def _shuffled(value: Value | None) -> bool:
    """Whether a tf.data shuffle deals the rows anew each time."""
    while isinstance(value, Call) and isinstance(value.function, Attribute):
        again = constant(value.argument(2, "reshuffle_each_iteration"))
        if last_name(value.function) == "shuffle" and again is not False:
            return True
        value = value.function.base
    return False


def _lost(reading: Reading, rows: Rows) -> set[int]:
    """Things that lose rows in place, so that positions mean other rows later on."""
    lost = {
        rows.things.at(call.function.base)
        for call in reading.calls
        if isinstance(call.function, Attribute)
        and (call.function.name in _LOSING or constant(call.argument(None, "inplace")) is True)
    }
    deleted = {
        getattr(target.value, "id", "")
        for parsed in reading.world.fragments for node in ast.walk(parsed.tree) if isinstance(node, ast.Delete)
        for target in node.targets if isinstance(target, ast.Subscript)
    }  # fmt: skip
    return lost | {n for n, thing in enumerate(rows.things.of) if deleted & set(thing.names)}
