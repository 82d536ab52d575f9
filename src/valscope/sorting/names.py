"""Names of folders and files that every file system takes, one for each class, whatever a class is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from pathlib import PurePath

UNSURE = "unsure"
# Windows keeps these names for devices, whatever extension follows them.
_PORTS = tuple(f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³")
_DEVICES = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", *_PORTS))
# Windows forbids these; "/" and NUL are forbidden everywhere, ":" was the separator of the old Macintosh.
_FORBIDDEN = frozenset('<>:"/\\|?*')
# Joiners shape Persian, Indic and emoji text; all other format characters hide or reorder what is read.
_JOINERS = frozenset("\u200c\u200d")
_UNREADABLE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
LONGEST = 200  # bytes of UTF-8; file systems take 255, and a number may follow
LIMIT = 255


def safe_name(text: str) -> str:
    """One name of a file or folder for `text`: no separator, no device name, not hidden, at most LONGEST bytes.

    A name that is safe already stays as it is.
    """
    plain = "".join(_character(c) for c in unicodedata.normalize("NFC", text))
    plain = re.sub(r"^[.\s]*\.", "_", _stripped(plain))
    plain = _stripped(_cut(plain, LONGEST)) or "_"
    return f"_{plain}" if plain.split(".")[0].strip().lower() in _DEVICES else plain


def folder_names(classes: Sequence[str], taken: Sequence[str] = (UNSURE,)) -> tuple[str, ...]:
    """A folder for each class, distinct also where case and accents do not count, none of them in `taken`.

    Classes whose own name is safe keep it; another that would share it gets a number: "a/b" beside "a_b"
    becomes "a_b-2".
    """
    used = {same(name) for name in taken}
    found: dict[int, str] = {}
    for number in sorted(range(len(classes)), key=lambda i: safe_name(classes[i]) != classes[i]):
        name = _free(safe_name(classes[number]), used)
        used.add(same(name))
        found[number] = name
    return tuple(found[i] for i in range(len(classes)))


def numbered(name: str, number: int) -> str:
    """`a.jpg` as `a-2.jpg`; number 1 leaves it as it is."""
    if number == 1:
        return name
    path = PurePath(name)
    end = f"-{number}{path.suffix}"
    return _cut(path.stem, LIMIT - len(_bytes(end))) + end


def same(name: str) -> str:
    """What two names share that one file system would take for the same."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded)


def _free(name: str, used: set[str]) -> str:
    number = 1
    while same(numbered_folder(name, number)) in used:
        number += 1
    return numbered_folder(name, number)


def numbered_folder(name: str, number: int) -> str:
    """`a.b` as `a.b-2`: a folder has no extension."""
    return name if number == 1 else f"{name}-{number}"


def _character(c: str) -> str:
    if c in _FORBIDDEN or (unicodedata.category(c) in _UNREADABLE and c not in _JOINERS):
        return "_"
    return c


def _stripped(text: str) -> str:
    """Windows drops dots and spaces at the end of a name."""
    return text.strip().rstrip(". ")


def _cut(text: str, most: int) -> str:
    data = _bytes(text)
    return text if len(data) <= most else data[:most].decode("utf-8", "ignore")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
