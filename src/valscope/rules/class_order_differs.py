"""Class names in another order than the class numbers.

What it does: compares a hand-written list of names with the order of the class numbers, which follows the sorted
folder names.
Why it matters: every prediction is then given a wrong name, and the model looks wrong that is right.
Instead: names from class_indices or class_names, saved beside the model.
Cannot tell: whether the list is used for naming predictions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from valscope.case import Case
from valscope.nouns.fact import Fact, Source
from valscope.nouns.finding import WORSE_IN_USE, Finding, Outcome
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.script import ClassOrder, ScriptFacts
from valscope.worlds import World, draw, post
from valscope.worlds.programs import using
from valscope.worlds.scripts import network

CODE, NAME = "P114", "class_order_differs"
NEEDS = ("written_orders", "class_numbers")
SUSPECT = "the order of the class names"


def check(case: Case) -> Iterator[Outcome]:
    """Against measured folders, class_indices, or what the text prints of them."""
    for script in case.scripts:
        for written in script.class_orders:
            for order in case.class_numbers:
                same = set(written.names) == set(order.value) and len(written.names) >= 2
                if not same or _numbers_by(script, written):
                    continue
                if written.kind == "hand_written" and written.used and written.names != order.value:
                    yield _finding(written.names, written.source, order)
                    return


def mend(served: Pipeline, trained: Pipeline) -> Pipeline | None:
    """The class numbers of training; for one score, which side of the threshold is which class."""
    decision = replace(served.decision, inverted=trained.decision.inverted)
    mended = served.but(order=trained.order, decision=decision)
    return mended if mended != served else None


def _numbers_by(script: ScriptFacts, written: ClassOrder) -> bool:
    """Whether training itself may number its classes by this list: it stands before the fit of its file, and no feed
    numbers them by sorted folders."""
    feeds = any(f.directory is not None and f.classes is None for f in script.feeds)
    place = written.source
    fits = [f.source for f in script.fits if f.source.file == place.file]
    return not feeds and any((place.line or 0) < (fit.line or 0) for fit in fits)


def _finding(names: tuple[str, ...], place: Source, order: Fact[tuple[str, ...]]) -> Finding:
    at = next(i for i, (a, b) in enumerate(zip(names, order.value)) if a != b)
    wrong = sum(a != b for a, b in zip(names, order.value))
    return Finding(
        CODE, NAME, "PROVED",
        f"The list of names is not in the order of the class numbers: number {at} is {order.value[at]!r} and the list "
        f"calls it {names[at]!r}; {wrong} of {len(names)} names are wrong.",
        numbers={"wrong": wrong, "classes": len(names)},
        evidence=(place, order.source),
        explains=(WORSE_IN_USE,),
        cannot_tell="whether predictions are named by this list.",
        remedy="Take the names from class_indices (or class_names) and save them with the model.",
        next_step=f"{_variable(place)} = {list(order.value)!r}",
        weight=0.85,
    )  # fmt: skip


def _variable(place: Source) -> str:
    """What the code calls the list."""
    found = re.match(r"\s*([^\W\d]\w*)\s*=(?!=)", place.quote)
    return found[1] if found else "class_names"


NAMES = ("cat", "dog", "owl")


def sick(seed: int = 0) -> World:
    """Two names have changed places."""
    return _named(NAMES[1:] + NAMES[:1] if seed % 2 else (NAMES[1], NAMES[0], NAMES[2]), seed)


def healthy(seed: int = 0) -> World:
    """The names in the order of their numbers."""
    return _named(NAMES, seed)


def _named(names: tuple[str, ...], seed: int) -> World:
    numbers = {name: i for i, name in enumerate(NAMES)}
    use = f"names = {list(names)}\nprint(names[model.predict(x).argmax()])"
    return post(f"print(train.class_indices)\n\n{numbers}", network(more=use, seed=2 * seed))


def sick_program(seed: int = 0) -> World:
    """Prediction has its own list of names."""
    return _listed('["cedar", "birch", "beech"]', seed)


def healthy_program(seed: int = 0) -> World:
    """In the order of the folders."""
    return _listed('["beech", "birch", "cedar"]', seed)


def _listed(names: str, seed: int) -> World:
    return using(draw.bars(seed, (120, 120, 120), side=32), seed, names=names)
