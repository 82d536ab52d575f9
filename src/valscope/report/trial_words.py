"""A trial in words: what was changed, what it brought, how sure that is; the same in the terminal and on the page."""

from __future__ import annotations

from collections.abc import Iterator

from valscope.nouns.finding import Mended
from valscope.nouns.trial import Arm, Kind, Trial
from valscope.words.change import instead
from valscope.words.plain import count, duration, listing, percent, points, share

Term = tuple[str, str]
LONGEST = 120  # characters of what was changed, before the numbers

# What both arms were scored on; "untouched" only where neither has trained on it.
IMAGES: dict[Kind, str] = {
    "training": "untouched image", "null": "untouched image", "growth": "untouched image",
    "rescoring": "image", "paths": "image", "ablation": "image",
}  # fmt: skip


# The lab's short labels, as a reader needs them who has not seen the code.
LABELS = {"with it": "with the fault"}
WHOLE = {"with it": "as reported"}  # where all remedies are tried together


def label(trial: Trial, arm: Arm) -> str:
    """What an arm is."""
    return (LABELS if trial.code else WHOLE).get(arm.label, arm.label)


def innocent(trial: Trial) -> bool:
    """Whether a trial acquits because mending brings too little; others do because something else is there."""
    return trial.kind not in ("null", "growth")


def own_exam(trial: Trial) -> bool:
    """Whether each arm's own validation part decides, and not the probe images."""
    return trial.measured_on == "validation" and bool(trial.control.validation and trial.treated.validation)


def deciding(trial: Trial, arm: Arm) -> tuple[float, ...]:
    """The accuracies that decide, one a seed."""
    return arm.validation if own_exam(trial) else arm.accuracies


def mean(trial: Trial, arm: Arm) -> float:
    """Mean of the accuracies that decide."""
    values = deciding(trial, arm)
    return sum(values) / len(values)


def probe(trial: Trial) -> str:
    """`300 untouched images, 3 seeds`: what the two arms were compared on."""
    seeds = len(trial.treated.accuracies)
    repeated = f", {seeds} seeds" if seeds > 1 else ""
    if own_exam(trial):
        return f"each arm's own validation part ({count(trial.n, 'image')} when mended){repeated}"
    return count(trial.n, IMAGES[trial.kind]) + repeated


def before_after(trial: Trial, arrow: str = "->") -> str:
    """`41.9 % -> 96.3 %`: the mean accuracies of control and treated."""
    before, after = mean(trial, trial.control), mean(trial, trial.treated)
    return f"{percent(before, trial.n)} {arrow} {percent(after, trial.n)}"


def tried(trial: Trial) -> str:
    """`with learning rate 0.001 instead of 0.1: 41.9 % -> 96.3 % on 300 untouched images, 3 seeds [+51.2, +57.0],
    p < 0.0001`; p is Holm's."""
    how = instead(trial.changes) if trial.changes and trial.code else ""
    how = f"{how}: " if how and len(how) <= LONGEST else ""
    beside = trial.mended_words or trial.mended
    also = f"; {listing(beside)} mended in both" if beside else ""
    return f"{how}{before_after(trial)} on {probe(trial)} {spread(trial)}, {p_value(trial.p_holm)}{also}"


def mended(made: Mended) -> str:
    """What --fix trained, and what it is worth beside the reported training."""
    before = (
        f" The reported training had {share(made.before)} of {count(made.before.n, 'untouched image')}."
        if made.before
        else ""
    )
    part = "untouched test part" if made.part == "test" else f"{made.part} part"
    return (
        f"Mended: trained again as {made.run} by {made.recipe}: {share(made.accuracy)} of "
        f"{count(made.accuracy.n, 'image')} of its {part}.{before}"
    )


def spread(trial: Trial) -> str:
    """`[+51.2, +57.0]`: the 95 % interval of the difference in points."""
    return f"[{100 * trial.low:+.1f}, {100 * trial.high:+.1f}]"


def difference(trial: Trial) -> str:
    """`+54.4 points [+51.2, +57.0]`."""
    return f"{100 * trial.difference:+.1f} points {spread(trial)}"


def p_value(p: float) -> str:
    """`p < 0.0001`, `p = 0.031`."""
    return "p < 0.0001" if p < 0.0001 else f"p = {p:.2g}" if p < 0.995 else "p = 1"


def acquitted(trial: Trial) -> str:
    """`58.1 to 57.9 % [-2.2, +2.0], less than a quarter of the gap of 57.0 points`."""
    limit = f", less than a quarter of the gap of {points(trial.gap)}" if trial.gap else ""
    return f"{before_after(trial, 'to').replace(' % to', ' to')} {spread(trial)}{limit}"


def trial_terms(trial: Trial) -> list[Term]:
    """(term, sentence) pairs: everything that the picture of a trial does not say."""
    return list(_terms(trial))


def _terms(trial: Trial) -> Iterator[Term]:
    chances = "images and seeds" if len(trial.treated.accuracies) > 1 else "images"
    yield "Change", f"{difference(trial)} (95 % interval over {chances})"
    if trial.gap:
        yield "To explain", f"a gap of {points(trial.gap)}{_share_of_gap(trial)}"
    yield "Compared on", probe(trial)
    if not own_exam(trial):
        changed = f"{count(trial.only_treated, 'image')} only after, {trial.only_control:,} only before"
        yield "Right", f"{changed}; all others in both or in neither"
    yield "Chance alone", chance(trial)
    if trial.noise:
        yield "Seed noise", f"{points(trial.noise)} between seeds of one arm"
    yield "Reported number", reproduced(trial)
    if trial.mended:
        yield "Mended in both", listing(trial.mended_words or trial.mended, most=9)
    if trial.seconds:
        yield "Took", duration(trial.seconds)


def _share_of_gap(trial: Trial) -> str:
    if not 0 < trial.difference <= trial.gap * 1.5:
        return ""
    return f", of which the change brings {min(100, round(100 * trial.difference / trial.gap))} %"


def chance(trial: Trial) -> str:
    """`p = 0.002 (exact McNemar); p = 0.004 after Holm's correction for all trials of this case`."""
    seeds = " over all seeds" if len(trial.treated.accuracies) > 1 else ""
    test = "comparison of two shares" if own_exam(trial) else f"exact McNemar{seeds}"
    alone = f"{p_value(trial.p)} ({test})"
    return f"{alone}; {p_value(trial.p_holm)} after Holm's correction for all trials of this case"


def reproduced(trial: Trial) -> str:
    """Whether the control showed what the user saw."""
    if trial.reproduced is None:
        return "nothing comparable was reported"
    if not trial.reproduced:
        return "not reproduced by the control, so that something else differs too"
    return "reproduced by the control within its interval"
