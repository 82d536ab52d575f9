"""An error or warning that the text shows, explained.

What it does: recognises the messages of Keras and TensorFlow about shapes, labels, losses and feeds; quotes any other
exception in which a text without a finished epoch ends.
Why it matters: they name the fault itself, in words that do not say so.
Instead: what the explanation says.
Cannot tell: what else is wrong once it runs.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from valscope.case import Case
from valscope.nouns.fact import Source, lines_of
from valscope.nouns.finding import Finding, Outcome
from valscope.worlds import World, post

CODE, NAME = "M120", "seen_error"
NEEDS = ("errors",)


def check(case: Case) -> Iterator[Outcome]:
    """Each error once."""
    for fact in case.errors:
        error = fact.value
        if error.code == "stopped" and case.runs:
            continue  # another text shows epochs that ended
        places = _third_arguments(case) if error.code == "metrics_as_weights" else ()
        where = (
            f" {lines_of(places).capitalize()} {'does' if len(places) == 1 else 'do'} so." if places else ""
        )
        yield Finding(
            CODE, NAME, "PROVED", f"{error.explanation}{where}",
            numbers={"error": error.code, **dict(error.numbers)},
            evidence=(fact.source, *places),
            cannot_tell="what else is wrong once this is mended.",
            remedy=error.remedy,
            next_step=error.remedy,
            weight=0.9,
        )  # fmt: skip


def _third_arguments(case: Case) -> tuple[Source, ...]:
    """Calls of compile with three arguments without a name."""
    places = [c.source for s in case.scripts for c in s.compiles]
    return tuple(dict.fromkeys(place for place in places if _three(place.quote)))


def _three(quote: str) -> bool:
    try:
        (statement,) = ast.parse(quote.strip()).body
    except (SyntaxError, ValueError):  # not one whole call
        return False
    call = getattr(statement, "value", None)
    return isinstance(call, ast.Call) and len(call.args) >= 3


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
