"""The division of the data that code shows, as a recipe's `Split`. Users do not group what belongs together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from valscope.case.rebuild.chosen import Chosen, before
from valscope.case.rebuild.material import Material
from valscope.case.rebuild.notes import Notes
from valscope.nouns.fact import Source
from valscope.nouns.recipe import Split
from valscope.nouns.script import SplitCall

USUAL = 0.2  # share for validation where the text tells none
SHUFFLES = re.compile(
    r"\b(?:permutation|permuted|shuffle|random\.sample)\s*\(|\.sample\s*\(\s*frac|\bargsort\s*\(.*\brand|"
    r"\bchoice\s*\(.*replace\s*=\s*False"
)
# A shuffle of another thing: the argument of a call, or tf.data's own.
NOT_ROWS = re.compile(r"shuffle\s*=|\bdef\s|\.shuffle\s*\(\s*(?:\d|buffer|BUFFER|AUTOTUNE|len)")


def split_of(
    chosen: Chosen, data: Material, lines: Sequence[Source], ratio: float | None, notes: Notes
) -> Split:
    """How rows become parts. `lines` are all lines of the code; `ratio` validated over trained images as the
    text tells."""
    fit = chosen.fit
    calls = [s for s in chosen.script.splits if s.name != "slice" or s.shares]
    if fit is not None and fit.validation == "split" and fit.validation_split is not None:
        return _validation_split(chosen, data, calls, lines, notes)
    feed = chosen.feed
    if _other_folder(chosen) and _has_parts(data):
        return Split("given", val=0.15, test=0.0, grouping="none")
    if feed is not None and feed.validation_split is not None and 0 < feed.validation_split.value < 1:
        share = notes.say("split.val", feed.validation_split)
        notes.at("split.kind", feed.source)
        if feed.kind.startswith("flow"):
            notes.at("split.kind", feed.source)
            return Split("class_head", val=share, test=0.0, grouping="none")
        return _drawn(share, notes)
    if calls and not _only_parts(data, chosen):
        calls = [_in_shares(c, data.total) for c in calls]
        return _called(calls, _stands_by_class(chosen, calls[0], lines), notes)
    if _has_parts(data):
        return Split("given", val=0.15, test=0.0, grouping="none")
    share = ratio / (1 + ratio) if ratio else USUAL
    told = "as the text tells" if ratio else "which the code does not tell"
    notes.assume(f"{share:.0%} of the images validate, {told}, drawn within each class.")
    return Split("stratified", val=round(share, 4), test=0.0, grouping="none")


def _has_parts(data: Material) -> bool:
    names = {name for name, _ in data.parts}
    return "train" in names and len(names) > 1


def _other_folder(chosen: Chosen) -> bool:
    """Whether validation has a folder of its own; a share that either generator keeps back is left out."""
    folders = [
        f.directory.value for f in (chosen.feed, chosen.validation_feed) if f is not None and f.directory
    ]
    return len(folders) == 2 and folders[0] != folders[1]


def _only_parts(data: Material, chosen: Chosen) -> bool:
    """Whether folders give the parts, so that a call elsewhere in the code does not make them."""
    return (
        _has_parts(data)
        and chosen.validation_feed is not None
        and chosen.validation_feed.directory is not None
    )


def _validation_split(
    chosen: Chosen, data: Material, calls: Sequence[SplitCall], lines: Sequence[Source], notes: Notes
) -> Split:
    """Keras takes the last rows as they stand; rows that were permuted before stand in random order."""
    fit = chosen.fit
    assert fit is not None and fit.validation_split is not None
    share = notes.say("split.val", fit.validation_split)
    notes.at("split.kind", fit.validation_split.source)
    earlier = [c for c in calls if before(c.source, fit.source) and c.name == "train_test_split"]
    held = _share(earlier[0]) if earlier else 0.0
    if earlier and earlier[0].shuffle is False:
        return Split("tail", val=share, test=held, grouping="none")
    permuted = mixing_line(lines, fit.source)
    if not earlier and permuted is None:
        if not data.top and (chosen.path is None or chosen.path.reader is None):
            notes.assume(
                "The code does not show in which order rows stand; they stand as the folder lists them."
            )
        return Split("tail", val=share, test=0.0, grouping="none")
    if permuted is not None and not earlier:
        notes.at("split.kind", permuted)
    for call in earlier:
        notes.at("split.test", call.source)
    return _drawn(round(share * (1 - held), 4), notes, held)


def mixing_line(lines: Sequence[Source], fit: Source) -> Source | None:
    """The first line before a training call that puts rows into random order."""
    return next((s for s in lines if before(s, fit) and shuffles_rows(s.quote)), None)


def shuffles_rows(line: str) -> bool:
    """Whether a line of code puts rows into random order."""
    code = line.partition("#")[0]
    return bool(SHUFFLES.search(code)) and not NOT_ROWS.search(code)


def _drawn(share: float, notes: Notes, test: float = 0.0) -> Split:
    notes.assume("Images are drawn for validation within each class.")
    return Split("stratified", val=share, test=test, grouping="none")


def _stands_by_class(chosen: Chosen, call: SplitCall, lines: Sequence[Source]) -> bool:
    """Whether a cut leaves rows in the order in which the code reads them from files: nothing shuffles them before it,
    and what stands before it trains."""
    if (
        call.name != "slice"
        or call.shuffle
        or chosen.path is None
        or chosen.path.reader in (None, "features")
    ):
        return False
    return _trains_first(call) and not any(before(s, call.source) and shuffles_rows(s.quote) for s in lines)


def _in_shares(call: SplitCall, total: int) -> SplitCall:
    """A cut that is written in rows, as the share of all rows that trains."""
    rows = call.shares[0] if call.name == "slice" and call.shares else None
    if rows is None or not 1 < abs(rows.value) < total:
        return call
    before = (rows.value % total) / total
    return replace(
        call, shares=(replace(rows, value=round(before if _trains_first(call) else 1 - before, 6)),)
    )


def _trains_first(call: SplitCall) -> bool:
    """Whether the rows before the cut train."""
    text, *names = call.items
    return ("[:" in text.replace(" ", "")) == any("train" in name.lower() for name in names)


def _called(calls: Sequence[SplitCall], by_class: bool, notes: Notes) -> Split:
    """train_test_split once (validation) or twice (test, then validation), folds, slices."""
    first = calls[0]
    for call in calls[:2]:
        notes.at("split.kind", call.source)
    if "Fold" in first.name:
        folds = first.shares[0].value if first.shares and first.shares[0].value > 1 else 5
        notes.assume("One fold stands for all of them.")
        return Split(
            "stratified" if first.shuffle or first.stratify else "tail", round(1 / folds, 4), 0.0, "none"
        )
    if first.name in ("slice", "take_skip") and (cuts := _cuts(calls)):
        return Split("tail" if by_class else "stratified", *cuts, grouping="none")
    twice = (
        first.name in ("train_test_split", "random_split") and len(calls) > 1 and calls[1].name == first.name
    )
    share = _share(first)
    if by_class or (first.shuffle is False and first.name == "train_test_split"):
        return Split("tail", val=share, test=0.0, grouping="none")
    if twice:
        val, test = _two_shares(first, calls[1], share, _share(calls[1]))
        return Split("stratified", val=round(val, 4), test=round(test, 4), grouping="none")
    if not first.stratify:
        notes.assume("Images are drawn for validation within each class.")
    return Split("stratified", val=share, test=0.0, grouping="none")


def _two_shares(first: SplitCall, second: SplitCall, share: float, rest: float) -> tuple[float, float]:
    """(val, test) of all images: the second division is one of what was held out, or of what was left to train."""
    names = [name.strip() for name in first.source.quote.partition("=")[0].split(",")]
    held_out = len(names) > 1 and bool(second.items) and second.items[0].strip() == names[1]
    return (share * (1 - rest), share * rest) if held_out else (rest * (1 - share), share)


def _cuts(calls: Sequence[SplitCall]) -> tuple[float, float] | None:
    """(val, test) of two cuts through the same rows: what trains, and what is held out for the test."""
    trained = [s.value for c in calls for s in c.shares if 0 < s.value < 1]
    tested = [s.value for c in calls for s in c.shares if _tests(c) and 0 < s.value < 1]
    if not trained or not tested or min(trained) >= max(tested):
        return None
    return round(max(tested) - min(trained), 4), round(1 - max(tested), 4)


def _tests(call: SplitCall) -> bool:
    return call.name == "slice" and any("test" in name.lower() for name in call.items[1:])


def _share(call: SplitCall) -> float:
    """The share that is held out: the first written, 0.25 for scikit-learn where none is."""
    values = [fact.value for fact in call.shares if 0 < fact.value < 1]
    if call.name in ("random_split", "slice", "take_skip") and values:
        return round(1 - values[0], 4)
    return values[0] if values else 0.25 if call.name == "train_test_split" else USUAL
