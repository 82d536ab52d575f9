"""Parts that a loader cuts off by itself: subset="training", validation_split=0.2."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valscope.nouns.fact import Fact, Source
from valscope.nouns.script.feeding import FeedKind, Use

Part = Literal["training", "validation", ""]


@dataclass(frozen=True, slots=True)
class Subset:
    """Images of a folder, a frame or an array that one loader gives.

    use     what they are used for: by the training call that gets them, else by the part that they are.
    by      what loads them.
    base    number of what they were cut from, the same for the same folder;  of  that as the code writes it.
    part    the part that is named, "" where all of it is asked for.
    share   validation_split in force.
    mixed   whether files are put into the order of a seed before they are cut; None when unknown. Generators never do.
    seed    that seed where it is a number;  seed_at  the number of its value, None where none is given;  draws  the
            call that draws one, "" for none.
    call    the training call that gets them, None where only the part says what they are for; `turn` as in `RowRange`.
    """

    use: Use
    by: FeedKind
    base: int
    of: str
    part: Part
    source: Source
    share: Fact[float] | None = None
    mixed: bool | None = None
    seed: Fact[int] | None = None
    seed_at: int | None = None
    draws: str = ""
    call: Source | None = None
    turn: int = 0
