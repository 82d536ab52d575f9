"""An error or warning that the text shows, explained.

What it does: recognises the messages of Keras and TensorFlow about shapes, labels, losses and feeds.
Why it matters: they name the fault itself, in words that do not say so.
Instead: what the explanation says.
Cannot tell: what else is wrong once it runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post

CODE, NAME = "M120", "seen_error"
NEEDS = ("errors",)


def check(case: Case) -> Iterator[Outcome]:
    """Each error once."""
    for fact in case.errors:
        error = fact.value
        yield Finding(
            CODE, NAME, "PROVED", error.explanation,
            numbers={"error": error.code, **dict(error.numbers)},
            evidence=(fact.source,),
            cannot_tell="what else is wrong once this is mended.",
            remedy=error.remedy,
            next_step=error.remedy,
            weight=0.9,
        )  # fmt: skip


SHOWN = """It stops with

Traceback (most recent call last):
  File "train.py", line 9, in <module>
    {call}
{error}"""


def sick(seed: int = 0) -> World:
    """A column of class numbers against one-hot rows."""
    error = f"ValueError: Shapes (None, 1) and (None, {3 + seed % 8}) are incompatible"
    return post(SHOWN.format(call="model.fit(x, y)", error=error))


def healthy(seed: int = 0) -> World:
    """The user stopped it."""
    return post(SHOWN.format(call="main()", error="KeyboardInterrupt"))
