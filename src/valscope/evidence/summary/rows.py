"""One line of a table to one layer: name (Kind) shape parameters, however the columns were cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from valscope.evidence.kinds import canonical, complete
from valscope.nouns.network import Shape

_NUMBER = r"(?:None|\?|-?\d+)"
_TUPLE = rf"\(\s*{_NUMBER}(?:\s*,\s*(?:{_NUMBER})?)*\s*\)?"
# Further tuples of a list begin with a batch of None; the last of them may be cut off after its bracket.
_FURTHER = rf"(?:\s*,\s*\(\s*None(?:\s*,\s*(?:{_NUMBER})?)*\s*\)?)*(?:\s*,\s*\(?)?"
_SHAPE = rf"(?:\[\s*)?{_TUPLE}{_FURTHER}\s*\]?|\bmultiple\b|\bunknown\b|(?<=\s)\?(?=\s)"
_PARAMS = r"(?<![A-Za-z_.\d])\d[\d,]*(?:\s*\(unbuilt\))?|--"
_NAME = r"[A-Za-z_][\w./:\-]*"
# name (Kind) shape params; the kind's closing bracket may have been cut off with its end.
ROW = re.compile(
    rf"(?P<name>{_NAME}(?: {_NAME})?)\s*\((?P<kind>(?:[A-Za-z_]\w*)?)(?P<closed>\s*\))?\s*"
    rf"(?P<shape>{_SHAPE})\s*(?P<params>{_PARAMS})(?![\w.])"
)
# The kind wholly on the next line: name shape params.
BARE = re.compile(rf"^\s*(?P<name>{_NAME})\s+(?P<shape>{_SHAPE})\s*(?P<params>{_PARAMS})(?![\w.])")
# "Conv2d-1   [-1, 64, 112, 112]   9,408" of torchsummary.
TORCH = re.compile(
    r"^\s*(?P<kind>[A-Z]\w*)-(?P<number>\d+)\s+\[(?P<shape>-?\d+(?:,\s*-?\d+)*)\]\s+(?P<params>[\d,]+)"
)
CONTINUED = re.compile(r"^\s*(?P<rest>\w*)\s*\)(?P<after>.*)$")
CONTINUED_KIND = re.compile(r"^\s*(?P<rest>[\w./:\-]*)\s*\((?P<kind>[A-Za-z]\w*)\)?(?P<after>.*)$")
LINK = re.compile(r"([A-Za-z_][\w./\-]*)(?:\[\d+\]?)?(?:\[\d+\]?)?")


@dataclass(frozen=True, slots=True)
class Raw:
    """A row as read, before its kind is completed."""

    name: str
    kind: str
    shape: Shape | None
    params: int | None
    closed: bool
    rest: str = ""
    inputs: tuple[str, ...] = ()
    depth: int = 0


def raw_of(found: re.Match[str], rest: str = "") -> Raw:
    """A row from a match of ROW or BARE."""
    parts = found.groupdict()
    return Raw(
        parts["name"].strip(),
        parts.get("kind") or "",
        shape_of(parts["shape"]),
        count_of(parts["params"]),
        bool(parts.get("closed")),
        rest,
    )


def torch_of(found: re.Match[str]) -> Raw:
    """A row of torchsummary; its shapes have channels first."""
    numbers = [int(n) for n in found["shape"].split(",")][1:]
    shape: Shape = tuple(numbers[1:] + numbers[:1]) if len(numbers) > 1 else tuple(numbers)
    kind = canonical(found["kind"], torch=True)
    return Raw(f"{found['kind']}-{found['number']}", kind, shape, count_of(found["params"]), True)


def boxed(lines: Sequence[str]) -> Raw | None:
    """A row of a box-drawn table, whose cells may be wrapped over several lines or end in an ellipsis.

    A name in `inputs` that was cut keeps its ellipsis. None for a line that is no layer's.
    """
    table = [[cell.strip() for cell in line.strip().strip("│").split("│")] for line in lines]
    columns = [[row[n] for row in table if n < len(row) and row[n]] for n in range(max(map(len, table)))]
    if len(columns) < 3 or not columns[0]:
        return None
    head = "".join(columns[0])
    nested = head.startswith("└")
    name, _, kind = head.lstrip("└ ").partition("(")
    shape, params = " ".join(columns[1]), "".join(columns[2])
    return Raw(
        name.strip(),
        kind.rstrip("….) "),
        None if "…" in shape else shape_of(shape),
        None if "…" in params else count_of(params),
        kind.endswith(")"),
        inputs=tuple(_link(piece) for column in columns[3:] for piece in column if _is_link(piece)),
        depth=int(nested),
    )


def _is_link(piece: str) -> bool:
    return "[" in piece or piece.endswith("…")


def _link(piece: str) -> str:
    return piece.partition("[")[0].rstrip(", ")


def shape_of(text: str) -> Shape | None:
    """(None, 254, 254, 32) without its batch; None where the column was cut within the numbers."""
    start = text.find("(")
    if start < 0:
        return None
    inner = text[start + 1 :]
    end = inner.find(")")
    if end < 0:
        return None
    entries = [entry.strip() for entry in inner[:end].split(",") if entry.strip()]
    return tuple(int(entry) if entry.lstrip("-").isdigit() else None for entry in entries[1:])


def count_of(text: str) -> int | None:
    """ "1,327,232" and "0 (unbuilt)"; None for "--"."""
    digits = text.split("(")[0].replace(",", "").strip()
    return int(digits) if digits.isdigit() and "unbuilt" not in text else None


def kind_of(cut: str, name: str, closed: bool) -> tuple[str, bool]:
    """The class name, completed where the column cut it, and whether it was cut."""
    if closed:
        return canonical(cut), False
    known = complete(cut, name)
    return (cut, True) if known is None else (known, known != canonical(cut))


def links(text: str) -> tuple[str, ...]:
    """Names in the "Connected to" column: "add_1[0][0]" gives "add_1"."""
    return tuple(found.group(1) for found in LINK.finditer(text) if "[" in found.group(0))
