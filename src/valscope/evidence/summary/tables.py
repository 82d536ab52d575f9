"""Finds summary tables in a text and reads them, in the forms of Keras 1, 2 and 3 and of torchsummary."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from valscope.evidence.summary.rows import (
    BARE,
    CONTINUED,
    CONTINUED_KIND,
    ROW,
    TORCH,
    Raw,
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
_BOX = re.compile(r"[│┃|]")
_ADDRESS = re.compile(r"^[\s│┃|]*$")
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
    idle: int = 0


def read_summaries(text: str, file: str = "<stdin>", first_line: int = 1) -> tuple[Summary, ...]:
    """All tables of a text, in order. A text without one gives ()."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    found: list[Summary] = []
    draft: _Draft | None = None
    model = ""
    for number, line in enumerate(_cells_joined(lines), first_line):
        if len(line) > _LONGEST_LINE:
            continue
        named = _MODEL.search(line)
        model = named["name"] if named else model
        header = _HEADER.search(line)
        if header:
            found += _finished(draft)
            draft, model = _Draft(Source(file, number, line.strip()[:200]), _form(line), model), ""
            line = line[header.end() :]
        if draft is not None and not _take(draft, line, Source(file, number, line.strip())):
            found += _finished(draft)
            draft = None
    return tuple(found + _finished(draft))


def _form(line: str) -> Form:
    if "┃" in line or "│" in line:
        return "keras3"
    return "keras2"


def _cells_joined(lines: Sequence[str]) -> list[str]:
    """Box-drawn tables with the wrapped pieces of each cell joined on the first line of their row; all
    other lines as they are."""
    joined = list(lines)
    block: list[int] = []
    for number, line in enumerate([*lines, ""]):
        if _BOX.search(line) and ("│" in line or "┃" in line) and not _RULER.search(line):
            block.append(number)
            continue
        if len(block) >= 1:
            joined[block[0]] = _joined([lines[n] for n in block])
            for n in block[1:]:
                joined[n] = ""
        block = []
    return joined


def _joined(lines: Sequence[str]) -> str:
    table = [[cell.strip() for cell in re.split(r"[│┃]", line.strip().strip("│┃"))] for line in lines]
    width = max(len(row) for row in table)
    cells = [[row[column] for row in table if column < len(row) and row[column]] for column in range(width)]
    name = "".join(cells[0]).replace("(", " (") if cells else ""
    return "  ".join([name, *(" ".join(cell) for cell in cells[1:])])


def _take(draft: _Draft, line: str, source: Source) -> bool:
    """Takes a line into the table; False when the table is over."""
    totals = list(_TOTAL.finditer(line))
    before = line[: totals[0].start()] if totals else line
    if not draft.totals and not _take_rows(draft, _RULER.sub(" ", before), source):
        draft.idle += bool(_ADDRESS.match(line)) is False and not _RULER.search(line)
        draft.idle += 0.25 if not line.strip() else 0  # type: ignore[assignment]
    for found in totals:
        count = int(found["count"].replace(",", ""))
        draft.totals.setdefault(found["what"].lower(), Fact(count, source))
        draft.idle = 0
    if draft.totals and not totals:
        draft.idle += bool(line.strip()) and not _RULER.search(line)
        return draft.idle < 3
    return draft.idle < _PATIENCE


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
        whole, cut = kind_of(pending.kind + found["rest"])
        draft.rows[-1] = replace(draft.rows[-1], kind=whole, cut=cut)
    else:
        kind, cut = kind_of(found["kind"])
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
    kind, cut = kind_of(raw.kind) if draft.form != "torch" else (raw.kind, False)
    name = raw.name.removeprefix("└").strip()
    draft.rows.append(SummaryRow(name, kind, raw.shape, raw.params, source, links(raw.rest), cut))
    draft.pending = raw if not raw.closed else None
    draft.idle = 0


def _finished(draft: _Draft | None) -> list[Summary]:
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
