"""Items that belong together by their names: copies made by augmentation, frames of a film, one patient."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal, cast

from valscope.errors import UsageError

# Endings that augmentation tools and file managers add to the name of the picture they copied.
_NUMBER = r"(?:[\s_.-]*\d{1,3}(?:deg)?)?"
_WORD = (
    r"(?:(?:h|v|lr|tb|ud|horizontal|vertical)[_-]?)?(?:flip(?:ped)?|mirror(?:ed)?)(?:[_-]?(?:h|v|lr|tb|ud|hv))?"
    r"|rot(?:at(?:ed?|ion))?|aug(?:mented)?|copy|new|jitter|noisy?|blur(?:red)?|bright(?:er|ness)?|darker"
    r"|crop(?:ped)?|zoom(?:ed)?|shift(?:ed)?|shear(?:ed)?|gr[ae]yscale"
)
_SUFFIX = re.compile(
    rf"(?:(?:[\s_.-]+(?:{_WORD}){_NUMBER}(?:{_WORD})?)|[\s_-]+\d{{2,3}}deg|[_.-]jpe?g[_.]rf[_.][0-9a-f]{{32}})$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"\s?\(\d{1,2}\)$")  # "leaf (1)", as file managers name a second download
_FRAME = re.compile(r"^(.*?[a-z0-9].*?)[\s_.-]*(?:frame|frm)[\s_.-]*\d+$", re.IGNORECASE)
_BEARER = re.compile(
    r"(?:^|[^a-z])((?:patient|subject|person|participant|user|video|clip|scene)[\s_-]?\d+)(?!\d)",
    re.IGNORECASE,
)
COPIES = 40  # more copies of one picture than augmentation scripts make: then the ending means something else
SHARE = 0.9  # of the names must carry a frame number or a bearer before it is believed
FEWEST = 10  # films or persons: with fewer, a split by them is a decision for the user


@dataclass(frozen=True, slots=True)
class Inferred:
    """Groups read from names ("" for an item that stands alone) and the sentence that says so."""

    groups: tuple[str, ...]
    sentence: str


def infer_groups(names: Sequence[str]) -> Inferred | None:
    """Groups that the names give away beyond doubt, or None.

    names  paths with "/" relative to the root, such as "train/healthy/a1_flipLR.jpg".

    Copies: a known ending ("_flipLR", "_rot90", "_aug_3", "-copy", " (1)") on a name that is otherwise the
    same. Films and persons: an explicit word with a number ("patient12", "..._frame_0034") in nine names of
    ten. Mere numbers are never taken for a person, although they often run in shooting order.
    """
    bearers = _bearers(names)
    copies = _copies(names)
    if bearers is None:
        return copies
    if copies is None:
        return bearers
    return Inferred(join_groups(bearers.groups, copies.groups), f"{bearers.sentence} {copies.sentence}")


def groups_by_pattern(names: Sequence[str], pattern: str) -> Inferred:
    """Groups by a regular expression searched in each name: its first bracket, or else the whole match.

    Names that do not match stand alone. Raises UsageError for a bad pattern or one that matches nothing.
    """
    try:
        found = [re.search(pattern, name) for name in names]
    except re.error as error:
        raise UsageError(f"The pattern {pattern!r} for groups is no regular expression: {error}.") from error
    keys = tuple("" if m is None else (m[1] if m.re.groups else m[0]) or "" for m in found)
    alone = sum(not key for key in keys)
    if alone == len(names):
        raise UsageError(f"The pattern {pattern!r} for groups matches none of the {len(names)} names.")
    rest = f"; {alone} names do not match it and stand alone" if alone else ""
    count = len(set(keys) - {""})
    return Inferred(
        keys, f"The pattern {pattern!r} puts {len(names) - alone} items into {count} groups{rest}."
    )


def join_groups(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Items that share a group in either list share one in the result; "" stands alone in both."""
    parent: dict[tuple[int, str], tuple[int, str]] = {}

    def root(key: tuple[int, str]) -> tuple[int, str]:
        while parent.setdefault(key, key) != key:
            parent[key] = key = parent[parent[key]]
        return key

    for a, b in zip(first, second, strict=True):
        if a and b:
            parent[root((1, b))] = root((0, a))
    return tuple(root((0, a))[1] if a else root((1, b))[1] if b else "" for a, b in zip(first, second))


def _bearers(names: Sequence[str]) -> Inferred | None:
    for pattern, what in ((_BEARER, "persons, films or scenes"), (_FRAME, "films with numbered frames")):
        found = [pattern.search(PurePosixPath(name).with_suffix("").name) for name in names]
        keys = tuple("" if m is None else m[1].lower() for m in found)
        count = len(set(keys) - {""})
        if names and sum(map(bool, keys)) >= SHARE * len(names) and FEWEST <= count <= len(names) / 2:
            example = next(name for name, key in zip(names, keys) if key)
            return Inferred(
                keys, f"The names tell {count} {what} apart (such as {example!r}): each on one side."
            )
    return None


def _copies(names: Sequence[str]) -> Inferred | None:
    paths = [PurePosixPath(name) for name in names]
    bases = [_strip(path) for path in paths]
    originals: dict[str, list[int]] = defaultdict(list)
    for i, (base, copy) in enumerate(bases):
        if copy == "no":
            originals[base].append(i)
    keys = [""] * len(names)
    for i, (base, copy) in enumerate(bases):
        if copy == "no":
            continue
        home = _original(paths[i], [(j, paths[j]) for j in originals[base]])
        if home is not None:
            keys[i] = keys[home] = f"{paths[home].parent}/{base}"
        elif copy == "yes":  # its original is not here, but other copies of it may be
            keys[i] = f"{paths[i].parent.name}/{base}"
    sizes = Counter(key for key in keys if key)
    groups = tuple(key if 1 < sizes[key] <= COPIES else "" for key in keys)
    if not any(groups):
        return None
    example = next(name for name, key, (_, copy) in zip(names, groups, bases) if key and copy != "no")
    held, count = sum(map(bool, groups)), len(set(groups) - {""})
    return Inferred(
        groups,
        f"By their names {held} items are {count} pictures with their copies "
        f"(such as {example!r}): each with its copies on one side.",
    )


def _strip(path: PurePosixPath) -> tuple[str, Literal["no", "maybe", "yes"]]:
    """The stem without its endings, and whether they make it a copy of another picture."""
    base, copy = path.stem.lower().rstrip(" _.-"), "no"
    while True:
        shorter = _SUFFIX.sub("", base)
        mark = "yes"
        if shorter == base:
            shorter, mark = _NUMBERED.sub("", base), "maybe"
        shorter = shorter.rstrip(" _.-")
        if shorter == base or not re.search(r"[a-z0-9]", shorter):
            return base, cast(Literal["no", "maybe", "yes"], copy)
        base, copy = shorter, max(copy, mark, key=("no", "maybe", "yes").index)


def _original(copy: PurePosixPath, originals: Sequence[tuple[int, PurePosixPath]]) -> int | None:
    """The original of a copy: in its own folder, else alone in a folder of that name, else alone anywhere."""
    candidates = (
        [i for i, o in originals if o.parent == copy.parent],
        [i for i, o in originals if o.parent.name == copy.parent.name],
        [i for i, o in originals],
    )
    return next((c[0] for c in candidates if len(c) == 1), None)
