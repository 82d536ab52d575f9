"""Finds summary tables in a text and reads them, in the forms of Keras 1, 2 and 3 and of torchsummary."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from valscope.evidence.summary.rows import (
    BARE,
    CONTINUED,
    CONTINUED_KIND,
    ROW,
    TORCH,
    Raw,
    boxed,
    kind_of,
    links,
    raw_of,
    torch_of,
)
from valscope.nouns.fact import Fact, Source
from valscope.nouns.summary import Form, Summary, SummaryRow

_HEADER = re.compile(r"Layer\s*\(type\).*?(?:Output\s*Shape|Param)", re.IGNORECASE)
_MODEL = re.compile(r"Model:?\s*[\"'“](?P<name>[^\"'”]+)[\"'”]")
_TOTAL = re.compile(
    r"(?P<what>Total|Non-trainable|Trainable|Optimizer)\s+params\s*:\s*(?P<count>\d[\d,]*)(?:\.0)?",
    re.IGNORECASE,
)
_RULER = re.compile(r"[_=\-]{6,}|[┏┓┗┛┡┩├┤└┘┬┴┼─━┳┻╇╈┯┷╞╪╡═]{2,}")
_EMPTY = re.compile(r"^[\s│┃|]*$")
_PATIENCE = (
    8  # lines without a row after which a table without totals is over (wrapped connections take some)
)
_LONGEST_LINE = 100_000  # signs; a whole page on one line still holds a table, binary data need not be tried


@dataclass(slots=True)
class _Draft:
    """A table while it is read."""

    header: Source
    form: Form
    name: str = ""
    rows: list[SummaryRow] = field(default_factory=list)
    totals: dict[str, Fact[int]] = field(default_factory=dict)
    pending: Raw | None = None
    cells: list[str] = field(default_factory=list)
    cells_at: Source | None = None
    idle: float = 0


def read_summaries(text: str, file: str = "<stdin>", first_line: int = 1) -> tuple[Summary, ...]:
    """All tables of a text, in order. A text without one gives ()."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[Summary] = []
    draft: _Draft | None = None
    model = ""
    for number, line in enumerate(lines, first_line):
        if len(line) > _LONGEST_LINE:
            continue
        named = _MODEL.search(line)
        model = named["name"] if named else model
        header = _HEADER.search(line)
        if header:
            found += _finished(draft)
            draft, model = _Draft(Source(file, number, line.strip()[:200]), _form(line), model), ""
            line = line[header.end() :]
        if draft is not None and not _take(draft, line, Source(file, number, line.strip()[:200])):
            found += _finished(draft)
            draft = None
    return tuple(found + _finished(draft))


def _form(line: str) -> Form:
    if "┃" in line or "│" in line:
        return "keras3"
    return "keras2"


def _take(draft: _Draft, line: str, source: Source) -> bool:
    """Takes a line into the table; False when the table is over."""
    if draft.form == "keras3" and not draft.totals and _take_cells(draft, line, source):
        return True
    totals = list(_TOTAL.finditer(line))
    before = line[: totals[0].start()] if totals else line
    if not draft.totals and not _take_rows(draft, _RULER.sub(" ", before), source):
        written = not _EMPTY.match(line) and not _RULER.search(line)
        draft.idle += 1 if written else 0.25  # blank lines between rows are common, many in a row are not
    for found in totals:
        count = int(found["count"].replace(",", ""))
        draft.totals.setdefault(found["what"].lower(), Fact(count, source))
        draft.idle = 0
    if draft.totals and not totals:
        draft.idle += bool(line.strip()) and not _RULER.search(line)
        return draft.idle < 3
    return draft.idle < _PATIENCE


def _take_cells(draft: _Draft, line: str, source: Source) -> bool:
    """A line of a box-drawn table: collected until the ruler under its row."""
    if "│" in line and not _RULER.search(line):
        draft.cells_at = draft.cells_at or source
        draft.cells.append(line)
        return True
    if draft.cells and draft.cells_at is not None:
        raw = boxed(draft.cells)
        if raw is not None:
            _add(draft, raw, draft.cells_at)
        draft.cells, draft.cells_at = [], None
    return bool(_RULER.search(line))


def _take_rows(draft: _Draft, line: str, source: Source) -> bool:
    if draft.pending is not None and _complete(draft, line, source):
        return True
    torch = TORCH.match(line)
    if torch is not None:
        draft.form = "torch"
        _add(draft, torch_of(torch), source)
        return True
    matches = list(ROW.finditer(line))
    for number, found in enumerate(matches):
        end = matches[number + 1].start() if number + 1 < len(matches) else len(line)
        _add(draft, raw_of(found, line[found.end() : end]), source)
    if matches:
        draft.idle = 0
        return True
    bare = BARE.match(line)
    if bare is not None:
        draft.pending = raw_of(bare, line[bare.end() :])
        _add(draft, draft.pending, source)
        return True
    return _more_links(draft, line)


def _complete(draft: _Draft, line: str, source: Source) -> bool:
    """The rest of a name or kind that was wrapped: " )", "onv2D)", "me (Dense)"."""
    pending = draft.pending
    draft.pending = None
    if pending is None or not draft.rows:
        return False
    found = CONTINUED.match(line) if pending.kind else CONTINUED_KIND.match(line)
    if found is None or ROW.search(line):
        return False
    if pending.kind:
        whole, cut = kind_of(pending.kind + found["rest"], pending.name, True)
        draft.rows[-1] = replace(draft.rows[-1], kind=whole, cut=cut)
    else:
        kind, cut = kind_of(found["kind"], pending.name + found["rest"], True)
        draft.rows[-1] = replace(draft.rows[-1], name=pending.name + found["rest"], kind=kind, cut=cut)
    more = links(found["after"])
    draft.rows[-1] = replace(draft.rows[-1], inputs=draft.rows[-1].inputs + more)
    return True


def _more_links(draft: _Draft, line: str) -> bool:
    """A line that holds only further connections of the row before."""
    more = links(line)
    if not more or not draft.rows or re.sub(r"[\w./\-\[\],\s]", "", line):
        return False
    draft.rows[-1] = replace(draft.rows[-1], inputs=draft.rows[-1].inputs + more)
    return True


def _add(draft: _Draft, raw: Raw, source: Source) -> None:
    kind, cut = kind_of(raw.kind, raw.name, raw.closed) if draft.form != "torch" else (raw.kind, False)
    inputs = raw.inputs or links(raw.rest)
    depth = raw.depth or len(source.quote) - len(source.quote.lstrip("|"))
    draft.rows.append(SummaryRow(raw.name, kind, raw.shape, raw.params, source, inputs, cut, depth))
    draft.pending = raw if not raw.closed else None
    draft.idle = 0


def _finished(draft: _Draft | None) -> list[Summary]:
    if draft is not None and draft.cells:
        _take_cells(draft, "", draft.header)
    if draft is None or not draft.rows:
        return []
    return [
        Summary(
            tuple(draft.rows),
            draft.form,
            draft.header,
            draft.name,
            draft.totals.get("total"),
            draft.totals.get("trainable"),
            draft.totals.get("non-trainable"),
            draft.totals.get("optimizer"),
            "total" in draft.totals,
        )
    ]
