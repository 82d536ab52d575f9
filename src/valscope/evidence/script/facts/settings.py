"""Arguments as facts: a value with the line it stands on, None where it is absent or not literal."""

from __future__ import annotations

from valscope.evidence.script.flow.asking import constant
from valscope.evidence.script.flow.values import Constant, Value
from valscope.nouns.fact import Fact
from valscope.nouns.script import Amount


def flag(value: Value | None) -> Fact[bool] | None:
    """True or False (1 and 0 too)."""
    plain = constant(value)
    if value is None or not isinstance(plain, bool | int) or plain not in (0, 1):
        return None
    return Fact(bool(plain), value.source)


def integer(value: Value | None) -> Fact[int] | None:
    """A whole number."""
    plain = constant(value)
    if value is None or isinstance(plain, bool) or not isinstance(plain, int | float) or plain != plain:
        return None
    return Fact(int(plain), value.source) if abs(plain) < 1e15 and int(plain) == plain else None


def number(value: Value | None) -> Fact[float] | None:
    """Any number."""
    plain = constant(value)
    if value is None or isinstance(plain, bool) or not isinstance(plain, int | float):
        return None
    try:
        return Fact(float(plain), value.source)
    except OverflowError:
        return None


def text(value: Value | None) -> Fact[str] | None:
    """A string; an expression that is not literal gives None."""
    plain = constant(value)
    return Fact(plain, value.source) if value is not None and isinstance(plain, str) else None


def written(value: Value | None) -> Fact[str] | None:
    """The expression as it stands, whatever it is."""
    if value is None or (isinstance(value, Constant) and value.value is None):
        return None
    return Fact(value.text, value.source)


def words(value: Value | None) -> Fact[tuple[str, ...]] | None:
    """A literal list of strings."""
    plain = constant(value)
    if value is None or not isinstance(plain, tuple) or not all(isinstance(word, str) for word in plain):
        return None
    return Fact(plain, value.source)


def amount(value: Value | None) -> Fact[Amount] | None:
    """A number with the expression that gives it."""
    if value is None or (isinstance(value, Constant) and value.value is None):
        return None
    known = number(value)
    whole = isinstance(value, Constant) and value.whole
    return Fact(Amount(value.text, known.value if known else None, whole), value.source)
