"""Puts suspicions on trial by training: the reported training against the same with one thing mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import ModuleType

from valscope import stats
from valscope.diagnosis.suspects import of_recipes
from valscope.diagnosis.trouble import Trouble, trouble
from valscope.lab.arms import SHOWN, Contrast, Right, contrast
from valscope.lab.bench import Bench, middle
from valscope.lab.changes import changes_between
from valscope.lab.design import Design, Designed, Pair, Suspect, mended
from valscope.lab.exam import changes_exam, exam_contrast
from valscope.lab.repetition import Repetition, trained_alike
from valscope.lab.ruling import reproduces, ruled
from valscope.nouns.finding import Finding, NotChecked
from valscope.nouns.recipe import Recipe
from valscope.nouns.training import Training, last
from valscope.nouns.trial import Arm, Change, Trial
from valscope.scoring import share
from valscope.words.change import instead, told
from valscope.words.plain import listing


@dataclass(frozen=True, slots=True)
class Heard:
    """trials   one a suspect.
    whole    the reported training against the same with what helps mended, None where nothing tried does.
    missing  what could not be tried."""

    trials: tuple[Trial, ...] = ()
    whole: Trial | None = None
    missing: tuple[NotChecked, ...] = ()


def try_training(bench: Bench, rules: Iterable[ModuleType], findings: Sequence[Finding]) -> Heard:
    """Try every suspect of the user's training that the budget allows; nothing where nothing is amiss."""
    training = bench.training
    if training is None:
        return Heard()
    amiss = trouble(training)
    serious = [f for f in findings if f.weight > 0 and not f.minor]
    if not serious and not amiss.any:
        return Heard()
    suspects, missing = _judgeable(of_recipes(rules, training.recipe, findings, blamed=amiss.any), training)
    if not suspects:
        return Heard(missing=missing)
    costly = sum(_costs(s, training.recipe) for s in suspects)
    arms = 2 + costly + (costly > 1)  # the last: what helps, alone
    bench.settle(arms, mended(training.recipe, suspects))
    bench.observer.phase("Trials", arms * bench.seeds)
    design: Design[Recipe] = Design(
        lambda r: _run(bench, training, r),
        bench.material.probe_groups,
        bench.affords,
        lambda s: changes_exam(changes_between(training.recipe, s.edit(training.recipe) or training.recipe)),
    )
    designed = design.decide(training.recipe, suspects)
    bench.best = designed.best
    heard = _heard(bench, designed, amiss)
    return replace(heard, missing=(*heard.missing, *missing))


def _judgeable(
    suspects: Sequence[Suspect[Recipe]], training: Training
) -> tuple[list[Suspect[Recipe]], tuple[NotChecked, ...]]:
    """Suspects whose remedy changes the user's own settings; the others, where another value stands in for what the
    user has, would acquit or condemn what was never run."""
    kept: list[Suspect[Recipe]] = []
    missing: list[NotChecked] = []
    for suspect in suspects:
        edited = suspect.edit(training.recipe) or training.recipe
        changed = {change.setting for change in changes_between(training.recipe, edited)}
        unknown = next((why for name, why in training.stand_ins if name in changed), None)
        if unknown is None:
            kept.append(suspect)
        else:
            missing.append(NotChecked(suspect.name, unknown.reason, unknown.would_settle))
    return kept, tuple(missing)


def _costs(suspect: Suspect[Recipe], recipe: Recipe) -> bool:
    """Whether an arm without this suspect is a training of its own."""
    return trained_alike(suspect.edit(recipe) or recipe) != trained_alike(recipe)


def _run(bench: Bench, training: Training, recipe: Recipe) -> Sequence[Right]:
    changed = changes_between(training.recipe, recipe)
    how = f"with {told(changed)}" if changed else "as reported"
    bench.observer.message(f"Training {how}, {bench.seeds} seeds.")
    return bench.right(recipe)


