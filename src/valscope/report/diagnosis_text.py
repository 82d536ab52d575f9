"""A diagnosis as plain lines, for a pipe, and with colours, for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valscope.nouns.fact import Source
from valscope.nouns.finding import Diagnosis, Finding
from valscope.report.diagnosis_words import TOGETHER, UNJUDGED, also, cleared, main_trial, ordered
from valscope.report.trial_bar import bar
from valscope.report.trial_words import mended, tried

if TYPE_CHECKING:
    from rich.text import Text

WIDTH = 100
QUOTE = 88  # characters of a quoted line
QUOTES = 4  # quoted lines of one finding; the JSON has all
STYLES = {"PROVED": "bold red", "CONFIRMED": "bold red", "SUSPECTED": "bold yellow", "REFUTED": "dim"}


def diagnosis_lines(diagnosis: Diagnosis, width: int = WIDTH, terminal: bool = False) -> list[str]:
    """The report; where nothing is wrong a single line, and one for each file that could not be read. In a terminal it
    draws each experiment below its numbers, and lists what was checked in columns."""
    if not diagnosis.findings and not diagnosis.acquitted and not (terminal and diagnosis.checked):
        unread = (item for item in diagnosis.not_checked if item.name in diagnosis.read)
        return [_healthy(diagnosis), *(f"Not read: {item.name}: {item.reason}." for item in unread)]
    lines: list[str] = []
    for finding in (f for f in ordered(diagnosis.findings) if not f.minor):
        lines += [*_finding(finding, width, terminal), ""]
    if diagnosis.mended is not None:
        lines += [*_wrap(mended(diagnosis.mended), width, ""), ""]
    elif (first := main_trial(diagnosis)) is not None and first[0] == TOGETHER:
        lines += [*_wrap(f"{TOGETHER}: {tried(first[1])}", width, ""), ""]
    minor = [f for f in diagnosis.findings if f.minor]
    if minor:
        lines += ["By the way", *_by_the_way(minor, width), ""]
    if not diagnosis.findings:
        lines += (
            [f"Nothing wrong found in {_read(diagnosis)}.", ""] if terminal else [_healthy(diagnosis), ""]
        )
    if diagnosis.acquitted:
        lines.append("Acquitted")
        for acquittal in diagnosis.acquitted:
            lines += _wrap(f"{acquittal.suspect}: {cleared(acquittal)}", width, "  ")
        lines.append("")
    if diagnosis.not_checked:
        lines.append("Not checked, because")
        for item in diagnosis.not_checked:
            lines += _wrap(f"{item.name}: {item.reason}. To settle it: {item.would_settle}.", width, "  ")
        lines.append("")
    if diagnosis.assumed and diagnosis.findings:
        lines += ["Assumed", *(line for a in diagnosis.assumed for line in _wrap(a, width, "  ")), ""]
    if terminal and diagnosis.checked:
        lines += [f"Checked, {len(diagnosis.checked)}", *_columns(diagnosis.checked, width)]
    elif diagnosis.findings:
        lines += _wrap(f"Checked: {', '.join(diagnosis.checked)}.", width, "")
    return lines


def diagnosis_text(diagnosis: Diagnosis, width: int = WIDTH) -> Text:
    """The same lines with colours, for `rich.console.Console.print`."""
    from rich.text import Text

    text = Text("\n".join(diagnosis_lines(diagnosis, width, terminal=True)))
    for word, style in STYLES.items():
        text.highlight_regex(rf"(?m)^(?:PROVED, )?{word}(?=[ ,])", style)
    text.highlight_regex(
        r"(?m)^(By the way|Acquitted|Assumed|All remedies together|Mended|Not checked, because|Checked)",
        "bold",
    )
    text.highlight_regex(r"(?m)^  (tried|rests on|explains|cannot tell|remedy|next step)", "cyan")
    text.highlight_regex(r"(?m)^ {14}[·━○●]+ 0 to 100 %$", "green")
    return text


def _healthy(diagnosis: Diagnosis) -> str:
    if not diagnosis.checked:
        return UNJUDGED
    return f"Nothing wrong found in {_read(diagnosis)}; checked {', '.join(diagnosis.checked)}."


def _read(diagnosis: Diagnosis) -> str:
    unread = {item.name for item in diagnosis.not_checked}
    return ", ".join(name for name in diagnosis.read if name not in unread) or "what was given"


def _columns(names: Sequence[str], width: int) -> Iterator[str]:
    """Names read downwards, in as many columns as fit."""
    cell = max(map(len, names)) + 2
    count = max(1, (width - 2) // cell)
    rows = -(-len(names) // count)
    for row in range(rows):
        yield "  " + "".join(f"{name:<{cell}}" for name in names[row::rows]).rstrip()


def _finding(finding: Finding, width: int, terminal: bool) -> Iterator[str]:
    both = ", ".join(filter(None, (finding.verdict, also(finding))))
    yield f"{both}  {finding.code} {finding.name}"
    yield from _wrap(finding.claim, width, "  ")
    if finding.trial is not None:
        yield from _labelled("tried", tried(finding.trial), width)
        if terminal:
            yield f"{'':14}{bar(finding.trial)} 0 to 100 %"
    label = "rests on"
    for source in finding.evidence[:QUOTES]:
        yield f"  {label:<12}{_place(source)}"
        label = ""
    if len(finding.evidence) > QUOTES:
        yield f"  {'':<12}and {len(finding.evidence) - QUOTES} more lines"
    explains = ", ".join(e for e in finding.explains if not e[1:].isdigit())
    for name, text in (
        ("explains", explains), ("cannot tell", finding.cannot_tell),
        ("remedy", finding.remedy), ("next step", finding.next_step),
    ):  # fmt: skip
        if text:
            yield from _labelled(name, text, width)


def _by_the_way(findings: list[Finding], width: int) -> Iterator[str]:
    for finding in findings:
        place = f" [{_where(finding.evidence[0])}]" if finding.evidence else ""
        yield from _wrap(f"{finding.code} {finding.name}: {finding.claim}{place}", width, "  ")
        yield from _wrap(finding.remedy, width, "    ")


def _labelled(name: str, text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=f"  {name:<12}", subsequent_indent=" " * 14,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _place(source: Source) -> str:
    quote = " ".join(source.quote.split())
    shown = quote if len(quote) <= QUOTE else f"{quote[: QUOTE - 3]}..."
    return f"{_where(source)}  {shown}".rstrip()


def _where(source: Source) -> str:
    return f"{source.file}:{source.line}" if source.line is not None else source.file


def _wrap(text: str, width: int, indent: str) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + ("  " if not indent else ""),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
