"""Names that people give to the training, validation and test parts, in folders and in table columns."""

from __future__ import annotations

import re

from valscope.nouns.dataset import Part

# Words for each part as they occur in public data sets; "eval" and "evaluation" mean the test part there.
_WORDS: dict[str, Part] = {
    "train": "train", "training": "train", "trn": "train", "fit": "train",
    "val": "val", "valid": "val", "validation": "val", "validate": "val", "dev": "val", "development": "val",
    "publictest": "val",
    "test": "test", "testing": "test", "tst": "test", "eval": "test", "evaluation": "test", "holdout": "test",
    "privatetest": "test",
}  # fmt: skip
_FILLER = "set|sets|data|dataset|images|image|imgs|img|pics|photos|files|split|part|folder|seg|my|new|the|all"
_NAME = re.compile(rf"(?:{_FILLER})*({'|'.join(sorted(_WORDS, key=len, reverse=True))})(?:{_FILLER})*")


def part_of(name: str) -> Part | None:
    """The part that a name stands for, whatever its case, separators, digits and fillers
    ("Training_Set", "x-val-images-2017", "test_set"), or None."""
    letters = re.sub(r"[^a-z]", "", name.lower())
    found = _NAME.fullmatch(letters)
    return _WORDS[found.group(1)] if found else None
