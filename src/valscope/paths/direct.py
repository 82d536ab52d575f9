"""Which known edits map the tensors of one way onto those of the other, without knowing how either was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from valscope.nouns.path_difference import PathStage, Stage
from valscope.paths.edits import Edit, arrangements, orders
from valscope.paths.scales import Map, fitted, pairs
from valscope.paths.tensors import Floats, gap, tolerance
from valscope.paths.words import SCALES

FORMULA = "x"  # what is said of the first way where the second is a formula of it
THIN = 4096  # values of an image that are enough to reject an edit


@dataclass(frozen=True, slots=True)
class Change:
    """One edit with the words of both sides."""

    stage: Stage
    first: str
    second: str
    apply: Callable[[Floats], Floats]


def direct(first: Sequence[Floats], second: Sequence[Floats], files: Sequence[str]) -> tuple[PathStage, ...]:
    """The fewest known edits that make the first set equal to the second; () where none do."""
    found = sorted(_explanations(first, second), key=len)
    return _measured(found[0], first, second, files) if found else ()


def _explanations(first: Sequence[Floats], second: Sequence[Floats]) -> Iterator[list[Change]]:
    for arranged in arrangements(first, second):
        moved = first if arranged is None else [arranged.change(x) for x in first]
        for order in orders(first):
            given = moved if order is None else [order.change(x) for x in moved]
            values = _scaled(given, second)
            if values is not None:
                yield [_edit(e) for e in (arranged, order) if e is not None] + values


def _edit(edit: Edit) -> Change:
    return Change(edit.stage, edit.first, edit.second, edit.change)


def _scaled(first: Sequence[Floats], second: Sequence[Floats]) -> list[Change] | None:
    """The changes of value that are left: none, one affine map, a scale of each image's own, whole numbers. None
    where values do not correspond."""
    if _same(first, second):
        return []
    own = _own(first, second)
    if own is not None:
        return own
    whole = fitted(_thinned(first), _thinned(second))
    tried: list[tuple[str, str, Map]] = [
        (SCALES[one], SCALES[other], exact) for one, other, exact in pairs(whole, first) if not exact.identity
    ]
    mapped = next((change for change in map(_mapped, tried) if _leads(change, first, second)), None)
    found = mapped or _rounded(first, second)
    if found is not None:
        return [found]
    formula = _mapped((FORMULA, whole.words, whole))
    return [formula] if _leads(formula, first, second) else None


def _mapped(named: tuple[str, str, Map]) -> Change:
    one, other, exact = named
    return Change("scale", one, other, lambda x: np.asarray(exact(x), np.float32))


def _leads(change: Change, first: Sequence[Floats], second: Sequence[Floats]) -> bool:
    return _same([change.apply(x) for x in first], second)


def _own(first: Sequence[Floats], second: Sequence[Floats]) -> list[Change] | None:
    """A scale that depends on the image, on either side."""
    if len(first) < 2:
        return None
    for stage, apply in (("image_max", _by_maximum), ("image_std", _by_deviation)):
        if _same([apply(x) for x in first], second):
            return [Change("scale", "one scale for all images", SCALES[stage], apply)]
        if _same([apply(x) for x in second], first):
            return [Change("scale", SCALES[stage], "one scale for all images", lambda x: x)]
    return None


def _by_maximum(x: Floats) -> Floats:
    return x / np.float32(max(float(x.max()), 1e-12))


def _by_deviation(x: Floats) -> Floats:
    return np.asarray((x - x.mean()) / np.float32(max(float(x.std()), 1e-12)))


def _rounded(first: Sequence[Floats], second: Sequence[Floats]) -> Change | None:
    """Whole numbers on one side, fractions on the other."""
    for words, apply in (("rounded to whole numbers", np.rint), ("fractions cut off", np.trunc)):
        if _same([apply(x) for x in first], second):
            return Change("dtype", "fractions kept", words, apply)
        if _same([apply(x) for x in second], first):
            return Change("dtype", words, "fractions kept", lambda x: x)
    return None


def _thinned(tensors: Sequence[Floats]) -> list[Floats]:
    """A few rows of values of each image, the same in both sets."""
    step = max(1, tensors[0].shape[0] * tensors[0].shape[1] // THIN)
    return [x.reshape(-1, x.shape[-1])[::step] for x in tensors]


def _same(first: Sequence[Floats], second: Sequence[Floats]) -> bool:
    within = tolerance(second)
    few = [x.reshape(-1)[::97] for x in first[:2]], [x.reshape(-1)[::97] for x in second[:2]]
    if any(np.abs(a - b).max(initial=0.0) > within for a, b in zip(*few)):
        return False
    return all(np.abs(a - b).max(initial=0.0) <= within for a, b in zip(first, second))


def _measured(
    changes: Sequence[Change], first: Sequence[Floats], second: Sequence[Floats], files: Sequence[str]
) -> tuple[PathStage, ...]:
    """The stages with what each changes; after the last the tensors are those of the second way."""
    stages = []
    now = list(first)
    for at, change in enumerate(changes, 1):
        then = list(second) if at == len(changes) else [change.apply(x) for x in now]
        within = min(tolerance(now), tolerance(then))
        stages.append(PathStage(change.stage, change.first, change.second, gap(now, then, files, within)))
        now = then
    return tuple(stages)
