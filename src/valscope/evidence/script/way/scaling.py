"""What a chain of operations does to pixel values, by name: x / 255 is "unit", x / 127.5 - 1 "symmetric"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from valscope.nouns.script import ScaleName

# 1/256 for 1/255 and 128 for 127.5 are the same scale in effect: they differ by less than this share.
_NEAR = 0.006
_IMAGENET_MEAN = (0.485, 0.456, 0.406)
_IMAGENET_STD = (0.229, 0.224, 0.225)
_CAFFE_MEAN = (103.939, 116.779, 123.68)


@dataclass(frozen=True, slots=True)
class Scaling:
    """x -> x * factor + offset on what the reader gave, with values 0..`top` at the start; or a scale that is
    known by name only."""

    factor: float = 1.0
    offset: float = 0.0
    top: float = 255.0
    named: ScaleName | None = None
    touched: bool = False

    def times(self, number: float) -> Scaling:
        """Multiplied."""
        return self._then(factor=self.factor * number, offset=self.offset * number)

    def plus(self, number: float) -> Scaling:
        """Shifted."""
        return self._then(offset=self.offset + number)

    def shifted_by_channel(self, numbers: Sequence[float]) -> Scaling:
        """A constant for each channel added or subtracted."""
        if _alike([abs(number) for number in numbers], _CAFFE_MEAN) and self.factor == 1.0:
            return self.become("caffe")
        if _alike([abs(number) for number in numbers], _IMAGENET_MEAN) and self.name() == "unit":
            return replace(self, named="imagenet", touched=True)
        if len(set(numbers)) == 1:
            return self.plus(numbers[0])
        return self.become("other")

    def divided_by_channel(self, numbers: Sequence[float]) -> Scaling:
        """Divided by a constant for each channel."""
        if self.named == "imagenet" and _alike(numbers, _IMAGENET_STD):
            return self
        if len(set(numbers)) == 1 and numbers[0]:
            return self.times(1 / numbers[0])
        return self.become("other")

    def become(self, name: ScaleName) -> Scaling:
        """A scale of its own; "other" when values had been scaled before, because two do not make one."""
        if name == "unknown":
            return replace(self, named="unknown", touched=True)
        fresh = not self.touched or (name == "image_max" and self.named is None and self.offset == 0)
        return replace(self, named=name if fresh else "other", touched=True)

    def from_unit(self) -> Scaling:
        """The reader itself gives 0..1."""
        return replace(self, factor=self.factor / 255, touched=True)

    def name(self) -> ScaleName:
        """Name of the whole; "none" for bytes as they are."""
        if self.named is not None:
            return self.named
        if not self.touched:
            return "none"
        for name, factor, offset in _KNOWN:
            if _near(self.factor, factor) and abs(self.offset - offset) < _NEAR:
                return name
        return "other"

    def _then(self, factor: float | None = None, offset: float | None = None) -> Scaling:
        if self.named is not None:
            return replace(self, named="other")
        return replace(
            self,
            factor=self.factor if factor is None else factor,
            offset=self.offset if offset is None else offset,
            touched=True,
        )


_KNOWN: tuple[tuple[ScaleName, float, float], ...] = (
    ("none", 1.0, 0.0),
    ("unit", 1 / 255, 0.0),
    ("symmetric", 1 / 127.5, -1.0),
    ("centred", 1 / 128, -127 / 128),
)


def _near(value: float, wanted: float) -> bool:
    return abs(value - wanted) <= _NEAR * abs(wanted)


def _alike(numbers: Sequence[float], wanted: Sequence[float]) -> bool:
    """The same constants in either channel order, to the digits that people copy."""
    if len(numbers) != len(wanted):
        return False
    return any(
        all(abs(a - b) <= 0.01 * abs(b) for a, b in zip(numbers, order)) for order in (wanted, wanted[::-1])
    )
