"""Metric names of one line: as printed to canonical."""

from __future__ import annotations

from functools import lru_cache

from valscope.evidence.words import meaning

_PREFIX = {"train": "", "val": "val_", "test": "test_"}


@lru_cache(maxsize=1024)
def columns(names: tuple[str, ...], part: str | None = None) -> tuple[str, ...]:
    """Canonical names of one line's measures, each used once.

    "acc" is "accuracy" and "val_categorical_accuracy" is "val_accuracy". A name without a part ("accuracy")
    belongs to training, except where `part` says otherwise, or where training is named on the line and
    the measure before it was validation's: fastai's train_loss, valid_loss, accuracy.
    """
    read = [meaning(name) for name in names]
    named_parts = {p for p, _, _ in read if p}
    taken = {_key(p, m) for p, m, rest in read if p and m and not rest}
    out: list[str] = []
    for name, (own, metric, rest) in zip(names, read, strict=True):
        if own and "train" in named_parts:
            part = own
        if metric is None or rest:
            key = _other(name, own, rest, metric)
        elif own:
            key = _key(own, metric)
        else:
            key = next((k for k in _guesses(part, metric, named_parts) if k not in taken), name)
        taken.add(key)
        out.append(_unused(key, name, out))
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
    words = [*rest, *([metric] if metric else [])] or [name.strip()]
    return _PREFIX[part or "train"] + "_".join(words)


def _unused(key: str, name: str, used: list[str]) -> str:
    if key not in used:
        return key
    copies = (f"{name}_{i}" for i in range(2, 1000))
    return name if name not in used else next(c for c in copies if c not in used)
