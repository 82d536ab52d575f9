"""What reconcile found, as plain lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from valscope.nouns.fact import Source
from valscope.nouns.reconciliation import Fall, Reconciliation, Variant, Waterfall
from valscope.report.reconcile_words import MOST_INTERACTIONS, doubt, interaction, seen_on, ways_of
from valscope.report.words import clean, count, duration, listing, percent, share

WIDTH = 100
BAR = 24
VERDICTS = {"equal": "EQUAL", "fault": "FAULT", "unmatched": "NOT EXPLAINED", "unclear": "COULD NOT JUDGE"}
FROM = {
    "run": "as the run stores it", "script": "as the code has it", "given": "as given",
    "found": "the best that was found", "claim": "what gives the claimed number",
}  # fmt: skip
MOST_QUOTE = 88


def reconcile_lines(found: Reconciliation, width: int = WIDTH) -> list[str]:
    """The verdict first, then the waterfall, the claims, the grid and the corrected code."""
    lines = [*_wrap(f"{VERDICTS[found.verdict]}  {clean(found.sentence)}", width), ""]
    for whole in found.waterfalls:
        lines += [*_waterfall(whole, width), ""]
    if found.claims:
        lines += [*_claims(found, width), ""]
    lines += [*_reference(found, width), ""]
    lines += [*_grid(found.variants, width), ""]
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
            f"Not checked: {item.name}, because {item.reason} To settle it: {item.would_settle}.", width
        )
    model = f"{clean(found.model.file)} on {count(found.n, 'image')} of {clean(found.data)}"
    return [*lines, f"{model}, {duration(found.seconds)}"]


def _waterfall(whole: Waterfall, width: int) -> Iterator[str]:
    claim = "" if whole.claim is None else f" (to the claimed {100 * whole.claim:.1f} %)"
    yield f"Where the points are lost{claim}"
    yield f"  {share(whole.start):<26}{_bar(whole.start.value)}  as trained"
    for fall in whole.falls:
        why = doubt(fall, whole)
        mark = f"   ({why})" if why else ""
        lost = f"{-100 * fall.lost:+.1f} [{-100 * fall.high:+.1f}, {-100 * fall.low:+.1f}]"
        yield f"  {share(fall.accuracy):<26}{_bar(fall.accuracy.value)}  {lost}  {fall.step.axis}{mark}"
        yield from _wrap(f"{fall.step.after}, instead of {fall.step.before}", width, " " * 6)
        yield from _where(fall, width)
    for one in whole.interactions[:MOST_INTERACTIONS]:
        yield from _wrap(interaction(one, whole), width, "  ")


def _where(fall: Fall, width: int) -> Iterator[str]:
    if fall.line is not None:
        yield f"      used at   {_place(fall.line)}"
    if fall.trained_line is not None:
        yield f"      trained   {_place(fall.trained_line)}"
    if fall.change and fall.sure:  # a step that costs nothing needs no mending
        yield f"      write     {clean(fall.change)}"
    if fall.alternatives:
        yield from _wrap(f"as well: {listing(fall.alternatives, 6)}", width, " " * 6)


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
    if p is not None:
        kernel = p.kernel + (", antialiased" if p.antialias else "")
        colours = "grey" if p.channels == 1 else p.order.upper()
        yield from _wrap(
            f"{p.height} x {p.width} {colours}, {kernel}, {p.geometry}, scale {p.scale}; {found.reference.mode} "
            f"statistics; {found.model.head.kind} of {count(found.model.head.outputs, 'output')}",
            width, "  ",
        )  # fmt: skip
    others = [v.name for v in found.variants if v.tied and v.steps and not v.same]
    if others:
        yield from _wrap(f"Cannot be told from it on these images: {listing(others, 12)}.", width, "  ")


def _grid(variants: Sequence[Variant], width: int) -> Iterator[str]:
    yield "The grid: one setting changed"
    axis = ""
    alike = [
        v.name if v.metric or len(v.steps) != 1 else v.steps[0].after for v in variants if v.same and v.steps
    ]
    for v in variants:
        if v.same and v.steps:
            continue
        of = "metric" if v.metric else v.steps[0].axis if len(v.steps) == 1 else "in use" if v.steps else ""
        name = v.name if len(v.steps) != 1 else v.steps[0].after
        head = of if of != axis else ""
        axis = of
        same = "tied" if v.tied and v.steps else ""
        shown = percent(v.accuracy.value, v.scored)
        few = f" of {v.scored}" if v.scored < variants[0].scored else ""
        text = f"  {head:<14}{shown:>8}{few:<7} {_bar(v.accuracy.value)}  {clean(name)}"
        yield f"{text}   {same}".rstrip()[: width + 30]
    if alike:
        yield from _wrap(f"The reference's answers on every image: {listing(alike, 30)}.", width, "  ")


def _bar(value: float | None) -> str:
    full = round(BAR * (value or 0.0))
    return "█" * full + "·" * (BAR - full)


def _place(source: Source) -> str:
    quote = " ".join(source.quote.split())[:MOST_QUOTE]
    where = f"{source.file}:{source.line}" if source.line is not None else source.file
    return clean(f"{where}  {quote}".rstrip())


def _wrap(text: str, width: int, indent: str = "") -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent + ("  " if not indent else ""),
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
