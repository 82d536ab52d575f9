"""Two ways to a network's input, compared, as one HTML file."""

from __future__ import annotations

from valscope.nouns.path_difference import Gap, PathDifference, PathPicture, PathSide
from valscope.report.page import STYLES, render, styles
from valscope.report.path_text import settings, unexplained
from valscope.report.pictures import kept
from valscope.words.plain import count, listing, number

MOST_NOTES = 20
MOST_PICTURES = 400_000  # characters; the rest of the page is small


def path_html(found: PathDifference) -> str:
    """One self-contained page: it loads nothing, runs nothing, and escapes every name."""
    pictures = kept([s for p in found.pictures for s in (p.first, p.second, p.difference)], MOST_PICTURES)
    return render(
        "paths.j2",
        css=styles(*STYLES, "diagnosis.css", "reconcile.css"),
        found=found,
        head=heading(found),
        meaning=meaning(found),
        stages=[(stage, numbers(stage.gap), place(stage.line)) for stage in found.stages],
        pictures=[shown(p, pictures) for p in found.pictures],
        sides=[(side, facts(side), settings(side)) for side in (found.first, found.second)],
        left=unexplained(found) if found.stages and not found.explained else "",
        notes=[*found.notes, *found.untested][:MOST_NOTES],
    )


def heading(found: PathDifference) -> str:
    """The answer in a few words."""
    if found.equal:
        return "Both ways give the network the same"
    stage = found.stages[0].stage
    if stage == "unknown":
        return "The two ways differ, and no known edit leads from one to the other"
    more = [stage.stage for stage in found.stages[1:]]
    return f"The two ways part at {stage}" + (f", then at {listing(more, 10)}" if more else "")


def meaning(found: PathDifference) -> str:
    """The numbers behind it."""
    if found.equal:
        return found.sentence
    where = f" The greatest is at {found.gap.file}." if found.gap is not None else ""
    return f"{numbers(found.gap).capitalize()} on {count(found.n, 'file')}.{where}"


def numbers(gap: Gap | None) -> str:
    """How far, in numbers."""
    if gap is None:
        return "the shape differs"
    return f"max |diff| {number(gap.most)}, mean {number(gap.mean)}, {100 * gap.share:.0f} % of all values"


def place(line: object) -> str:
    """File and line of a source, "" without one."""
    if line is None:
        return ""
    file, at = getattr(line, "file", ""), getattr(line, "line", None)
    return file if at is None else f"{file}:{at}"


def facts(side: PathSide) -> str:
    """What the tensors of a side are."""
    return f"{' x '.join(map(str, side.shape))} {side.dtype}, {number(side.low)} to {number(side.high)}"


def shown(picture: PathPicture, pictures: dict[str, str]) -> tuple[PathPicture, list[tuple[str, str]], str]:
    """A file with the pictures that there is room for."""
    named = (("first", picture.first), ("second", picture.second), ("difference", picture.difference))
    return picture, [(label, pictures.get(uri, "")) for label, uri in named], numbers(picture.gap)
