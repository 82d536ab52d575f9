"""What reconcile found, as one HTML file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from valscope.nouns.fact import Source
from valscope.nouns.reconciliation import Changed, Fall, Reconciliation, Waterfall
from valscope.nouns.result import Share
from valscope.report.charts.grid import MOST, grid_chart
from valscope.report.charts.waterfall import lost_words, waterfall_chart
from valscope.report.markup import Html, element, joined, preformatted
from valscope.report.page import STYLES, render, styles
from valscope.report.pictures import kept
from valscope.report.reconcile_words import (
    FROM,
    MOST_INTERACTIONS,
    doubt,
    end_words,
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
from valscope.words.plain import count, duration, interval, percent

MOST_PICTURES = 450_000  # characters of thumbnails; the rest of a page is about as much
MOST_MATCHES = 6
MOST_CHANGED = 24  # images that a reconciliation keeps
BADGES = {
    "equal": "equal",
    "fault": "fault",
    "training": "fault",
    "unmatched": "suspected",
    "unclear": "unclear",
}


@dataclass(frozen=True, slots=True)
class Way:
    """A waterfall ready for the page."""

    heading: str
    chart: Html
    mends: list[Mend]
    interactions: list[str]


@dataclass(frozen=True, slots=True)
class Mend:
    """A step with the line to change."""

    fall: Fall
    lost: str
    place: str
    patch: Html | None
    as_well: str
    doubt: str


def reconcile_html(found: Reconciliation, pictures: Mapping[str, str] | None = None) -> str:
    """One self-contained page: it loads nothing, runs nothing, and escapes every name.

    pictures  thumbnails by the path of the image ("data:image/...;base64,...") for the images that change their answer.
    """
    thumbnails = kept((pictures or {}).values(), MOST_PICTURES)
    by_path = {path: thumbnails.get(uri, "") for path, uri in (pictures or {}).items()}
    return render(
        "reconcile.j2",
        css=styles(*STYLES, "diagnosis.css", "reconcile.css"),
        found=found,
        verdict=verdict_words(found),
        badge=BADGES[found.verdict],
        ends=ends(found),
        ways=[way(whole, found) for whole in found.waterfalls],
        grid=grid_chart(found.variants, claimed(found), used=used_name(found)),
        hidden=max(0, len(found.variants) - MOST),
        claims=[
            (
                claim,
                place(claim.source),
                seen_on(claim, found.n),
                names[:MOST_MATCHES],
                len(names) - MOST_MATCHES,
            )
            for claim in found.claims
            for names in [ways_of(claim, found)]
        ],
        changed=[(image, by_path.get(image.path, "")) for image in found.changed],
        gallery=gallery_words(found.changed),
        first=start_words(found),
        second=end_words(found.waterfalls[0]) if found.waterfalls else "",
        reference=reference(found),
        snippet=preformatted(found.snippet) if found.snippet else None,
        took=duration(found.seconds),
    )


def ends(found: Reconciliation) -> list[tuple[str, str, str]]:
    """(label, accuracy, interval) of both ends of the first waterfall, else of the reference alone, after
    training's where a number was that."""
    if found.waterfalls and found.waterfalls[0].falls:
        whole = found.waterfalls[0]
        return [_end(start_words(found), whole.start), _end(end_words(whole), whole.end)]
    training = next((v for v in found.variants if v.on_training and found.verdict == "training"), None)
    first = [_end("on training images", training.accuracy)] if training is not None else []
    return [*first, _end(start_words(found), found.variants[0].accuracy)] if found.variants else []


def _end(label: str, counted: Share) -> tuple[str, str, str]:
    if counted.value is None:
        return label, percent(None, 0), ""
    return label, percent(counted.value, counted.n), interval(counted.low, counted.high, counted.n)


def way(whole: Waterfall, found: Reconciliation) -> Way:
    """A waterfall with its steps."""
    return Way(
        heading(whole, found),
        waterfall_chart(whole, start_words(found), end_words(whole)),
        [_mend(fall, whole) for fall in whole.falls],
        [interaction(one, whole) for one in whole.interactions[:MOST_INTERACTIONS]],
    )


def _mend(fall: Fall, whole: Waterfall) -> Mend:
    return Mend(
        fall,
        lost_words(fall.lost, fall.low, fall.high) + " points",
        place(fall.line) or place(fall.trained_line),
        _patch(fall) if mended(fall, whole) else None,
        several(fall.alternatives, 6),
        doubt(fall, whole),
    )


def _patch(fall: Fall) -> Html | None:
    """The line of use taken out, the line that mends it put in."""
    lines = []
    if fall.trained_line is not None and fall.trained_line.quote:
        lines.append(element("span", f"  {_line(fall.trained_line)}   # training", class_="place"))
    if fall.line is not None and fall.line.quote:
        lines.append(element("span", f"- {_line(fall.line)}", class_="removed"))
    if fall.change:
        lines.append(element("span", f"+ {fall.change}", class_="added"))
    return joined(*lines) if lines else None


def _line(source: Source) -> str:
    return " ".join(source.quote.split())[:200]


def claimed(found: Reconciliation) -> dict[str, list[float]]:
    """Name of a variant to the claimed numbers that it gives."""
    marks: dict[str, list[float]] = defaultdict(list)
    for claim in found.claims:
        for name in claim.matches:
            marks[name].append(claim.value)
    return dict(marks)


def place(source: Source | None) -> str:
    """File and line, "" without."""
    if source is None:
        return ""
    return source.file if source.line is None else f"{source.file}:{source.line}"


def gallery_words(changed: tuple[Changed, ...]) -> str:
    """What the gallery shows."""
    first = "the first " if len(changed) >= MOST_CHANGED else ""
    return f"The reference names them right, the use names them wrong; {first}{count(len(changed), 'image')} shown."


def reference(found: Reconciliation) -> list[tuple[str, str]]:
    """What everything is compared with, as terms."""
    p, head = found.reference.preparation, found.model.head
    rows = [("From", FROM[found.reference_from])]
    if p is not None:
        rows.append(("Size", f"{p.height} x {p.width}"))
    rows += [(axis[:1].upper() + axis[1:], text) for axis, text in found.settings]
    rows.append(("Outputs", f"{head.kind} of {count(head.outputs, 'output')}"))
    others = [
        f"{axis}: {several(names, 12)}" if axis else several(names, 4)
        for axis, names in like_reference(found)
    ]
    if others:
        rows.append(("Cannot be told from it", ". ".join(others)))
    return rows
