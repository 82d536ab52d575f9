"""Puts suspicions on trial by training: the reported training against the same with one thing mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import ModuleType

from valscope import stats
from valscope.diagnosis.suspects import of_recipes
from valscope.diagnosis.trouble import Trouble, last, trouble
from valscope.lab.arms import Contrast, Right
from valscope.lab.bench import Bench, middle
from valscope.lab.changes import changes_between
from valscope.lab.design import Design, Designed, Pair
from valscope.lab.ruling import reproduces, ruled
from valscope.nouns.finding import Finding, NotChecked
from valscope.nouns.recipe import Recipe
from valscope.nouns.training import Training
from valscope.nouns.trial import Arm, Trial
from valscope.scoring import share


@dataclass(frozen=True, slots=True)
class Heard:
    """trials  one a suspect;  whole  the reported training against everything mended, None where nothing was tried.
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
    suspects = of_recipes(rules, training.recipe, findings, blamed=amiss.any)
    if not suspects:
        return Heard()
    bench.settle(len(suspects) + 2)
    bench.observer.phase("Trials", (len(suspects) + 2) * bench.seeds)
    design: Design[Recipe] = Design(
        lambda r: _run(bench, training, r), bench.material.probe_groups, bench.affords
    )
    designed = design.decide(training.recipe, suspects)
    bench.best = designed.best
    return _heard(bench, designed, amiss)


def _run(bench: Bench, training: Training, recipe: Recipe) -> Sequence[Right]:
    changed = changes_between(training.recipe, recipe)
    with_ = ", ".join(f"{c.setting} {c.before} -> {c.after}" for c in changed)
    bench.observer.message(f"Training {f'with {with_}' if with_ else 'as reported'}, {bench.seeds} seeds.")
    return bench.right(recipe)


def _heard(bench: Bench, designed: Designed[Recipe], amiss: Trouble) -> Heard:
    training = bench.training
    if training is None:
        return Heard()
    corrected = stats.holm([pair.contrast.p for pair in designed.pairs])
    gap = max(amiss.gap, designed.whole.mean, *(p.contrast.mean for p in designed.pairs), 0.0)
    shown = _reproduced(bench, designed.control)
    trials = tuple(
        _trial(bench, pair, p, gap, shown) for pair, p in zip(designed.pairs, corrected, strict=True)
    )
    missing = [
        NotChecked(
            s.name, f"the time of {bench.budget.words} did not suffice to try it", "--budget with more time"
        )
        for s in designed.skipped
    ]
    whole = _made(bench, "", "all remedies together", designed.control, designed.best, designed.whole,
                  designed.whole.p, gap, shown, ())  # fmt: skip
    return Heard(trials, whole, tuple(missing))


def _reproduced(bench: Bench, control: Recipe) -> bool | None:
    """Whether the control's own validation shows the reported number."""
    training = bench.training
    reported = last(training.reported, "val") if training is not None else None
    if reported is None:
        return None
    made = bench.repetitions(control)
    return reproduces([r.validation for r in made], made[0].validated, reported)


def _trial(bench: Bench, pair: Pair[Recipe], p_holm: float, gap: float, shown: bool | None) -> Trial:
    suspect = pair.suspect
    return _made(bench, suspect.code, suspect.name, pair.without, pair.mended, pair.contrast, p_holm, gap, shown,
                 pair.others)  # fmt: skip


def _made(
    bench: Bench, code: str, name: str, control: Recipe, treated: Recipe, contrast: Contrast, p_holm: float,
    gap: float, shown: bool | None, others: tuple[str, ...],
) -> Trial:  # fmt: skip
    arms = _arm(bench, "with it", control), _arm(bench, "mended", treated)
    ruling = ruled(contrast, p_holm, gap, shown)
    changed = changes_between(control, treated)
    what = ", ".join(f"{c.setting} from {c.before} to {c.after}" for c in changed) or "nothing"
    also = f", with {', '.join(others)} mended in both" if others else ""
    return Trial(
        code, name, "training", f"Trained on {bench.seeds} seeds with {what}{also}.", *arms,
        contrast.n, contrast.mean, contrast.low, contrast.high, contrast.only_control, contrast.only_treated,
        contrast.p, p_holm, ruling, contrast.noise, gap, shown, others, changed,
        (*(bench.training.assumed if bench.training else ()), *bench.material.assumed, *bench.assumed),
        sum(r.seconds for r in (*bench.repetitions(control), *bench.repetitions(treated))),
        _words(name, arms, contrast, ruling),
    )  # fmt: skip


def _arm(bench: Bench, label: str, recipe: Recipe) -> Arm:
    made = bench.repetitions(recipe)
    right = middle(made).right
    return Arm(
        label, tuple(r.accuracy for r in made), share(int(right.sum()), len(right)),
        tuple(r.validation for r in made),
    )  # fmt: skip


def _words(name: str, arms: tuple[Arm, Arm], contrast: Contrast, ruling: str) -> str:
    said = (
        f"{100 * arms[0].mean:.1f} to {100 * arms[1].mean:.1f} % on {contrast.n} untouched images "
        f"[{100 * contrast.low:+.1f}, {100 * contrast.high:+.1f}]"
    )
    if ruling == "REFUTED":
        return f"tried without it, {said}: not the cause"
    return f"mended, {said}" if ruling == "CONFIRMED" else f"mended, {said}: too weak a trial to decide"
