"""Findings, experiments and acquittals as the page shows them."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from valscope.nouns.finding import Acquittal, Diagnosis, Finding
from valscope.nouns.trial import Trial
from valscope.report.charts.effect import effect_chart
from valscope.report.charts.trial import arms_chart, trial_chart
from valscope.report.diagnosis_about import About
from valscope.report.diagnosis_words import also, plain, sentences
from valscope.report.markup import Html
from valscope.report.patch_markup import patch_markup
from valscope.report.trial_words import acquitted, innocent, own_exam, spread, trial_terms
from valscope.words.change import Row, recipe_diff

MOST_QUOTES = 12  # lines of one finding; the JSON has all


@dataclass(frozen=True, slots=True)
class Quote:
    """A line that a finding rests on, with its picture where it is an image."""

    place: str
    text: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class Experiment:
    """A trial: its pictures, its numbers, and why it decides nothing where it does not."""

    question: str
    chart: Html
    effect: Html
    caption: str
    terms: list[tuple[str, str]]
    assumed: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding; `lead` is the first sentence of its claim."""

    finding: Finding
    verdict: str
    also: str
    title: str
    lead: str
    rest: str
    experiment: Experiment | None
    quotes: list[Quote]
    more_quotes: int
    explains: str
    diff: list[Row]
    patch: Html | None


@dataclass(frozen=True, slots=True)
class Cleared:
    """An acquittal; `change` are the numbers that its claim does not tell."""

    acquittal: Acquittal
    change: str
    effect: Html | None

    @property
    def how(self) -> str:
        """What clears it where there is no picture."""
        return "measured" if self.acquittal.verdict == "REFUTED" else "by arithmetic"


def shown(finding: Finding, about: About, common: Collection[str]) -> Shown:
    """A finding with everything that it rests on. `common` are assumptions that stand elsewhere on the page."""
    lead, rest = sentences(finding.claim)
    trial = finding.trial
    patch = about.patch(trial) if trial is not None else ""
    quotes = [
        Quote(s.file if s.line is None else f"{s.file}:{s.line}", s.quote, about.picture(s))
        for s in finding.evidence[:MOST_QUOTES]
    ]
    return Shown(
        finding, finding.verdict.lower(), also(finding).lower(), plain(finding.name), lead, rest,
        None if trial is None else experiment(trial, about, common),
        quotes, len(finding.evidence) - len(quotes),
        ", ".join(e for e in finding.explains if not e[1:].isdigit()),
        recipe_diff(trial.changes) if trial is not None else [], patch_markup(patch) if patch else None,
    )  # fmt: skip


def experiment(trial: Trial, about: About, common: Collection[str]) -> Experiment:
    """A trial as pictures and numbers."""
    return Experiment(
        trial.question, trial_chart(trial, about.reported(trial)), effect_chart(trial), caption(trial),
        trial_terms(trial), tuple(a for a in trial.assumed if a not in common),
        "" if trial.ruling == "CONFIRMED" else trial.words,
    )  # fmt: skip


def caption(trial: Trial) -> str:
    """What the marks of the picture are."""
    own, seeds = own_exam(trial), len(trial.treated.accuracies) > 1
    where = "accuracy on its own validation part" if own else "accuracy with its exact 95 % interval"
    parts = [f"A dot {'a seed' if seeds else 'a way of use'}: {where}"]
    if any(math.isfinite(v) for v in (*trial.control.validation, *trial.treated.validation)):
        seen = "the same on untouched images" if own else "what its own validation part showed"
        parts.append(f"hollow diamonds: {seen}")
    if trial.noise:
        parts.append("band: what a change of nothing does")
    return "; ".join(parts) + "."


def cleared(acquittal: Acquittal) -> Cleared:
    """An acquittal with the small picture of its trial."""
    trial = acquittal.trial
    if trial is None:
        return Cleared(acquittal, "", None)
    if not innocent(trial):
        return Cleared(acquittal, "", arms_chart(trial))
    told = spread(trial) in acquittal.claim
    return Cleared(acquittal, "" if told else acquitted(trial), effect_chart(trial, small=True))


def common_assumptions(diagnosis: Diagnosis, about: About) -> list[str]:
    """What had to be assumed for all experiments, each once."""
    made = (*(f.trial for f in diagnosis.findings), *(a.trial for a in diagnosis.acquitted), diagnosis.cure)
    each = [trial.assumed for trial in made if trial is not None]
    every = [a for a in each[0] if all(a in others for others in each[1:])] if len(each) > 1 else []
    return list(dict.fromkeys([*diagnosis.assumed, *about.assumed, *every]))
