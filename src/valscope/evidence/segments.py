"""Lines to segments: neighbouring lines of one kind, each with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from valscope.evidence.shapes import Shape, ruler, shape, summary_row, wordy
from valscope.evidence.text import Line, plain
from valscope.nouns.post import Segment, SegmentKind

# "maybe" is code beside code, and else output or prose.
Kind = SegmentKind | Literal["maybe"]
_QUOTE = re.compile(r"^\s*(?:>(?!>)\s?)+")
_PROMPT = re.compile(r"^\s*(?:>>>|In ?\[[\s\d*]*\]:|\.{3,}:?(?=\s|$)) ?")
_NUMBERED = re.compile(r"^\s{0,6}(\d{1,5})(?:\s?[:|.)]\s?|\t|\s{1,4}(?=\S)|\s*$)")
# So many lines counting up by one are a listing with line numbers.
_LISTING = 3
# So many lines may continue an open bracket.
_OPEN_FOR = 80
_IN_TRACEBACK = re.compile(
    r"^\s+\S|^\s*File \"|^-+>|^[/~<\w].*\bin\b.*\(|^\s*\d+\s|^\.\.\.|^\s*$|.*\.py[:\"]|^In ?\[|^-{5,}|"
    r"^During handling|^The above"
)
_TRIPLE = re.compile(r'"""|\'\'\'')
_STRINGS = re.compile(r"'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\"|#.*$")


@dataclass(slots=True)
class _Run:
    """Lines that go together so far."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)


def segments(lines: Sequence[Line]) -> Iterator[Segment]:
    """The segments of lines that are no log. Segments end where the numbering
    jumps: where a log stood, or where one line of the file gave several."""
    for block in _blocks(lines):
        cleaned = _without_numbers([Line(n, _QUOTE.sub("", t)) for n, t in block])
        for run in _joined(_runs(cleaned)):
            kind: SegmentKind = "prose" if run.kind == "maybe" else run.kind
            yield Segment(kind, run.lines[0].number, run.lines[-1].number, _text(run))


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if block and line.number != block[-1].number + 1:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _without_numbers(lines: list[Line]) -> list[Line]:
    """Listings with line numbers lose them; single numbered lines keep theirs."""
    numbers = [int(m[1]) if (m := _NUMBERED.match(t)) else None for _, t in lines]
    listed = [False] * len(lines)
    start = 0
    for i in range(1, len(lines) + 1):
        if (
            i < len(lines)
            and numbers[i] is not None
            and numbers[i - 1] is not None
            and numbers[i] == (numbers[i - 1] or 0) + 1
        ):
            continue
        if i - start >= _LISTING and numbers[start] is not None:
            listed[start:i] = [True] * (i - start)
        start = i
    if sum(listed) < max(_LISTING, 0.5 * sum(1 for _, t in lines if t.strip())):
        return lines
    return [
        Line(n, _NUMBERED.sub("", t, count=1)) if hit else Line(n, t)
        for (n, t), hit in zip(lines, listed, strict=True)
    ]


def _runs(lines: Sequence[Line]) -> Iterator[_Run]:
    """Line after line to its kind, with what the lines before opened."""
    reader = _Kinds()
    run: _Run | None = None
    for line in lines:
        kind = reader.kind(plain(line.text))
        if kind is None:
            if run is not None:
                run.lines.append(line)
            continue
        if run is None or run.kind != kind:
            if run is not None:
                yield run
            run = _Run(kind)
        run.lines.append(line)
    if run is not None:
        yield run


class _Kinds:
    """The kind of each line, from its shape and from what is still open."""

    def __init__(self) -> None:
        self._fence = False
        self._depth = 0
        self._open = self._blanks = 0
        self._docstring = False
        self._now: Kind = "prose"

    def kind(self, text: str) -> Kind | None:
        """None for a line that belongs to whatever stands before it: empty lines and fences."""
        form = shape(text)
        if form == "fence":
            self._fence, self._depth, self._docstring, self._now = not self._fence, 0, False, "prose"
            return None
        if form == "blank":
            self._blanks += 1
            return None
        self._now = self._next(form, text)
        return self._now

    def _next(self, form: Shape, text: str) -> Kind:
        blanks, self._blanks = self._blanks, 0
        if self._docstring or self._continues(form, text, blanks):
            self._count(text)
            return "code"
        self._depth = self._open = 0
        if form in ("summary", "traceback"):
            return form
        if self._now == "summary" and summary_row(text):
            return "summary"
        if self._now == "traceback" and (form == "error" or _IN_TRACEBACK.match(text)):
            return "traceback"
        if form == "error":
            return "traceback"
        if form == "numbers":
            return "numbers"
        if form == "table":
            return "table"
        quoted = self._now == "code" and text.lstrip().startswith(('"""', "'''", 'r"""'))
        if quoted or form == "code" or (form == "maybe_code" and (self._now == "code" or self._fence)):
            self._count(text)
            return "code"
        if self._fence and not wordy(text) and self._now == "code":
            self._count(text)
            return "code"
        return "maybe" if form == "maybe_code" else "prose"

    def _continues(self, form: Shape, text: str, blanks: int) -> bool:
        """Whether the line is within the brackets of the code before it. A forgotten bracket must not
        swallow the text that follows."""
        if not self._depth or self._open >= _OPEN_FOR or form in ("traceback", "summary", "error"):
            return False
        return form in ("code", "maybe_code", "numbers") or not (blanks or wordy(text))

    def _count(self, text: str) -> None:
        """Keep track of open brackets and docstrings."""
        if len(_TRIPLE.findall(text)) % 2:
            self._docstring = not self._docstring
            return
        if self._docstring:
            return
        bare = _STRINGS.sub("", text)
        self._open = self._open + 1 if self._depth else 0
        self._depth += sum(bare.count(c) for c in "([{") - sum(bare.count(c) for c in ")]}")
        self._depth = max(self._depth, 0)


