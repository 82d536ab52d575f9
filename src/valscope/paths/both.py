"""Two ways with the tensors that they gave for the same files."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from valscope.nouns.path_difference import Gap
from valscope.paths.files import Chosen
from valscope.paths.tensors import Floats, Tensor, gap, tolerance
from valscope.paths.ways import Way


@dataclass(frozen=True)
class Both:
    """Everything that is known of both sides."""

    ways: tuple[Way, Way]
    tensors: tuple[list[Tensor], list[Tensor]]
    chosen: Chosen

    @property
    def files(self) -> tuple[str, ...]:
        """The files that went both ways."""
        return self.chosen.files

    @cached_property
    def first(self) -> list[Floats]:
        """Tensors of the first way."""
        return [t.values for t in self.tensors[0]]

    @cached_property
    def second(self) -> list[Floats]:
        """Tensors of the second way."""
        return [t.values for t in self.tensors[1]]

    @cached_property
    def within(self) -> float:
        """|difference| that is only rounding."""
        return tolerance(self.first, self.second)

    @cached_property
    def gap(self) -> Gap | None:
        """How far they lie apart."""
        return gap(self.first, self.second, self.files, self.within)

    @property
    def shapes(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Of the first image, as the ways gave it."""
        return self.tensors[0][0].shape, self.tensors[1][0].shape

    @property
    def one_size(self) -> bool:
        """Whether each way makes all images equally large."""
        return all(len({t.values.shape for t in side}) == 1 for side in self.tensors)

    def notes(self) -> tuple[str, ...]:
        """What a person should know beside the answer."""
        found = [note for way in self.ways for note in way.assumed]
        kinds = [side[0].dtype for side in self.tensors]
        if kinds[0] != kinds[1]:
            found.append(
                f"The numbers have the types {kinds[0]} and {kinds[1]}; they were compared as float32."
            )
        unreadable = self.chosen.unreadable
        if unreadable:
            found.append(
                f"{len(unreadable)} files are no readable images and were left out: {unreadable[0]}."
            )
        return tuple(dict.fromkeys(found))
