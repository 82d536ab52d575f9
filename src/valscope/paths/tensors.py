"""What a way gives the network, brought to one form, and how far two of them lie apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valscope.errors import DataError
from valscope.nouns.path_difference import Gap

Floats = NDArray[np.float32]
# Of the greatest value: a hundred times what float32 loses in x / 255 against x * (1 / 255), and a four-hundredth
# of one grey level.
RELATIVE = 1e-5


@dataclass(frozen=True, slots=True)
class Tensor:
    """One image as the network gets it.

    values  float32 (height, width, channels).
    shape, dtype  as the way gave it, without a batch of one.
    """

    values: Floats
    shape: tuple[int, ...]
    dtype: str

    @property
    def turned_over(self) -> bool:
        """The channels came first."""
        return len(self.shape) == 3 and self.shape != self.values.shape


def tensor(given: Any, name: str, file: str) -> Tensor:
    """Any array-like as a Tensor. Raises DataError where it is no image."""
    try:
        raw = np.asarray(given)
        values = raw.astype(np.float32)
    except (TypeError, ValueError) as error:
        raise DataError(f"{name} gives no array of numbers for {file}: {_short(error)}.") from None
    while values.ndim > 3 and values.shape[0] == 1:
        raw, values = raw[0], values[0]
    shape = tuple(int(side) for side in raw.shape)
    if values.ndim == 2:
        values = values[:, :, None]
    if values.ndim != 3 or 0 in values.shape:
        raise DataError(
            f"{name} gives an array of shape {shape} for {file}; a way must give one image, (height, width, channels)."
        )
    if values.shape[0] in (1, 3) and values.shape[2] not in (1, 3):
        values = values.transpose(1, 2, 0)
    return Tensor(np.ascontiguousarray(values), shape, str(raw.dtype))


def tolerance(*sets: Sequence[Floats]) -> float:
    """|difference| between tensors of this size that is only rounding."""
    greatest = max(
        (float(np.abs(x[np.isfinite(x)]).max(initial=0.0)) for xs in sets for x in xs), default=0.0
    )
    return RELATIVE * greatest


def gap(first: Sequence[Floats], second: Sequence[Floats], files: Sequence[str], within: float) -> Gap | None:
    """How far two sets lie apart; None where a shape differs. Numbers that are not finite lie infinitely far from
    others and at no distance from their like."""
    most, where, total, beyond, values = 0.0, files[0], 0.0, 0, 0
    for a, b, file in zip(first, second, files, strict=True):
        if a.shape != b.shape:
            return None
        apart = distance(a, b)
        greatest = float(apart.max())
        if greatest > most:
            most, where = greatest, file
        total += float(apart.sum())
        beyond += int((apart > within).sum())
        values += apart.size
    return Gap(most, total / values, beyond / values, where)


def distance(a: Floats, b: Floats) -> NDArray[np.float64]:
    """|a - b|, infinite where only one is finite."""
    with np.errstate(invalid="ignore"):
        apart = np.abs(a.astype(np.float64) - b)
    like = (a == b) | (np.isnan(a) & np.isnan(b))
    return np.where(like, 0.0, np.where(np.isfinite(apart), apart, np.inf))


def _short(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:160]
