"""What was found out about two ways that part."""

from __future__ import annotations

from dataclasses import dataclass

from valscope.nouns.path_difference import Gap, PathStage
from valscope.nouns.preparation import Preparation


@dataclass(frozen=True, slots=True)
class Parting:
    """The stages, and what they leave.

    left       what the stages do not explain, None where nothing is left or nothing can be subtracted.
    explained  nothing is left.
    seen       the preparation that each side was recognised as, None where it was not.
    """

    stages: tuple[PathStage, ...]
    left: Gap | None
    explained: bool
    seen: tuple[Preparation | None, Preparation | None] = (None, None)
    notes: tuple[str, ...] = ()
