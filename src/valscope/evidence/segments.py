"""Lines to segments: neighbouring lines of one kind, each with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from valscope.evidence.line_kinds import Kind, LineKinds
from valscope.evidence.shapes import ruler, shape, wordy
from valscope.evidence.text import Line, plain
from valscope.evidence.undress import unprompted, unquoted, without_numbers
from valscope.nouns.post import Segment, SegmentKind


@dataclass(slots=True)
class _Run:
    """Lines that go together so far."""

    kind: Kind
    lines: list[Line] = field(default_factory=list)


def segments(lines: Sequence[Line]) -> Iterator[Segment]:
    """The segments of lines that are no log. Segments end where the numbering
    jumps: where a log stood, or where one line of the file gave several."""
    for block in _blocks(lines):
        cleaned = without_numbers([Line(n, unquoted(t)) for n, t in block])
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


def _runs(lines: Sequence[Line]) -> Iterator[_Run]:
    """Line after line to its kind, with what the lines before opened."""
    reader = LineKinds()
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
        texts = ["" if shape(t) == "fence" else unprompted(t) for t in texts]
    return "\n".join(texts)
