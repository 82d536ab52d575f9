"""Metric names of one line: as printed to canonical."""

from __future__ import annotations

from functools import lru_cache

from valscope.evidence.words import meaning

_PREFIX = {"train": "", "val": "val_", "test": "test_"}


@lru_cache(maxsize=1024)
def columns(names: tuple[str, ...], part: str | None = None) -> tuple[str, ...]:
    """Canonical names of one line's measures, each used once.

    "acc" is "accuracy" and "val_categorical_accuracy" is "val_accuracy". A name without a part ("accuracy")
    belongs to training, except where `part` says otherwise for the whole line, or where the line names its
    parts before its measures: "val Loss: 0.2 Acc: 0.9", or fastai's train_loss, valid_loss, accuracy.
    """
    read = [meaning(name) for name in names]
    named = {p for p, _, _ in read if p}
    carries = "train" in named or (bool(read) and read[0][0] is not None)
    whole_line = part is not None
    taken = {_key(p, m) for p, m, rest in read if p and m and not rest}
    reserved = set(taken)
    out: list[str] = []
    for name, (own, metric, rest) in zip(names, read, strict=True):
        if own and carries:
            part = own
        if metric is None or rest:
            key = _other(name, own or (part if whole_line else None), rest, metric)
        elif own:
            key = _key(own, metric)
        else:
            guesses = [_key(part, metric)] if part and whole_line else _guesses(part, metric, named)
            key = next((k for k in guesses if k not in taken), _other(name, part, rest, metric))
        taken.add(key)
        out.append(_unused(key, name, out, set() if own else reserved))
    return tuple(out)


def _key(part: str, metric: str) -> str:
    return _PREFIX[part] + metric


def _guesses(part: str | None, metric: str, named: set[str]) -> list[str]:
    """What a name without a part may mean, likeliest first."""
    first = [_key(part, metric)] if part else []
    return [*first, metric, *(_key(p, metric) for p in ("val", "test") if p in named)]


def _other(name: str, part: str | None, rest: tuple[str, ...], metric: str | None) -> str:
    """A measure that is not canonical: as printed, with val_ before it when it is validation's."""
    if name.isidentifier() and (part is None or name.startswith(_PREFIX[part])):
        return name
    if metric is None and not rest:
        return name
    words = [*rest, *([metric] if metric else [])] or [name.strip()]
    return _PREFIX[part or "train"] + "_".join(words)


def _unused(key: str, name: str, used: list[str], reserved: set[str]) -> str:
    copies = (f"{name}_{i}" for i in range(2, 1000))
    return next(c for c in (key, name, *copies) if c not in used and c not in reserved)
