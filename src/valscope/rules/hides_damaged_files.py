"""Damaged files are read in silence.

What it does: finds LOAD_TRUNCATED_IMAGES = True.
Why it matters: Pillow then fills what is missing with grey; such an image is trained on and scored like any other.
Instead: find the damaged files once and mend or remove them.
Cannot tell: how many there are.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World
from valscope.worlds.scripts import network

CODE, NAME = "P106", "hides_damaged_files"
NEEDS = ("ways",)


def check(case: Case) -> Iterator[Outcome]:
    """By the way."""
    for script in case.scripts:
        for switch in script.switches:
            if switch.name == "LOAD_TRUNCATED_IMAGES" and switch.value.value in ("True", "1"):
                yield Finding(
                    CODE, NAME, "SUSPECTED",
                    f"LOAD_TRUNCATED_IMAGES = True in {lines_of([switch.value.source])} reads damaged files in silence, "
                    "their missing part filled with grey.",
                    evidence=(switch.value.source,),
                    cannot_tell="how many files are damaged.",
                    remedy="Leave it False and mend or remove the files that then fail.",
                    next_step="valscope train PHOTOS/   (names the damaged files before it trains)",
                    weight=0.1, minor=True,
                )  # fmt: skip
                break


def sick(seed: int = 0) -> World:
    """Pillow may fill what is missing."""
    return World(
        {
            "train.py": f"from PIL import ImageFile\nImageFile.LOAD_TRUNCATED_IMAGES = True\n{network(seed=seed)}"
        }
    )


def healthy(seed: int = 0) -> World:
    """Pillow may not."""
    return World(
        {
            "train.py": f"from PIL import ImageFile\nImageFile.LOAD_TRUNCATED_IMAGES = False\n{network(seed=seed)}"
        }
    )
