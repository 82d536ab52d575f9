"""Training and validation are slices that overlap.

What it does: finds in the code two parts of one array, list, frame or dataset whose bounds overlap, one of which trains
and one of which validates or tests.
Why it matters: the shared images were trained, so the score on them measures memory.
Instead: let the second part begin where the first ends: x_train = x[:800], x_val = x[800:].
Cannot tell: bounds that only the run gives; it then stays silent.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.case.shared_rows import shared_rows
from valscope.evidence.laws.overlap import Overlap
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Number, Outcome
from valscope.nouns.script import RowRange
from valscope.nouns.script.rows import Form
from valscope.worlds import World
from valscope.worlds.scripts import network

CODE, NAME = "S110", "slices_overlap"
NEEDS = ("training_code",)
FEW = 0.01  # of the images that score: so few change the score by less than a point
WORDS = {"validation": "validate", "test": "test", "train": "train"}


def check(case: Case) -> Iterator[Outcome]:
    """Once for a script, and not where the very same object trains and validates (S102) or rows are dealt anew (S111)."""
    for script in case.scripts:
        found = shared_rows(script)
        if found is not None:
            yield _finding(*found)


def _finding(trained: RowRange, scored: RowRange, shared: Overlap) -> Finding:
    part = shared.of_scored
    return Finding(
        CODE, NAME, "PROVED",
        f"{_words(trained)} and {_words(scored)}: {_shared(scored, shared)}.",
        numbers=_numbers(shared),
        evidence=tuple(dict.fromkeys((trained.source, scored.source))),
        explains=(WORSE_IN_USE,) if part == 1 else (),
        cannot_tell="the score on images that were not trained.",
        remedy="Let one part begin where the other ends.",
        next_step=_mended(trained, scored),
        weight=min(0.9, 0.3 + (0.6 if part is None else part)),
        minor=part is not None and part < FEW,
    )  # fmt: skip


def _words(part: RowRange) -> str:
    named = f"{part.name} = " if part.name and part.form != "all" else ""
    return f"{named}{_code(part)} {WORDS[part.use]}s in {lines_of([part.source])}"


def _code(part: RowRange) -> str:
    """As the code writes it."""
    lower, upper = part.written
    if part.form == "split":
        return f'split="{part.of}[{lower}:{upper}]"'
    if part.form in ("take", "skip"):
        return f"{part.of}.{part.form}({lower or upper})"
    return f"{part.of} as a whole" if part.form == "all" else f"{part.of}[{lower}:{upper}]"


def _shared(scored: RowRange, shared: Overlap) -> str:
    does = WORDS[scored.use]
    if shared.of_scored == 1:
        rows = f"all {shared.rows} rows" if shared.rows else "all rows"
        return f"{rows} that {does} are trained too"
    many = f", {shared.of_scored:.0%} of those that {does}" if shared.of_scored is not None else ""
    if shared.rows is not None:
        return f"{shared.rows} rows stand in both{many}"
    return (
        f"{f'{shared.of_all:.1%} of all rows' if shared.of_all is not None else 'rows'} stand in both{many}"
    )


def _numbers(shared: Overlap) -> dict[str, Number]:
    told = {"rows": shared.rows, "of_all": shared.of_all, "of_scored": shared.of_scored}
    return {name: value for name, value in told.items() if value is not None}


def _mended(trained: RowRange, scored: RowRange) -> str:
    """The line that cuts one part where the other ends."""
    whole = trained.form == "all"
    part, other = (trained, scored) if whole else (scored, trained)
    lower, upper = other.written
    bounds = (upper, "") if upper else ("", lower)
    line = _code(replace(other, written=bounds, form=_opposite(other.form)))
    return f"{part.name} = {line}" if part.name else f"{line}   in place of {_code(part)}"


def _opposite(form: Form) -> Form:
    return "skip" if form == "take" else "take" if form == "skip" else form


BOUNDS = (
    (":800", "700:"),
    (":-100", "-200:"),
    (":int(0.8 * len(x))", "int(0.7 * len(x)):"),
    ("200:", ":300"),
)
SOUND = ((":800", "800:"), (":-100", "-100:"), (":int(0.8 * len(x))", "int(0.8 * len(x)):"), ("200:", ":200"))
CUT = """
x_train, y_train = x[{0}], y[{0}]
x_val, y_val = x[{1}], y[{1}]
model.fit(x_train, y_train, epochs=9, validation_data=(x_val, y_val))"""


def sick(seed: int = 0) -> World:
    """The second slice begins before the first ends."""
    return World({"train.py": network(more=CUT.format(*BOUNDS[seed % 4]), seed=seed)})


def healthy(seed: int = 0) -> World:
    """The second slice begins where the first ends."""
    return World({"train.py": network(more=CUT.format(*SOUND[seed % 4]), seed=seed)})
