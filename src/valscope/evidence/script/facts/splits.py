"""Divisions of the data in code."""

from __future__ import annotations

import re

from valscope.evidence.script.facts.reading import Reading
from valscope.evidence.script.facts.settings import flag, integer, number
from valscope.evidence.script.flow.asking import constant, is_none, last_name
from valscope.evidence.script.flow.values import Attribute, Call, Item, Items, Name, Operation, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import SplitCall

_FOLDS = frozenset(
    {
        "KFold",
        "StratifiedKFold",
        "GroupKFold",
        "StratifiedGroupKFold",
        "RepeatedKFold",
        "RepeatedStratifiedKFold",
    }
)
_DRAWS = frozenset({"ShuffleSplit", "StratifiedShuffleSplit", "GroupShuffleSplit"})
_PART = re.compile(r"(?:^|_)(?:train|val|valid|validation|test|dev|holdout)", re.IGNORECASE)
_WHOLE = frozenset({"int", "round", "floor", "ceil", "rint"})
_SHUFFLING = frozenset({"shuffle", "permutation", "sample", "randperm"})


def splits(reading: Reading) -> list[SplitCall]:
    """All divisions, in the order of the text."""
    found: list[SplitCall] = []
    for event in reading.world.events:
        made = None
        if isinstance(event, Call):
            made = _called(event)
        elif isinstance(event, Item):
            made = _sliced(event, reading)
        if made is not None and made not in found:
            found.append(made)
    return found


def _called(call: Call) -> SplitCall | None:
    name = last_name(call.function)
    if name == "train_test_split":
        return _sklearn(call)
    if name in _FOLDS or name in _DRAWS:
        shuffled = flag(call.argument(1 if name in _FOLDS else None, "shuffle"))
        return SplitCall(
            name,
            call.source,
            shuffle=shuffled.value if shuffled else name in _DRAWS or "Repeated" in name,
            stratify="Stratified" in name,
            seed=integer(call.argument(None, "random_state")),
            shares=_shares(call.argument(0, "n_splits"), call.argument(None, "test_size")),
        )
    if name == "random_split":
        return SplitCall(name, call.source, True, False, shares=_listed(call.argument(1, "lengths")))
    takes = name in ("take", "skip") and isinstance(call.function, Attribute) and call.arguments
    if takes and any(_PART.search(given) for given in call.names):
        share = _trains(call.arguments[0], name == "take", call.names)
        return SplitCall("take_skip", call.source, shares=share, items=tuple(call.names))
    return None


def _sklearn(call: Call) -> SplitCall:
    shuffled = flag(call.argument(None, "shuffle"))
    stratify = call.argument(None, "stratify")
    return SplitCall(
        "train_test_split",
        call.source,
        shuffle=shuffled.value if shuffled else True,
        stratify=stratify is not None and not is_none(stratify),
        seed=integer(call.argument(None, "random_state")),
        shares=_shares(call.argument(None, "test_size"), call.argument(None, "train_size")),
        items=tuple(argument.text for argument in call.arguments),
    )


def _sliced(item: Item, reading: Reading) -> SplitCall | None:
    """x_train = X[:3000]"""
    index = item.index
    if isinstance(index, Items) and index.kind == "tuple" and index.items:
        index = index.items[0]
    if not isinstance(index, Operation) or index.operator != "slice":
        return None
    lower, upper, step = index.operands
    one_sided = is_none(lower) != is_none(upper)
    if not one_sided or not is_none(step) or not any(_PART.search(name) for name in item.names):
        return None
    bound = upper if is_none(lower) else lower
    if constant(bound) in (0, 1, -1):
        return None
    return SplitCall(
        "slice",
        item.source,
        _shuffled_before(item, reading),
        False,
        shares=_trains(bound, is_none(lower), item.names),
        items=(item.text, *item.names),
    )


def _trains(bound: Value, first: bool, names: list[str]) -> tuple[Fact[float], ...]:
    """The share of all rows that lies on the training side of a cut; a count as it is written.

    first   whether the part is what stands before the cut;  names  its variables.
    """
    share = _fraction(bound)
    if share is None or not 0 < share.value < 1:
        return _shares(bound)
    training = any("train" in name.lower() for name in names)
    return (share if first == training else Fact(round(1 - share.value, 6), share.source),)


def _fraction(bound: Value | None, depth: int = 0) -> Fact[float] | None:
    """0.8 of `int(0.8 * len(x))`, 1/5 of `count // 5`, 0.8 of `n - int(n * 0.2)`."""
    if isinstance(bound, Call) and last_name(bound.function) in _WHOLE and bound.arguments and depth < 4:
        return _fraction(bound.arguments[0], depth + 1)
    if not isinstance(bound, Operation) or len(bound.operands) != 2 or depth > 4:
        return None
    left, right = bound.operands
    if bound.operator == "*":
        return next((fact for fact in map(number, (left, right)) if fact and 0 < fact.value < 1), None)
    if bound.operator in ("//", "/") and (by := number(right)) is not None and by.value > 1:
        return Fact(round(1 / by.value, 6), by.source)
    rest = _fraction(right, depth + 1) if bound.operator == "-" else None
    return Fact(round(1 - rest.value, 6), rest.source) if rest is not None else None


def _shuffled_before(item: Item, reading: Reading) -> bool | None:
    """True where the same array was shuffled earlier; None where its making is not shown."""
    for event in reading.world.events:
        if event is item:
            break
        if isinstance(event, Call) and last_name(event.function) in _SHUFFLING and event.arguments:
            target = event.arguments[0]
            if target is item.base or set(target.names) & set(item.base.names) or _made_by(item.base, event):
                return True
    return None if isinstance(item.base, Name) else False


def _made_by(value: Value, call: Call, depth: int = 0) -> bool:
    if value is call:
        return True
    if isinstance(value, Item) and depth < 6:
        return _made_by(value.base, call, depth + 1) or _made_by(value.index, call, depth + 1)
    return False


def _shares(*values: Value | None) -> tuple[Fact[float], ...]:
    return tuple(fact for fact in (number(value) for value in values) if fact is not None)


def _listed(value: Value | None) -> tuple[Fact[float], ...]:
    return _shares(*value.items) if isinstance(value, Items) else ()
