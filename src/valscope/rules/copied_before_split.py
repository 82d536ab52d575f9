"""Images are multiplied before they are divided into training and validation.

What it does: finds in the code rows that are drawn again (oversampling), repeated or put beside changed copies of
themselves, and divided only afterwards.
Why it matters: copies of one image then stand on both sides, and validation rewards that training remembers them.
Instead: divide first, then multiply the training part alone.
Cannot tell: how many points of the accuracy are due to it; a division that keeps copies together has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import Finding, Number, Outcome
from valscope.nouns.script import Copied
from valscope.worlds import World
from valscope.worlds.scripts import network

CODE, NAME = "S109", "copied_before_split"
NEEDS = ("training_code",)
WORDS = {
    "drawn again": "draws rows with replacement", "repeated": "repeats every row",
    "beside its original": "puts changed copies of rows beside them", "interpolated": "puts new rows between old ones",
}  # fmt: skip
# For items of any shape: what multiplies rows of numbers (RandomOverSampler, SMOTE) takes no images.
CALLS = {
    "drawn again": "rows = np.concatenate([np.resize(np.flatnonzero({y} == c), np.bincount({y}).max()) for c in "
                   "np.unique({y})]); {x}, {y} = {x}[rows], {y}[rows]",
    "repeated": "{x}, {y} = np.repeat({x}, {times}, axis=0), np.repeat({y}, {times}, axis=0)",
    "beside its original": "{x}, {y} = np.concatenate([{x}, changed]), np.concatenate([{y}, {y}])   "
                           "(changed: {x} with what {line} does to each image)",
    "interpolated": "flat, {y} = {by}().fit_resample({x}.reshape(len({x}), -1), {y}); "
                    "{x} = flat.reshape(-1, *{x}.shape[1:])",
}  # fmt: skip


def check(case: Case) -> Iterator[Outcome]:
    """Once for a script: what was divided first."""
    for script in case.scripts:
        if script.copied:
            yield _finding(script.copied[0])


def _finding(found: Copied) -> Finding:
    share = _share(found)
    stands = f"about {share:.0%} of the rows held out have a copy in training" if share else (
        "copies of one image stand on both sides"
    )  # fmt: skip
    return Finding(
        CODE, NAME, "PROVED" if share else "SUSPECTED",
        f"Rows are multiplied before they are divided: {found.by} in {lines_of([found.source])} {WORDS[found.how]}, "
        f"{found.split} in {lines_of([found.split_source])} divides them afterwards, so {stands}.",
        numbers=_numbers(found, share),
        evidence=tuple(dict.fromkeys((found.source, found.split_source))),
        cannot_tell="how much too good the score is.",
        remedy="Divide first, then multiply the training part alone; validation keeps each image once.",
        next_step=_next(found),
        weight=0.8 if share else 0.6,
    )  # fmt: skip


def _next(found: Copied) -> str:
    """In the user's own names where the division gives them; on the training part, labels with their images."""
    line = lines_of([found.source])
    if len(found.parts) == 4:
        x, _, y, _ = found.parts
        first = f"{found.split} ({lines_of([found.split_source])}) on the rows as they are before {line}"
    else:
        x, y = "x_train", "y_train"
        first = f"divide the rows as they are before {line} into x_train, y_train and x_val, y_val"
    by = found.by if found.by.isidentifier() else "SMOTE"
    return f"{first}; then  {CALLS[found.how].format(x=x, y=y, times=found.times or 2, by=by, line=line)}"


def _share(found: Copied) -> float | None:
    """The share of rows held out that have one of their `times - 1` copies among those that train."""
    if found.times is None or found.held is None or not found.drawn:
        return None
    return 1 - found.held ** (found.times - 1)


def _numbers(found: Copied, share: float | None) -> dict[str, Number]:
    numbers: dict[str, Number] = {"by": found.by, "split": found.split}
    if found.times is not None:
        numbers["times"] = found.times
    return numbers | ({"with_copy": round(share, 4)} if share else {})


BEFORE = (
    "from imblearn.over_sampling import RandomOverSampler\nx, y = RandomOverSampler().fit_resample(x, y)",
    "x, y = np.concatenate([x, x[:, :, ::-1]]), np.concatenate([y, y])",
    "x, y = np.repeat(x, 3, axis=0), np.repeat(y, 3, axis=0)",
    "rare = np.where(y == 2)[0]\nx, y = np.concatenate([x, x[rare]]), np.concatenate([y, y[rare]])",
)
DIVIDE = "x_train, x_val, y_train, y_val = train_test_split(x, y, test_size=0.2, stratify=y)"
FIT = "model.fit(x_train, y_train, epochs=9, validation_data=(x_val, y_val))"


def sick(seed: int = 0) -> World:
    """Rows are multiplied, then divided."""
    return World({"train.py": network(more="\n".join((BEFORE[seed % 4], DIVIDE, FIT)), seed=seed)})


def healthy(seed: int = 0) -> World:
    """Rows are divided, and those that train are multiplied."""
    after = BEFORE[seed % 4]
    for name in ("x", "y"):
        after = re.sub(rf"\b{name}\b", f"{name}_train", after)
    return World({"train.py": network(more="\n".join((DIVIDE, after, FIT)), seed=seed)})