def _heard(bench: Bench, designed: Designed[Recipe], amiss: Trouble) -> Heard:
    for pair in designed.pairs:
        _steady(bench, pair)
    weighed = [_weighed(bench, pair) for pair in designed.pairs]
    corrected = stats.holm([w.contrast.p for w in weighed])
    whole = _weighed(bench, Pair(ALL, designed.control, designed.best, designed.whole, ()))
    # what is lost in all: one fault's own effect may be larger where another one hides it
    gap = max(amiss.gap, whole.contrast.mean, 0.0)
    shown = _reproduced(bench, designed.control)
    cured = _trial(bench, whole, whole.contrast.p, gap, shown)
    trials = tuple(_trial(bench, w, p, gap, shown) for w, p in zip(weighed, corrected, strict=True))
    escaped = any(t.ruling == "CONFIRMED" for t in (cured, *trials))
    if not escaped and bench.epochs is not None:
        trials = tuple(_withheld(t, f"cut to {bench.epochs} epochs, too short to acquit") for t in trials)
    elif not escaped and shown is False:
        trials = tuple(_withheld(t, "the repetition does not show the reported number") for t in trials)
    elif not escaped and amiss.stuck:
        trials = tuple(_withheld(t, "nothing that was tried learned anything") for t in trials)
    missing = [
        NotChecked(
            s.name, f"the time of {bench.budget.words} did not suffice to try it", "--budget with more time"
        )
        for s in designed.skipped
    ]
    return Heard(trials, cured if designed.best != designed.control else None, tuple(missing))


def _withheld(trial: Trial, why: str) -> Trial:
    """No acquittal from trainings among which none escaped the trouble: a cure may need longer, or something besides."""
    if trial.ruling != "REFUTED":
        return trial
    said = trial.words.removesuffix(": not the cause")
    return replace(trial, ruling="SUSPECTED", words=f"{said}: {why}")


