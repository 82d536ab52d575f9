"""Rows that train and rows that score, where both were cut from one thing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from valscope.evidence.script.facts.fits import is_fit, trained_on, validated_on
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Value
from valscope.evidence.script.rows.dealing import dealt, kept_by_cache
from valscope.evidence.script.rows.standing import Stretch
from valscope.evidence.script.rows.stretches import Rows
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
# Of TensorFlow 1, where one seed gives one order at every pass.
_ITERATORS = frozenset({"make_initializable_iterator", "make_one_shot_iterator", "from_structure"})
_LOSING = frozenset({"remove", "pop", "clear", "popitem", "discard", "difference_update"})


def row_ranges(reading: Reading, rows: Rows) -> list[RowRange]:
    """By the calls that train, then by what variables are called; those of one thing only."""
    calls = [call for call in reading.calls if is_fit(call)]
    found = [one for turn, call in enumerate(calls) for one in _given(call, turn, rows)]
    found += list(_named(reading, rows))
    lost = _lost(reading, rows)
    if any(last_name(call.function) in _ITERATORS for call in reading.calls):
        found = [replace(one, dealt=()) for one in found]
    return list(dict.fromkeys(one for one in found if one.base not in lost))


def _given(call: Call, turn: int, rows: Rows) -> Iterator[RowRange]:
    """What a training call gets, where training and validation share what they were cut from."""
    trained, scored = trained_on(call), validated_on(call)
    if trained is None or scored is None:
        return
    left, right = _sound(rows.follow(trained)), _sound(rows.follow(scored))
    for one in left:
        for other in right:
            if one.base == other.base and (one.form != "all" or other.form != "all"):
                pair = (_range("train", one, trained, rows), _range("validation", other, scored, rows))
                for part in pair:
                    source = call.source if part.form == "all" else part.source
                    yield replace(part, call=call.source, turn=turn, source=source)


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
                yield _range(use, one, value, rows, name)


def use_of(name: str) -> Use | None:
    """What rows in a variable are for: x_train, valImages, test_idx; None where its name holds other words too."""
    words = [word.lower() for word in _WORDS.findall(name)]
    uses = {
        "train" if word in _TRAINS else _SCORES[word] for word in words if word in _TRAINS or word in _SCORES
    }
    plain = all(word in _TRAINS or word in _SCORES or word in _ROWS for word in words)
    return next(iter(uses)) if plain and len(uses) == 1 else None


def _range(use: Use, one: Stretch, value: Value, rows: Rows, name: str = "") -> RowRange:
    thing, at = rows.things.of[one.base], one.at or value
    length, of = rows.length(thing), one.of or _called(thing, value)
    names = [name] * bool(name) or [n for n in at.names if use_of(n) == use]
    names += [of] if one.form == "all" else at.names
    return RowRange(
        use, next(iter(names), ""), one.base, of, one.first, one.end,
        length=length.terms[0][0] if length.terms else -1,
        form=one.form, written=one.written, source=at.source,
        dealt=dealt(at, rows) if one.form in ("take", "skip") else (),
        once=kept_by_cache(value, at),
    )  # fmt: skip


def _called(thing: Value, value: Value) -> str:
    """What the code calls a thing where it is given as a whole."""
    return value.text if value.text in thing.names else next(iter(thing.names), thing.text)


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
