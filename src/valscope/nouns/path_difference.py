"""Two ways from the same files to a network's input, compared without labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Source
from valscope.nouns.preparation import Preparation

# In the order of the way from a file to the tensor. "turn" is a rotation or mirror image of every picture;
# "dtype" whole numbers against fractions; "layout" the order of the axes of equal numbers.
Stage = Literal[
    "random", "decode", "EXIF orientation", "alpha", "colour", "size", "geometry", "resize", "axes", "turn",
    "channel order", "scale", "dtype", "layout", "unknown",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gap:
    """How far two sets of tensors lie apart, in the unit of the network's input.

    most   greatest |difference|;  file  where it is.
    mean   mean |difference| over all values of all files.
    share  of values that differ by more than the tolerance, 0..1.
    """

    most: float
    mean: float
    share: float
    file: str


@dataclass(frozen=True, slots=True)
class PathStage:
    """One stage at which the two ways part.

    first, second  what each does there, in words.
    gap            what this stage alone changes on the way from the first to the second; None where it changes the
                   shape, so that nothing can be subtracted.
    line           where code says it, None without code.
    """

    stage: Stage
    first: str
    second: str
    gap: Gap | None
    line: Source | None = None


@dataclass(frozen=True, slots=True)
class PathSide:
    """One of the two ways.

    name          file of a script or run, name of a function, or "preparation".
    shape         of one image as the network gets it;  dtype  of its numbers.
    low, high     least and greatest number over all files.
    preparation   known from the start, or the one that gives the same tensors; None where none does.
    recognised    the preparation was found from the tensors.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    low: float
    high: float
    preparation: Preparation | None = None
    recognised: bool = False


@dataclass(frozen=True, slots=True)
class PathPicture:
    """A file on both ways and the difference, each a "data:image/png;base64,..."; "" where the sizes differ."""

    file: str
    first: str
    second: str
    difference: str
    gap: Gap | None


@dataclass(frozen=True, slots=True)
class PathDifference:
    """The answer. It is a proof: the tensors themselves were compared.

    n          files that went both ways.
    gap        None where the shapes differ.
    tolerance  |difference| that is no more than rounding in float32.
    stages     in the order of the way, the first where they part first; () where they agree.
    left       what the stages leave unexplained, None where nothing can be subtracted.
    explained  the first way with these stages changed gives the second's tensors to within the tolerance.
    untested   stages at which none of the files could show a difference, one sentence each.
    """

    first: PathSide
    second: PathSide
    n: int
    gap: Gap | None
    tolerance: float
    stages: tuple[PathStage, ...]
    left: Gap | None
    explained: bool
    sentence: str
    pictures: tuple[PathPicture, ...] = ()
    untested: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    verdict: Literal["PROVED"] = "PROVED"

    @property
    def equal(self) -> bool:
        """Whether both ways give the network the same."""
        return not self.stages

    @property
    def exit_code(self) -> int:
        """0 for equal, 1 for different."""
        return 0 if self.equal else 1
