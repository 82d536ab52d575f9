"""A printed summary that is not of the code beside it, or two summaries of different networks.

What it does: recomputes shapes and parameters from the layers, and holds summary and code against one another.
Why it matters: what is compared is then not what was changed.
Instead: print the summary of the very model that is trained.
Cannot tell: which of the two was trained.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.nouns.summary import Contradiction
from valscope.worlds import World, post

CODE, NAME = "M109", "summary_contradicts"
NEEDS = ("summaries",)
PLAIN = re.compile(r"Conv|Pool|Dense|Flatten")
BETWEEN = {
    "summary": "The printed summary contradicts itself",
    "summary-code": "The printed summary is not of the code beside it",
    "summary-summary": "The two summaries are two different networks",
}


def check(case: Case) -> Iterator[Outcome]:
    """One finding for each pair that disagrees, with all its contradictions."""
    for between in BETWEEN:
        found = [c for c in case.contradictions if c.between == between and _counts(c)]
        if found:
            yield _finding(found)


def _counts(contradiction: Contradiction) -> bool:
    """Layers of image networks only, and not a table printed before the last layers were added. Recurrent layers
    count parameters differently from version to version; what merges branches is seldom told whole."""
    if contradiction.between == "summary-code" and contradiction.kind in ("layers", "activation"):
        return False
    whole = contradiction.between == "summary-summary" or contradiction.kind == "total"
    return whole or any(PLAIN.search(s.quote) for s in contradiction.sources)


def _finding(found: list[Contradiction]) -> Finding:
    between = found[0].between
    return Finding(
        CODE, NAME, "PROVED",
        f"{BETWEEN[between]}: {_list(found)}.",
        numbers={"contradictions": len(found), "between": between},
        evidence=tuple(dict.fromkeys(s for c in found for s in c.sources))[:8],
        cannot_tell="which of them was trained.",
        remedy="Print model.summary() of the model that is fitted, right before fit.",
        next_step="valscope diagnose REPORT model.keras   (the saved model says what was trained)",
        weight=0.0 if between == "summary-summary" else 0.45, minor=between == "summary-summary",
    )  # fmt: skip


def _list(found: list[Contradiction]) -> str:
    """The first four, each once, without repeating the heading."""
    said = (c.claim.rstrip(".").removeprefix(f"{BETWEEN[c.between]}: ") for c in found)
    return "; ".join(list(dict.fromkeys(said))[:4])


CODE_SHOWN = """model = Sequential()
model.add(Conv2D(8, (3, 3), input_shape=(64, 64, 3), activation='relu'))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dense({classes}, activation='softmax'))
"""
RULER = "_" * 65
TABLE = f"""{RULER}
Layer (type)                 Output Shape              Param #
{"=" * 65}
conv2d_1 (Conv2D)            (None, 62, 62, 8)         224
{RULER}
max_pooling2d_1 (MaxPooling2 (None, @side, @side, 8)         0
{RULER}
flatten_1 (Flatten)          (None, @flat)            0
{RULER}
dense_1 (Dense)              (None, @classes)                 @dense
{"=" * 65}
Total params: @total
Trainable params: @total
Non-trainable params: 0
{RULER}"""


def sick(seed: int = 0) -> World:
    """The table is of a network that pools by three."""
    return _shown(20, 2 + seed % 9)


def healthy(seed: int = 0) -> World:
    """The table is of the code."""
    return _shown(31, 2 + seed % 9)


def _shown(side: int, classes: int) -> World:
    flat = side * side * 8
    dense = classes * flat + classes
    values = {"side": side, "flat": flat, "classes": classes, "dense": dense, "total": f"{dense + 224:,}"}
    table = TABLE
    for name, value in values.items():
        table = table.replace(f"@{name}", str(value))
    return post(CODE_SHOWN.format(classes=classes), table)