def _steady(bench: Bench, pair: Pair[Recipe]) -> None:
    """Twice the seeds for a pair that three do not decide: some faults ruin one training and not the next, and an effect
    that the images show may still be narrower than the interval that three seeds leave."""
    found = pair.contrast
    decided = found.low > 0 and found.apart
    unsteady = abs(found.mean) >= UNSTEADY and found.noise >= UNSTEADY
    shown = found.mean >= SHOWN and found.p <= RARE
    both = pair.without, pair.mended
    missing = sum(2 * bench.seeds - len(bench.repetitions(r)) for r in both)
    if decided or not (missing and (unsteady or shown)) or not bench.affords(arms=-(-missing // bench.seeds)):
        return
    bench.observer.message(
        f"{pair.suspect.name.capitalize()}: {bench.seeds} seeds do not decide; as many more of each."
    )
    bench.observer.phase("More seeds", missing)
    for recipe in both:
        bench.repetitions(recipe, seeds=2 * bench.seeds)


def _paired(bench: Bench, pair: Pair[Recipe]) -> tuple[list[Repetition], list[Repetition]]:
    """(without, mended): the repetitions of the seeds that both have, for one may have been repeated more often."""
    both = bench.repetitions(pair.without), bench.repetitions(pair.mended)
    seeds = min(map(len, both))
    return both[0][:seeds], both[1][:seeds]


UNSTEADY = 0.10  # of the images, between seeds and between arms
RARE = 0.05  # so few of all idle remedies show an effect on these images; simulated, more seeds then confirm no more of them
ALL: Suspect[Recipe] = Suspect("", "all remedies together", lambda recipe: recipe)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A pair with the comparison that decides: on the probe set, or on the exams that the remedy changes."""

    pair: Pair[Recipe]
    arms: tuple[list[Repetition], list[Repetition]]
    contrast: Contrast
    changes: tuple[Change, ...]
    exam: bool = False


def _weighed(bench: Bench, pair: Pair[Recipe]) -> Weighed:
    changed = tuple(_with_rate(bench, pair.mended, c) for c in changes_between(pair.without, pair.mended))
    arms = _paired(bench, pair)
    control, treated = ([r.right for r in arm] for arm in arms)
    found = contrast(control, treated, bench.material.probe_groups)
    if changes_exam(changed):
        exam = exam_contrast(*arms)
        if exam is not None and exam.mean > found.mean:
            return Weighed(pair, arms, exam, changed, exam=True)
    return Weighed(pair, arms, found, changed)


def _with_rate(bench: Bench, mended: Recipe, change: Change) -> Change:
    """The rate that the range tests of the repetitions found, where the recipe leaves it to them."""
    if change.setting != "optimiser.rate" or mended.optimiser.rate is not None:
        return change
    return replace(change, after=f"{middle(bench.repetitions(mended)).rate:.2g}")


def _reproduced(bench: Bench, control: Recipe) -> bool | None:
    """Whether the control's own validation shows the reported number: that of the same epoch, where trials are cut short."""
    training = bench.training
    reported = last(training.reported, "val") if training is not None else None
    if reported is None:
        return None
    made = bench.repetitions(control)
    epochs = len(made[0].history)
    if 0 < epochs < len(reported.curve):
        value = reported.curve[epochs - 1]
        reported = replace(reported, value=value, share=None)
    return reproduces([r.validation for r in made], made[0].validated, reported)


def _trial(bench: Bench, weighed: Weighed, p_holm: float, gap: float, shown: bool | None) -> Trial:
    pair, contrast = weighed.pair, weighed.contrast
    arms = _arm("with it", weighed.arms[0]), _arm("mended", weighed.arms[1])
    ruling = ruled(contrast, p_holm, gap, shown, _residual(weighed.arms[0]) if pair.others else None)
    beside = tuple(s.words for s in pair.others)
    also = f", with {listing(beside, most=9)} mended in both" if beside else ""
    made = Trial(
        pair.suspect.code, pair.suspect.name, "training",
        f"Trained on {len(arms[0].accuracies)} seeds with {told(weighed.changes)}{also}.", *arms,
        contrast.n, contrast.mean, contrast.low, contrast.high, contrast.only_control, contrast.only_treated,
        contrast.p, p_holm, ruling, contrast.noise, gap, shown, "validation" if weighed.exam else "probe",
        tuple(s.code for s in pair.others), weighed.changes,
        (*(bench.training.assumed if bench.training else ()), *bench.material.assumed, *bench.assumed),
        sum(r.seconds for arm in weighed.arms for r in arm), mended_words=beside,
    )  # fmt: skip
    return replace(made, words=_words(made))


def _residual(made: Sequence[Repetition]) -> float:
    """What training knows and the probe images do not, in the training that has this fault alone."""
    return max(0.0, sum(r.trained - r.accuracy for r in made) / len(made))


def _arm(label: str, made: Sequence[Repetition]) -> Arm:
    right = middle(made).right
    return Arm(
        label, tuple(r.accuracy for r in made), share(int(right.sum()), len(right)),
        tuple(r.validation for r in made),
    )  # fmt: skip


def _words(trial: Trial) -> str:
    """Before and after in half a sentence."""
    if trial.measured_on == "validation":
        before, after = (sum(arm.validation) / len(arm.validation) for arm in (trial.control, trial.treated))
        where = "validated"
    else:
        before, after, where = trial.control.mean, trial.treated.mean, f"of {trial.n} untouched images"
    said = (
        f"{100 * before:.1f} to {100 * after:.1f} % {where} [{100 * trial.low:+.1f}, {100 * trial.high:+.1f}]"
    )
    if trial.ruling == "REFUTED":
        return f"tried {instead(trial.changes)}, {said}: not the cause"
    if trial.ruling == "CONFIRMED":
        return f"mended, {said}"
    why = (
        "the repetition does not show the reported number"
        if trial.reproduced is False
        else "too weak a trial"
    )
    return f"mended, {said}: {why}"
