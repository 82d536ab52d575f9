"""Rows that were multiplied before they were divided into parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from valscope.evidence.script.facts.fits import is_fit, trained_on, validated_on
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import flag, number
from valscope.evidence.script.flow.asking import constant, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Items, Value
from valscope.evidence.script.rows.drawing import Multiplied
from valscope.evidence.script.rows.grown import grown
from valscope.evidence.script.rows.multiplying import Multiplying
from valscope.evidence.script.rows.stretches import Rows
from valscope.nouns.fact import Source
from valscope.nouns.script import Copied, RowRange

_FOLDS = frozenset({"KFold", "StratifiedKFold", "ShuffleSplit", "StratifiedShuffleSplit", "RepeatedKFold",
                    "RepeatedStratifiedKFold"})  # fmt: skip
_ASSIGNED = re.compile(
    r"\s*\(?((?:[^\W\d]\w*\s*,\s*)+[^\W\d]\w*)\)?\s*=\s*(?:\w+\.)*(\w+)\("
)  # a, b = split(


@dataclass(frozen=True, slots=True)
class Division:
    """What is divided, by what, whether at random, and which share is held out."""

    value: Value
    name: str
    source: Source
    drawn: bool | None = None
    held: float | None = None


def copied(reading: Reading, rows: Rows, ranges: Sequence[RowRange]) -> list[Copied]:
    """In the order of the text."""
    multiplying = Multiplying(rows, grown(reading.world))
    mixed = {id(call.arguments[0]) for call in reading.calls if _shuffles_in_place(call)}
    found: list[Copied] = []
    for division in _divisions(reading, rows, ranges):
        made = multiplying.find(division.value)
        if made is None:
            continue
        drawn = division.drawn or made.mixed or id(division.value) in mixed
        if not drawn and made.how == "repeated" and made.by in ("repeat", "repeat_interleave"):
            continue  # copies stand side by side, and one cut parts one pair of them
        fact = _fact(made, division, drawn)
        if fact not in found:
            found.append(fact)
    return found


def _fact(made: Multiplied, division: Division, drawn: bool) -> Copied:
    return Copied(
        made.by, made.how, made.source, division.name, division.source, made.times, drawn, division.held,
        given=division.value.text, parts=_parts(division),
    )  # fmt: skip


def _parts(division: Division) -> tuple[str, ...]:
    found = _ASSIGNED.match(division.source.quote)
    return tuple(re.findall(r"\w+", found[1])) if found and found[2] == division.name else ()


def _divisions(reading: Reading, rows: Rows, ranges: Sequence[RowRange]) -> Iterator[Division]:
    for call in reading.calls:
        name = last_name(call.function)
        if name == "train_test_split" and call.arguments:
            shuffles = flag(call.argument(None, "shuffle"))
            drawn = shuffles is None or shuffles.value
            yield Division(
                call.arguments[0], name, call.source, drawn, _held(call.argument(None, "test_size"), 0.25)
            )
        elif name == "random_split" and call.arguments and not isinstance(call.function, Attribute):
            yield Division(call.arguments[0], name, call.source, True)
        elif name == "split" and isinstance(call.function, Attribute) and call.arguments:
            made = call.function.base
            if isinstance(made, Call) and last_name(made.function) in _FOLDS:
                yield Division(call.arguments[0], f"{last_name(made.function)}.split", call.source)
        elif is_fit(call):
            yield from _by_fit(call)
    yield from _by_cuts(rows, [one for one in ranges if one.form != "all"])


def _by_fit(call: Call) -> Iterator[Division]:
    """validation_split takes the last rows as they stand; flow(..., subset="training") does the same."""
    trained = trained_on(call)
    share = _held(call.argument(None, "validation_split"))
    if trained is None:
        return
    if share and validated_on(call) is None:
        yield Division(trained, "validation_split", call.source, False, share)
    elif isinstance(trained, Call) and constant(trained.argument(None, "subset")) == "training":
        yield Division(trained, 'subset="training"', trained.source, False)


def _by_cuts(rows: Rows, ranges: Sequence[RowRange]) -> Iterator[Division]:
    """Slices of one thing, and take and skip."""
    for one in ranges:
        if one.use == "train" and any(o.base == one.base and o.use != "train" for o in ranges):
            yield Division(rows.things.of[one.base], one.form, one.source, False)


def _held(value: Value | None, default: float | None = None) -> float | None:
    if value is None:
        return default
    share = number(value)
    return share.value if share is not None and 0 < share.value < 1 else None


def _shuffles_in_place(call: Call) -> bool:
    return (
        last_name(call.function) == "shuffle"
        and bool(call.arguments)
        and not isinstance(call.arguments[0], Items)
    )
