"""Where two ways part: known values are replayed, tensors are mapped onto each other, functions are recognised."""

from __future__ import annotations

from valscope.nouns.path_difference import PathStage
from valscope.paths.both import Both
from valscope.paths.direct import FORMULA, direct
from valscope.paths.fields import replay
from valscope.paths.likely import likely
from valscope.paths.parting import Parting


def parting(both: Both) -> Parting:
    """The stages at which two ways differ on their files, in the order of the way; none where they agree."""
    layout = _layout(both)
    if both.gap is not None and both.gap.most <= both.within:
        return Parting(layout, None, True)
    first, second = (way.preparation for way in both.ways)
    if first is not None and second is not None:
        replayed = replay(first, second, both.files)
        if replayed.stages:
            return Parting(replayed.stages, None, True, notes=replayed.idle)
    edits = direct(both.first, both.second, both.files)
    if edits and not any(stage.first == FORMULA for stage in edits):
        return Parting((*edits, *layout), None, True)
    found = likely(both)
    if edits and (found is None or not found.explained):
        return Parting((*edits, *layout), None, True)
    return found or Parting((*_unknown(both), *layout), both.gap, False)


def _layout(both: Both) -> tuple[PathStage, ...]:
    """The same numbers under another order of axes."""
    one, other = both.shapes
    if one == other or both.first[0].shape != both.second[0].shape:
        return ()
    return (PathStage("layout", f"shape {one}", f"shape {other}", None),)


def _unknown(both: Both) -> tuple[PathStage, ...]:
    """What the shapes alone say, or that nothing known leads from the one to the other."""
    one, other = both.first[0].shape, both.second[0].shape
    if one[:2] != other[:2]:
        return (PathStage("size", f"{one[0]} x {one[1]}", f"{other[0]} x {other[1]}", None),)
    if one[2] != other[2]:
        return (PathStage("colour", f"{one[2]} channels", f"{other[2]} channels", None),)
    return (PathStage("unknown", "not recognised", "no single known edit leads here", both.gap),)
