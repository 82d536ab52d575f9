"""Parts of one thing whose rows change sides, or that were cut from it in two ways."""

from __future__ import annotations

from collections.abc import Iterator

from valscope.case.shared_rows import dealt_anew
from valscope.evidence.laws.subsets import Common, common
from valscope.nouns.script import RowRange, ScriptFacts
from valscope.nouns.script.subsets import Subset

_TENSORFLOW = {"keras", "tf.keras", "tensorflow"}
Cut = tuple[Subset, Subset, Common]


def dealt_parts(script: ScriptFacts) -> tuple[RowRange, RowRange] | None:
    """What trains and what scores, where each pass draws again what they are: by one training call, else by their names.

    None without TensorFlow: datasets of others, whose methods have the same names, are shuffled once.
    """
    known = {fact.value for fact in script.frameworks}
    if known - {"sklearn"} and not known & _TENSORFLOW:
        return None
    for called in (True, False):
        ranges = [one for one in script.ranges if (one.call is not None) == called]
        for trained in (one for one in ranges if one.use == "train"):
            for scored in (one for one in ranges if one.use != "train"):
                if trained.turn == scored.turn and dealt_anew(trained, scored):
                    return trained, scored
    return None


def cut_twice(script: ScriptFacts) -> Cut | None:
    """What trains and what validates, where loaders cut both from the same files and some stand in both."""
    return next(_by_call(script), None) or next(_by_part(script), None)


def _by_call(script: ScriptFacts) -> Iterator[Cut]:
    called = [one for one in script.subsets if one.call is not None]
    for trained in (one for one in called if one.use == "train"):
        for scored in (one for one in called if one.use == "validation" and one.turn == trained.turn):
            shared = common(trained, scored)
            if shared is not None:
                yield trained, scored, shared


def _by_part(script: ScriptFacts) -> Iterator[Cut]:
    """A validation part that shares files with every training part of its folder: one may belong to it."""
    given = {one.source for one in script.subsets if one.call is not None}
    loose = [one for one in script.subsets if one.call is None]
    for scored in (one for one in loose if one.part == "validation" and one.source not in given):
        mates = [one for one in loose if one.part == "training" and one.base == scored.base]
        shared = [common(one, scored) for one in mates]
        found = [(one, scored, both) for one, both in zip(mates, shared) if both is not None]
        if found and len(found) == len(mates):
            yield found[0]


def share_of_all(part: RowRange) -> float | None:
    """Which share of all rows a part holds, None where the text does not tell."""
    size = part.end.minus(part.first)
    alone = len(size.terms) == 1 and size.terms[0][0] == part.length and not size.count
    return size.terms[0][1] if alone and 0 < size.terms[0][1] < 1 else None


def passes(script: ScriptFacts, trained: RowRange) -> int:
    """How often the training rows are drawn before the last validation, 1 where that is not known."""
    fit = next((fit for fit in script.fits if fit.source == trained.call), None)
    epochs = fit.epochs.value.value if fit is not None and fit.epochs is not None else None
    return max(1, int(epochs)) if epochs is not None and trained.once is False else 1
