"""What reconcile found, as plain lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from valscope.nouns.fact import Source
from valscope.nouns.reconciliation import Fall, Reconciliation, Waterfall
from valscope.report.reconcile_words import (
    FROM,
    MOST_INTERACTIONS,
    doubt,
    heading,
    interaction,
    like_reference,
    mended,
    seen_on,
    several,
    start_words,
    used_name,
    verdict_words,
    ways_of,
)
from valscope.words.plain import clean, count, duration, percent, share

WIDTH = 100
BAR = 24
MOST_QUOTE = 88


def reconcile_lines(found: Reconciliation, width: int = WIDTH) -> list[str]:
    """The verdict first, then the waterfall, the claims, the grid and the corrected code."""
    lines = [*_wrap(f"{verdict_words(found)}  {clean(found.sentence)}", width), ""]
    for whole in found.waterfalls:
        lines += [*_waterfall(whole, found, width), ""]
    if found.claims:
        lines += [*_claims(found, width), ""]
    lines += [*_reference(found, width), ""]
    lines += [*_grid(found, width), ""]
    if found.snippet and found.verdict == "fault":
        lines += [
            "Prediction that gives the reference's answers",
            *(f"    {s}" for s in found.snippet.splitlines()),
            "",
        ]
    for note in found.notes:
        lines += _wrap(f"Note: {clean(note)}", width)
    for item in found.not_checked:
        lines += _wrap(
            f"Not checked: {item.name}, because {_lower(item.reason)} To settle it: {item.would_settle}.",
            width,
        )
    model = f"{clean(found.model.file)} on {count(found.n, 'image')} of {clean(found.data)}"
    return [*lines, f"{model}, {duration(found.seconds)}"]


def _waterfall(whole: Waterfall, found: Reconciliation, width: int) -> Iterator[str]:
    yield heading(whole, found)
    yield f"  {share(whole.start):<26}{_bar(whole.start.value)}  {start_words(found)}"
    for fall in whole.falls:
        why = doubt(fall, whole)
        mark = f"   ({why})" if why else ""
        lost = f"{-100 * fall.lost:+.1f} [{-100 * fall.high:+.1f}, {-100 * fall.low:+.1f}]"
        yield f"  {share(fall.accuracy):<26}{_bar(fall.accuracy.value)}  {lost}  {fall.step.axis}{mark}"
        yield from _wrap(f"{fall.step.after}, instead of {fall.step.before}", width, " " * 6)
        yield from _where(fall, whole, width)
    for one in whole.interactions[:MOST_INTERACTIONS]:
        yield from _wrap(interaction(one, whole), width, "  ")


def _where(fall: Fall, whole: Waterfall, width: int) -> Iterator[str]:
    if fall.line is not None:
        yield f"      used at   {_place(fall.line)}"
    if fall.trained_line is not None:
        yield f"      trained   {_place(fall.trained_line)}"
    if fall.change and mended(fall, whole):  # a step that costs nothing needs no mending
        yield f"      write     {clean(fall.change)}"
    if fall.alternatives:
        yield from _wrap(f"as well: {several(fall.alternatives, 6)}", width, " " * 6)


def _claims(found: Reconciliation, width: int) -> Iterator[str]:
    yield "Which pipeline gives the number"
    for claim in found.claims:
        place = _place(claim.source) if claim.source is not None else ""
        where = "; ".join(filter(None, (place, seen_on(claim, found.n))))
        yield from _wrap(f"{100 * claim.value:.1f} %{f'   {where}' if where else ''}", width, "  ")
        if claim.matches:
            names = ways_of(claim, found)
            for name in names[:6]:
                yield from _wrap(clean(name), width, "      ")
            if len(names) > 6:
                yield f"      and {len(names) - 6} more"
        else:
            yield "      none that was tried"


def _reference(found: Reconciliation, width: int) -> Iterator[str]:
    yield f"The reference: {FROM[found.reference_from]}"
    p = found.reference.preparation
    size = [] if p is None else [f"{p.height} x {p.width}"]
    head = f"{found.model.head.kind} of {count(found.model.head.outputs, 'output')}"
    yield from _wrap("; ".join([*size, *(text for _, text in found.settings), head]), width, "  ")
    others = like_reference(found)
    if others:
        yield "  Cannot be told from it on these images:"
    for axis, names in others:
        yield from _hanging(axis, several(names, 12), width)


def _hanging(head: str, text: str, width: int) -> list[str]:
    """Text beside its head."""
    lines = _wrap(text, width - 18)
    return [f"    {head if i == 0 else '':<14}{line.strip()}" for i, line in enumerate(lines)]


def _grid(found: Reconciliation, width: int) -> Iterator[str]:
    variants, used = found.variants, used_name(found)
    yield "The grid: one setting changed"
    axis = ""
    alike = [
        v.name if v.metric or len(v.steps) != 1 else v.steps[0].after for v in variants if v.same and v.steps
    ]
    for v in variants:
        if v.same and v.steps:
            continue
        of = (
            "training"
            if v.on_training
            else "metric"
            if v.metric
            else v.steps[0].axis
            if len(v.steps) == 1
            else "in use"
            if v.steps
            else ""
        )
        name = v.name if len(v.steps) != 1 else v.steps[0].after
        head = of if of != axis else ""
        axis = of
        same = "tied" if v.tied and v.steps else ""
        same += (
            ", in use"
            if same and v.name == used
            else "in use"
            if v.name == used and len(v.steps) == 1
            else ""
        )
        shown = percent(v.accuracy.value, v.scored)
        few = f" of {v.scored}" if v.scored < variants[0].scored else ""
        text = f"  {head:<14}{shown:>8}{few:<7} {_bar(v.accuracy.value)}  {clean(name)}"
        yield f"{text}   {same}".rstrip()[: width + 30]
    if alike:
        yield from _wrap(f"The reference's answers on every image: {several(alike, 30)}.", width, "  ")


def _bar(value: float | None) -> str:
    full = round(BAR * (value or 0.0))
    return "█" * full + "·" * (BAR - full)


def _lower(sentence: str) -> str:
    """A sentence after "because"."""
    return f"{sentence[:1].lower()}{sentence[1:].rstrip('.')}."


def _place(source: Source) -> str:
    quote = " ".join(source.quote.split())[:MOST_QUOTE]
    where = f"{source.file}:{source.line}" if source.line is not None else source.file
    return clean(f"{where}  {quote}".rstrip())


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + ("  " if not indent else ""),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
