"""What a remedy changes, setting by setting, in words: `learning rate: 0.01 -> 0.0001`."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from valscope.nouns.trial import Change
from valscope.words.plain import count, listing, number, shorten
from valscope.words.recipe import trained
from valscope.words.setting import ABSENT, NAMES, PERCENT, STAGE, WORDS

# Values of these trees are the same settings: of the recipe itself, of the pipeline in use, of that in training.
_ROOTS = re.compile(r"^(?:recipe|pipeline|serving|served|training|trained)\.(?=\w)")
_INDEX = re.compile(r"\[(\d+)\]|\.(\d+)(?=\.|$)")
LONGEST = 160  # characters of a value that no table knows


@dataclass(frozen=True, slots=True)
class Row:
    """One changed setting in words."""

    name: str
    before: str
    after: str


def plain_name(setting: str) -> str:
    """The field's name as the recipe has it: no root, indices as `.0`."""
    return _INDEX.sub(lambda m: f".{m[1] or m[2]}", _ROOTS.sub("", setting.strip()))


def recipe_diff(changes: Sequence[Change]) -> list[Row]:
    """All changed settings in words."""
    return [row for change in told_once(changes) for row in _rows(change)]


def told_once(changes: Sequence[Change]) -> list[Change]:
    """Without the settings of layers that the recipe has of its own (the last activation), and without a whole
    architecture where anything else tells its change."""
    own = {(plain_name(c.setting).removeprefix("model."), c.after) for c in changes if not _of_layer(c)}
    left = [c for c in changes if not (_of_layer(c) and (c.setting.rsplit(".", 1)[-1], c.after) in own)]
    told = [c for c in left if plain_name(c.setting) != "model.config"]
    return told if any(plain_name(c.setting).startswith("model.") for c in told) else left


def _of_layer(change: Change) -> bool:
    return plain_name(change.setting).startswith("model.config.")


def told(changes: Sequence[Change]) -> str:
    """`learning rate: 0.01 -> 0.0001; class weights: 2 and 1 -> none`, "nothing" where nothing differs."""
    return "; ".join(sentence(row) for row in recipe_diff(changes)) or "nothing"


def instead(changes: Sequence[Change]) -> str:
    """`with learning rate 0.0001 instead of 0.01`, `without class weights`."""
    said = [
        f"without {row.name}"
        if row.after in ("none", "no")
        else f"with {row.name} {row.after} instead of {row.before}"
        for row in recipe_diff(changes)
    ]
    return " and ".join(said) or "with nothing changed"


def sentence(row: Row) -> str:
    """`learning rate: 0.01 -> 0.0001`."""
    return f"{row.name}: {row.before} -> {row.after}"


def value(text: str) -> Any:
    """The value that a text stands for: a number, True, None, a list; the text itself where it is only a word."""
    try:
        return literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return {"none": None, "yes": True, "no": False}.get(text.strip(), text)


def _rows(change: Change) -> Iterator[Row]:
    name = plain_name(change.setting)
    if name == "model.config":
        yield Row(NAMES[name], "own architecture", "changed architecture")
    else:
        yield Row(_title(name), words(name, change.before), words(name, change.after))


def _title(name: str) -> str:
    stage = re.fullmatch(r"stages\.(\d+)\.(\w+)", name)
    if stage is not None:
        return STAGE.get(stage[2], stage[2]) + ("" if stage[1] == "1" else f", stage {stage[1]}")
    layer = re.fullmatch(r"model\.config\.(.+)\.(\w+)", name)
    if layer is not None and layer[2] == "layer":
        return f"layer {shorten(layer[1], 40)}"
    if layer is not None:
        return f"{layer[2].replace('_', ' ')} of {shorten(layer[1], 40)}"
    return NAMES.get(name, shorten(name.replace("_", " "), 60))


def words(name: str, text: str) -> str:
    """A value of a setting (`plain_name`) as a person would say it."""
    if text in WORDS.get(name, {}):
        return WORDS[name][text][:1].lower() + WORDS[name][text][1:]
    found = value(text)
    if found is None:
        return ABSENT.get(name, "none")
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, int | float):
        return _amount(name, float(found))
    if name.endswith(".trains"):
        return trained(text)
    if isinstance(found, tuple | list) and found and all(isinstance(v, int | float) for v in found):
        return listing([number(float(v)) for v in found], most=6)
    return shorten(text, LONGEST)


def _amount(name: str, found: float) -> str:
    if name in PERCENT:
        return f"{100 * found:g} %" if found else "none"
    if name == "augmentation.rotate":
        return f"up to {360 * found:g}°" if found else "none"
    if name.endswith(".epochs"):
        return count(int(found), "epoch")
    return f"{found:g}"