def _joined(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Runs that the neighbours decide: settings beside code are code, and so is a short line that looks like
    prose within code; a comment alone in a text is prose."""
    waiting = list(runs)
    out: list[_Run] = []
    for i, run in enumerate(waiting):
        before = out[-1] if out else None
        after = waiting[i + 1] if i + 1 < len(waiting) else None
        if run.kind == "maybe":
            beside = (before is not None and before.kind == "code") or (
                after is not None and after.kind == "code"
            )
            run.kind = "code" if beside else "prose"
        elif run.kind == "prose" and _is_code_between(before, run, after):
            run.kind = "code"
        elif run.kind == "code" and _is_prose_alone(run, before, after):
            run.kind = "prose"
        if before is not None and before.kind == run.kind:
            before.lines += run.lines
        else:
            out.append(run)
    yield from (r for r in out if any(t.strip() and not ruler(t) for _, t in r.lines))


def _is_code_between(before: _Run | None, run: _Run, after: _Run | None) -> bool:
    if before is None or before.kind != "code":
        return False
    texts = [t for _, t in run.lines if t.strip()]
    indented = all(t[:1].isspace() for t in texts) and any(
        t.rstrip().endswith(tuple(",:(\\)")) for t in texts
    )
    if len(texts) > 2 or any(map(wordy, texts)) or not all(t.isascii() or indented for t in texts):
        return False
    return indented or (after is not None and after.kind == "code")


def _is_prose_alone(run: _Run, before: _Run | None, after: _Run | None) -> bool:
    """ "# heading" alone in a text."""
    texts = [t for _, t in run.lines if t.strip()]
    return len(texts) == 1 and texts[0].lstrip().startswith("#") and not (before is None and after is None)


def _text(run: _Run) -> str:
    texts = [t for _, t in run.lines]
    if run.kind == "code":
        texts = ["" if shape(t) == "fence" else _PROMPT.sub("", plain_code(t)) for t in texts]
    return "\n".join(texts)


def plain_code(text: str) -> str:
    """Code with the quotes and spaces that Python knows; its own letters stay."""
    return text if text.isascii() else plain(text)
