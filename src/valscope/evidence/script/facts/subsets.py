"""Parts that loaders cut off by themselves, and what they are cut from."""

from __future__ import annotations

import posixpath
from collections.abc import Hashable, Iterator
from dataclasses import replace

from valscope.evidence.script.facts.feeds import settings_of
from valscope.evidence.script.facts.fits import is_fit, trained_on, validated_on
from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import integer, number
from valscope.evidence.script.flow.asking import constant, dotted, is_none, last_name, options
from valscope.evidence.script.flow.values import Attribute, Call, Item, Operation, Value
from valscope.evidence.script.rows.dealing import of_keras
from valscope.evidence.script.rows.things import Things
from valscope.evidence.script.way.flows import FLOWS, FOLDERS, generator_of
from valscope.nouns.fact import Fact
from valscope.nouns.script import Use
from valscope.nouns.script.subsets import Part, Subset

_PARTS: dict[str, tuple[Part, Use]] = {
    "training": ("training", "train"),
    "validation": ("validation", "validation"),
}
_WHOLE: tuple[Part, Use] = ("", "unknown")
_DRAWS = frozenset(
    {"randint", "random", "randrange", "random_integers", "integers", "getrandbits", "time", "uniform"}
)
_PURE = frozenset({"join", "Path", "str", "abspath", "expanduser", "fspath", "joinpath", "PosixPath"})
_SHARE = "validation_split"
_DEEPEST = 8


def subsets(reading: Reading, things: Things) -> list[Subset]:
    """By the calls that train, then all parts by what they are called; of what no part is cut from, none."""
    loads = [
        call for call in reading.calls if last_name(call.function) in FLOWS | FOLDERS and not call.spread
    ]
    parts = [one for one in (_subset(call, things) for call in loads) if one is not None]
    cut = {one.base for one in parts if one.part}
    fits = [call for call in reading.calls if is_fit(call)]
    found = [one for turn, call in enumerate(fits) for one in _given(call, turn, reading, things)]
    found += [one for one in parts if one.part]
    return list(dict.fromkeys(one for one in found if one.base in cut))


def _given(call: Call, turn: int, reading: Reading, things: Things) -> Iterator[Subset]:
    given: tuple[tuple[Value | None, Use], ...] = (
        (trained_on(call), "train"),
        (validated_on(call), "validation"),
    )
    for value, use in given:
        feed = settings_of(reading.walker.follow(value).feed)
        one = _subset(feed, things) if feed is not None else None
        if one is not None:
            yield replace(one, use=use, call=call.source, turn=turn)


def _subset(call: Call, things: Things) -> Subset | None:
    """None for what does not load, for a part that the text leaves open, and for both parts at once."""
    name = last_name(call.function)
    folder = name in FOLDERS
    given, part = (
        call.argument(0, "directory", "dataframe", "x"),
        call.argument(10 if folder else None, "subset"),
    )
    if (
        given is None
        or name not in FLOWS | FOLDERS
        or not (of_keras(call.function) if folder else generator_of(call))
    ):
        return None
    whole = part is None or is_none(part)
    named = _WHOLE if whole else _PARTS.get(str(constant(part)))
    if named is None:
        return None
    seed = call.argument(8, "seed") if folder else None
    seed = None if is_none(seed) else seed
    drawn = isinstance(seed, Call) and last_name(seed.function) in _DRAWS
    return Subset(
        named[1], name, things.at(given, ("divided", _key(given))), given.text, named[0], call.source,  # type: ignore[arg-type]
        share=_share(call, folder), mixed=_mixed(call) if folder else False,
        seed=integer(seed), seed_at=things.at(seed) if seed is not None else None,
        draws=dotted(seed.function) if drawn and isinstance(seed, Call) else "",
    )  # fmt: skip


def _share(call: Call, folder: bool) -> Fact[float] | None:
    """validation_split of the loader, or that of all generators that it may be asked of."""
    makers = [] if folder or not isinstance(call.function, Attribute) else options(call.function.base)
    given = [maker.argument(None, _SHARE) if isinstance(maker, Call) else None for maker in makers]
    shares = [number(one) for one in ([call.argument(9, _SHARE)] if folder else given)]
    known = {share.value if share is not None else None for share in shares}
    found = shares[0] if len(known) == 1 else None
    return found if found is not None and 0 < found.value < 1 else None


def _mixed(call: Call) -> bool | None:
    given = call.argument(7, "shuffle")
    plain = True if given is None else constant(given)
    return plain if isinstance(plain, bool) else None


def _key(value: Value, depth: int = 0) -> Hashable:
    """What names the same folder wherever it is written; any other thing is itself."""
    plain = constant(value)
    if isinstance(plain, str):
        return posixpath.normpath(plain)
    if depth < _DEEPEST and isinstance(value, Operation) and value.operator in ("/", "+"):
        return (value.operator, *(_key(one, depth + 1) for one in value.operands))
    if depth < _DEEPEST and isinstance(value, Call) and last_name(value.function) in _PURE:
        base = value.function.base if isinstance(value.function, Attribute) else None
        own = () if base is None or dotted(base) else (_key(base, depth + 1),)
        return (last_name(value.function), *own, *(_key(one, depth + 1) for one in value.arguments))
    if depth < _DEEPEST and isinstance(value, Attribute):
        return (_key(value.base, depth + 1), value.name)
    if depth < _DEEPEST and isinstance(value, Item) and isinstance(constant(value.index), str | int):
        return (_key(value.base, depth + 1), constant(value.index))
    return id(value)
