"""Training and validation are divided anew, so that images change sides.

What it does: finds in the code take and skip behind a shuffle that every pass makes again, and subset="training" and
subset="validation" that are cut from two orders of the same files or at two places.
Why it matters: images that validate are trained too, and the score on them measures memory.
Instead: shuffle once before dividing (reshuffle_each_iteration=False), one seed for both subsets, or subset="both".
Cannot tell: divisions by filter or shard, and what two calls of a function of one's own draw.
"""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case import Case
from valscope.case.redrawn import cut_twice, dealt_parts, passes, share_of_all
from valscope.evidence.laws.dealing import crossed, trained_by
from valscope.evidence.laws.subsets import Common
from valscope.nouns.fact import lines_of
from valscope.nouns.finding import WORSE_IN_USE, Finding, Number, Outcome
from valscope.nouns.script import RowRange, ScriptFacts, Subset
from valscope.worlds import World
from valscope.worlds.divided import FLOWING, LOADED, TAKEN, divided

CODE, NAME = "S111", "reshuffled_split"
NEEDS = ("training_code",)
FOLDER = "image_dataset_from_directory"
FEW = 0.01  # of the images that score: so few change the score by less than a point
BOTH = f'train_ds, val_ds = {FOLDER}(folder, validation_split=0.2, subset="both", seed=1)'
SCORES = {"validation": "validate", "test": "test"}


def check(case: Case) -> Iterator[Outcome]:
    """Once for a script, and not where bounds alone show that rows stand in both parts (S110)."""
    for script in case.scripts:
        dealt, cut = dealt_parts(script), cut_twice(script)
        if dealt is not None:
            yield _dealt(script, *dealt)
        elif cut is not None:
            yield _cut(*cut)


def _dealt(script: ScriptFacts, trained: RowRange, scored: RowRange) -> Finding:
    last, does = trained.dealt[0], SCORES[scored.use]
    numbers, amount = _amount(script, trained, does)
    parts = f"{_called(trained)} and {_called(scored)} are cut from it in {lines_of([trained.source, scored.source])}"
    folder = any(one.by == FOLDER for one in trained.dealt)
    order = ".shuffle(n, seed=1, reshuffle_each_iteration=False)   before take and skip"
    return Finding(
        CODE, NAME, "PROVED" if last.whole or last.buffer else "SUSPECTED",
        f"{last.by} in {lines_of([last.source])} shuffles again at every pass, and {parts}: images that {does} in one "
        f"epoch train in another{amount}.",
        numbers=numbers,
        evidence=tuple(dict.fromkeys((last.source, trained.source, scored.source))),
        cannot_tell="how much too good the score is.",
        remedy="Shuffle once before dividing, or divide first and shuffle the training part alone.",
        next_step=BOTH if folder else f"list_files(pattern, shuffle=False){order}" if last.by == "list_files" else order,
        weight=0.6 if last.by == FOLDER else 0.8,
    )  # fmt: skip


def _amount(script: ScriptFacts, trained: RowRange, does: str) -> tuple[dict[str, Number], str]:
    last, share, epochs = trained.dealt[0], share_of_all(trained), passes(script, trained)
    of_those = f"of those that {does} have been trained" + (f" by epoch {epochs}" if epochs > 1 else "")
    if share is not None and last.whole:
        part = trained_by(share, epochs)
        return {"of_scored": round(part, 4)}, f", and about {part:.0%} {of_those}"
    if share is not None and last.by != FOLDER and last.buffer is not None:
        many = f"{trained_by(share, epochs):.0%} {of_those} where its buffer of {last.buffer:,} holds all"
        return {"buffer": last.buffer}, f", and about {many}"
    if last.by == FOLDER and last.buffer is not None:
        many = f"{crossed(last.buffer, epochs):,.0f} {of_those} where each part holds more than that"
        return {"buffer": last.buffer}, f"; it draws among {last.buffer:,} images at a time, so about {many}"
    return {"buffer": last.buffer} if last.buffer else {}, ""


def _called(part: RowRange) -> str:
    lower, upper = part.written
    return part.name or f"{part.of}.{part.form}({lower or upper})"


def _cut(trained: Subset, scored: Subset, shared: Common) -> Finding:
    share, lines = shared.share, tuple(dict.fromkeys((trained.source, scored.source)))
    about = "" if shared.why in ("shares", "part", "whole") else "about "
    many = f"{about}{share:.0%} of the images" if share is not None else "images"
    return Finding(
        CODE, NAME, "SUSPECTED" if shared.why == "draws" else "PROVED",
        f"{_reason(trained, scored, shared)} ({lines_of(lines)}): {many} that validate are trained too.",
        numbers={"why": shared.why} | ({"of_scored": round(share, 4)} if share is not None else {}),
        evidence=lines,
        explains=(WORSE_IN_USE,) if share == 1 else (),
        cannot_tell="the score on images that were not trained.",
        remedy="Cut both parts from one order at one place: the same seed, the same shuffle and the same validation_split.",
        next_step=BOTH if trained.by == FOLDER else _generators(trained, scored),
        weight=min(0.9, 0.3 + 0.6 * (share or 0.5)),
        minor=share is not None and share < FEW,
    )  # fmt: skip


def _reason(trained: Subset, scored: Subset, shared: Common) -> str:
    one, other = _part(trained), _part(scored)
    if shared.why == "order":
        first, second = (one, other) if trained.mixed else (other, one)
        return f"{trained.by} shuffles the files before it cuts {first} and does not before it cuts {second}"
    if shared.why == "seeds" and trained.seed is not None and scored.seed is not None:
        seeds = f"seed={trained.seed.value} and {other} with seed={scored.seed.value}"
        return f"{trained.by} draws {one} with {seeds}, so the files are cut in two orders"
    if shared.why == "draws":
        return f"{trained.by} draws {one} and {other} with seeds of their own ({trained.draws} in each call)"
    if shared.why == "shares" and trained.share is not None and scored.share is not None:
        return f"{one} is cut by validation_split={trained.share.value:g}, {other} by {scored.share.value:g}"
    return f"{one} of {trained.of} trains and {other} of it validates"


def _part(one: Subset) -> str:
    return f'subset="{one.part}"' if one.part else "all"


def _generators(trained: Subset, scored: Subset) -> str:
    share = trained.share or scored.share
    given = f"{share.value:g}" if share is not None else "0.2"
    return f'ImageDataGenerator(validation_split={given}) for both, with subset="training" and subset="validation"'


SPLIT = "validation_split=0.2"
ILL = (
    (TAKEN, "", ""),
    (LOADED, f"{SPLIT}, seed=1", f"{SPLIT}, seed=2"),
    (LOADED, f"{SPLIT}, seed=1", f"{SPLIT}, seed=1, shuffle=False"),
    (FLOWING, "validation_split=0.1", SPLIT),
)
SOUND = (
    (TAKEN, ", reshuffle_each_iteration=False", ""),
    (LOADED, f"{SPLIT}, seed=1", f"{SPLIT}, seed=1"),
    (LOADED, f"{SPLIT}, seed=1, shuffle=True", f"{SPLIT}, seed=1"),
    (FLOWING, SPLIT, SPLIT),
)


def sick(seed: int = 0) -> World:
    """A shuffle of every pass before take and skip, two seeds, one order and none, or two shares."""
    return World({"train.py": divided(*ILL[seed % 4], seed=seed)})


def healthy(seed: int = 0) -> World:
    """One order and one place to cut."""
    return World({"train.py": divided(*SOUND[seed % 4], seed=seed)})
