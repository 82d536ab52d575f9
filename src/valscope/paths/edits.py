"""Known edits of a tensor: turned, mirrored, axes exchanged, channels in another order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from valscope.nouns.path_difference import Stage
from valscope.paths.tensors import Floats


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit of all tensors; `first` and `second` say what the two ways do that differ by it."""

    stage: Stage
    first: str
    second: str
    change: Callable[[Floats], Floats]


_ARRANGED = (
    Edit("axes", "height x width", "rows and columns exchanged", lambda x: x.swapaxes(0, 1)),
    Edit("turn", "as it is", "mirrored left to right", lambda x: x[:, ::-1]),
    Edit("turn", "as it is", "upside down (mirrored)", lambda x: x[::-1]),
    Edit("turn", "as it is", "turned by 180 degrees", lambda x: x[::-1, ::-1]),
    Edit("turn", "as it is", "turned by 90 degrees to the left", lambda x: np.rot90(x)),
    Edit("turn", "as it is", "turned by 90 degrees to the right", lambda x: np.rot90(x, -1)),
)
_RESHAPED = Edit(
    "axes", "height x width", "reshaped to width x height, which scrambles the rows", lambda x: x
)
BGR = Edit("channel order", "RGB", "BGR", lambda x: x[..., ::-1])


def arrangements(first: Sequence[Floats], second: Sequence[Floats]) -> Iterator[Edit | None]:
    """Edits after which the first set has the shapes of the second; None is no edit."""
    if _fits(first, second):
        yield None
    for edit in _ARRANGED:
        if _fits([edit.change(x) for x in first[:3]], second[:3]):
            yield edit
    one, other = first[0].shape, second[0].shape
    if one[0] != one[1] and one[:2] == other[1::-1] and one[2] == other[2]:
        yield Edit("axes", _RESHAPED.first, _RESHAPED.second, lambda x: x.reshape(other))


def orders(first: Sequence[Floats]) -> Iterator[Edit | None]:
    """Channel orders."""
    yield None
    if first[0].shape[2] == 3:
        yield BGR


def _fits(first: Sequence[Floats], second: Sequence[Floats]) -> bool:
    return all(a.shape == b.shape for a, b in zip(first, second))
