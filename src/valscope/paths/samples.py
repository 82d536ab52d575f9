"""A few files that stand for all, with what a way gives for them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.data.pixels.decode import read_bytes
from valscope.paths.files import JPEG, Kind
from valscope.paths.tensors import Floats

FEW = 5  # files that settings are tried on


@dataclass(frozen=True, slots=True)
class Sample:
    """A file and what a way gives for it."""

    file: str
    kind: Kind
    data: bytes
    tensor: Floats


def samples(files: Sequence[str], kinds: Sequence[Kind], tensors: Sequence[Floats]) -> list[Sample]:
    """The smallest file of each kind, FEW at most, and more of any to fill up."""
    by_size = sorted(range(len(files)), key=lambda i: kinds[i].pixels)
    groups: dict[tuple[bool, bool, bool], list[int]] = defaultdict(list)
    for i in by_size:
        groups[(kinds[i].turned, kinds[i].clear, kinds[i].format in JPEG)].append(i)
    first = [group[0] for group in groups.values()]
    rows = list(dict.fromkeys([*first, *by_size]))[:FEW]
    return [Sample(files[i], kinds[i], read_bytes(files[i]), tensors[i]) for i in rows]
