"""How code turns outputs into a class, and in which order it has the classes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from valscope.case.rebuild.chosen import before
from valscope.case.rebuild.notes import Notes
from valscope.nouns.pipeline import Decision
from valscope.nouns.script import ClassOrder, Feed, Predicting, ScriptFacts
from valscope.nouns.script import Decision as Coded

INDICES = re.compile(r"\[([^\]]*)\]")


def usual(units: int | None) -> Decision:
    """What Keras' accuracy takes for an answer."""
    return Decision("threshold", 0.5) if units == 1 else Decision()


def decision_of(script: ScriptFacts, asked: Predicting, units: int | None, notes: Notes) -> Decision:
    """The decision on the scores of one prediction; the usual one where none is shown."""
    number = script.predictions.index(asked)
    own = [d for d in script.decisions if d.predicting == number]
    loose = [d for d in script.decisions if d.predicting is None and before(asked.source, d.source)]
    coded = next(iter(own or loose), None)
    if coded is None:
        return usual(units)
    notes.at("served.decision", coded.source)
    return _decided(coded, units)


def _decided(coded: Coded, units: int | None) -> Decision:
    column = _column(coded.index, units)
    if coded.kind == "equals":
        zero = coded.value == 0
        return Decision("equals", 0.0 if zero else float(coded.value or 0), column, inverted=zero)
    if coded.kind == "any":  # `if score:` is true for every score that is not exactly 0
        return Decision("equals", 0.0, column, inverted=True)
    if coded.kind in ("argmax", "argmin"):
        return Decision("argmax" if coded.kind == "argmax" else "argmin")
    if coded.kind == "threshold":
        return Decision("threshold", 0.5 if coded.value is None else coded.value, column)
    if coded.kind == "astype_int":
        return Decision("truncated", column=column)
    if coded.kind == "round":
        return Decision("threshold", 0.5, column)
    return usual(units)


def _column(index: str, units: int | None) -> int | None:
    """The output that "[0][1]" and "[:, 1]" take; None for the only one."""
    if units == 1:
        return None
    parts = [part.strip() for found in INDICES.findall(index) for part in found.split(",")]
    last = parts[-1] if len(parts) > 1 else ""
    return int(last) if last.lstrip("-").isdigit() else None


def trained_names(script: ScriptFacts, feed: Feed | None, notes: Notes) -> tuple[str, ...]:
    """Class names in the order in which training numbers them, () for the order of sorted folders."""
    if feed is not None and feed.classes is not None:
        return notes.say("trained.order", feed.classes)
    if feed is not None and feed.directory is not None:
        return ()
    fits, used = script.fits, {p.source.file for p in script.predictions}
    for order in _written(script):
        elsewhere = bool(fits) and order.source.file != fits[0].source.file and order.source.file in used
        if fits and before(order.source, fits[0].source) and not elsewhere:
            notes.at("trained.order", order.source)
            return order.names
    return ()


def served_names(script: ScriptFacts, notes: Notes) -> tuple[str, ...]:
    """Class names in the order that prediction takes them in, () for that of training."""
    written = _written(script)
    if written:
        notes.at("served.order", written[-1].source)
        return written[-1].names
    return ()


def _written(script: ScriptFacts) -> list[ClassOrder]:
    return [
        order for order in script.class_orders if order.kind == "hand_written" and order.used and order.names
    ]


def order_of(names: Sequence[str], classes: Sequence[str]) -> tuple[int, ...] | None:
    """The class number that each output stands for; None for 0, 1, 2, ... and for names that are not the classes."""
    numbers = {_plain(name): number for number, name in enumerate(classes)}
    if (
        len(names) != len(classes)
        or {_plain(n) for n in names} != set(numbers)
        or len(numbers) < len(classes)
    ):
        return None
    found = tuple(numbers[_plain(name)] for name in names)
    return None if found == tuple(range(len(found))) else found


def _plain(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.lower())
