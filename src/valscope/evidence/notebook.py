"""Notebooks: code cells and what they printed, each line with its place, also of a file cut in the middle."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from valscope.errors import InputError
from valscope.evidence.cut_json import Placed, parse
from valscope.evidence.script.text.parse import Fragment

_ANSI = re.compile(r"\x1b(?:\[[0-9;]*(?:[A-Za-z]|$)|$)")
CellKind = Literal["code", "markdown", "output"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text, or what one printed. `number` counts cells from 1; `lines` holds the line of the file on
    which each line of `text` stands."""

    number: int
    kind: CellKind
    text: str
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Notebook:
    """Cells and outputs in order. `whole` is False for a file that ends in the middle."""

    file: str
    cells: tuple[Cell, ...]
    whole: bool = True

    def fragments(self) -> tuple[Fragment, ...]:
        """Code cells for `read_fragments`; they share their variables. Lines are those of the file where each
        stands on its own, else those of the cell."""
        return tuple(self._fragment(cell) for cell in self.cells if cell.kind == "code" and cell.text.strip())

    def printed(self) -> Iterator[tuple[int, str]]:
        """(line of the file, text) of everything that is not code: outputs, tracebacks, markdown."""
        for cell in self.cells:
            if cell.kind != "code":
                yield from zip(cell.lines, cell.text.split("\n"))

    def _fragment(self, cell: Cell) -> Fragment:
        first = cell.lines[0]
        if cell.lines == tuple(range(first, first + len(cell.lines))):
            return Fragment(cell.text, self.file, first, self.file)
        return Fragment(cell.text, f"{self.file}, cell {cell.number}", 1, self.file)


def is_notebook(text: str) -> bool:
    """Whether a text looks like a notebook's JSON, whole or not."""
    return text.lstrip()[:1] == "{" and '"cells"' in text and ('"cell_type"' in text or '"nbformat"' in text)


def read_notebook(text: str, file: str = "<stdin>") -> Notebook:
    """The cells of a notebook of version 3 or 4.

    Raises InputError for a text that is not a notebook's JSON at all.
    """
    text = text.removeprefix("\ufeff")
    root, whole = parse(text)
    if not isinstance(root, dict) or not ("cells" in root or "worksheets" in root):
        raise InputError(f"{file} is not a notebook: it has no list of cells; give the .ipynb file itself.")
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return Notebook(file, tuple(_cells(root, starts)), whole)


def _cells(root: dict[str, Any], starts: list[int]) -> Iterator[Cell]:
    sheets = root.get("worksheets")
    listed = root.get("cells") or [c for s in _dicts(sheets) for c in _list(s.get("cells"))]
    for number, cell in enumerate(_dicts(listed), 1):
        kind: CellKind = "code" if cell.get("cell_type") == "code" else "markdown"
        yield from _cell(number, kind, cell.get("source", cell.get("input")), starts)
        for output in _dicts(cell.get("outputs")):
            yield from _cell(number, "output", _printed(output), starts)


def _printed(output: dict[str, Any]) -> Any:
    data = output.get("data")
    plain = data.get("text/plain") if isinstance(data, dict) else None
    for given in (output.get("text"), plain, output.get("traceback")):
        if given:
            return given
    return None


def _cell(number: int, kind: CellKind, given: Any, starts: list[int]) -> Iterator[Cell]:
    """A cell's text from one string or a list of them."""
    pieces = [
        piece
        for piece in (_list(given) if not isinstance(given, str) else [given])
        if isinstance(piece, Placed)
    ]
    if not pieces:
        return
    lines: list[str] = []
    places: list[int] = []
    joined = True
    for piece in pieces:
        place = bisect_right(starts, piece.at)
        parts = _ANSI.sub("", piece).replace("\r\n", "\n").split("\n")
        for offset, part in enumerate(parts):
            if offset == 0 and lines and not joined:
                lines[-1] += part
            elif part or offset + 1 < len(parts):
                lines.append(part)
                places.append(place)
        joined = piece.endswith("\n") or kind == "output"
    yield Cell(number, kind, "\n".join(lines), tuple(places))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [entry for entry in _list(value) if isinstance(entry, dict)]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
