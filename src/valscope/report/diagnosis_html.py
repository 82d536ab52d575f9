"""The report of a diagnosis as one HTML file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Diagnosis, Finding
from valscope.nouns.training import Reported, Serving, Training
from valscope.nouns.trial import Trial
from valscope.report.charts.effect import effect_chart
from valscope.report.charts.trial import trial_chart
from valscope.report.diagnosis_words import (
    NAMED,
    answer,
    brought,
    main_cause,
    ordered,
    plain,
    sentences,
    tally,
    what_was_read,
)
from valscope.report.markup import Html
from valscope.report.page import STYLES, render, styles
from valscope.report.patch import suggest_patch
from valscope.report.patch_markup import patch_markup
from valscope.report.recipe_diff import Row, recipe_diff
from valscope.report.trial_words import acquitted, own_exam, trial_terms

MOST_QUOTES = 12  # lines of one finding; the JSON has all
MOST_PICTURES = 300_000  # characters of thumbnails, so that the page stays below 1 MB
MOST = 60  # findings, acquittals or checks of one kind; more is read by nobody
LONGEST_PATCH = 20_000
_PICTURE = re.compile(r"data:image/(?:jpeg|png|webp|gif);base64,[A-Za-z0-9+/=]+")
# Which printed number the control of a training, or of a use, must show.
SEEN_IN = {"training": ("val", "test"), "rescoring": ("predict", "test"), "paths": ("predict", "test")}

Said = tuple[tuple[str, Source], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """A line that a finding rests on, with its picture where it is an image."""

    place: str
    text: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class Experiment:
    """A trial ready for the page."""

    question: str
    chart: Html
    effect: Html
    caption: str
    terms: list[tuple[str, str]]
    assumed: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding ready for the page."""

    finding: Finding
    verdict: str
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
    """An acquittal ready for the table."""

    acquittal: Acquittal
    change: str
    effect: Html | None
    question: str


def diagnosis_html(
    diagnosis: Diagnosis,
    *,
    training: Training | None = None,
    serving: Serving | None = None,
    sources: Mapping[str, str] | None = None,
    pictures: Mapping[str, str] | None = None,
) -> str:
    """One self-contained page below 1 MB: it loads nothing, runs nothing, and escapes every name.

    training, serving   the user's own training and use, where they were rebuilt: their assumptions, the reported
                        numbers for the pictures, and the lines that a suggested patch edits.
    sources             the user's code by file, as its lines are numbered in `said`; without it no patch.
    pictures            thumbnails by file ("data:image/...;base64,..."), shown where a finding rests on that file.
    """
    about = _About(training, serving, sources or {}, _pictures(pictures or {}))
    cause = main_cause(diagnosis)
    findings = ordered(diagnosis.findings)
    return render(
        "diagnosis.j2",
        css=styles(*STYLES, "diagnosis.css"),
        answer=answer(diagnosis),
        verdict=NAMED[cause.verdict] if cause else "",
        badge=cause.verdict.lower() if cause else "nothing",
        cause=cause,
        brought=brought(cause.trial) if cause and cause.trial else "",
        tally=tally(diagnosis),
        read=what_was_read(diagnosis),
        findings=[about.shown(f) for f in findings if not f.minor][:MOST],
        minor=[about.shown(f) for f in findings if f.minor][:MOST],
        acquitted=[_cleared(a) for a in diagnosis.acquitted[:MOST]],
        not_checked=diagnosis.not_checked[:MOST],
        checked=[plain(name) for name in diagnosis.checked[:200]],
        assumptions=_assumptions(diagnosis, training, serving),
    )


@dataclass(frozen=True, slots=True)
class _About:
    """What is known beside the diagnosis."""

    training: Training | None
    serving: Serving | None
    sources: Mapping[str, str]
    pictures: Mapping[str, str]

    def shown(self, finding: Finding) -> Shown:
        lead, rest = sentences(finding.claim)
        trial = finding.trial
        changes = trial.changes if trial else ()
        patch = suggest_patch(self.sources, changes, self.said(trial)) if trial and self.sources else ""
        quotes = [self.quote(s) for s in finding.evidence[:MOST_QUOTES]]
        return Shown(
            finding, finding.verdict.lower(), plain(finding.name), lead, rest,
            None if trial is None else _experiment(trial, self.reported(trial)),
            quotes, len(finding.evidence) - len(quotes),
            ", ".join(e for e in finding.explains if not e[1:].isdigit()),
            recipe_diff(changes), patch_markup(patch[:LONGEST_PATCH]) if patch else None,
        )  # fmt: skip

    def quote(self, source: Source) -> Quote:
        place = source.file if source.line is None else f"{source.file}:{source.line}"
        return Quote(place, source.quote, self.pictures.get(source.file))

    def said(self, trial: Trial | None) -> Said:
        """Where the settings stand that a trial changes."""
        use = trial is not None and trial.kind in ("rescoring", "paths")
        about = self.serving if use else self.training
        return about.said if about is not None else ()

    def reported(self, trial: Trial) -> float | None:
        """The printed number that the control had to show; None where none is comparable."""
        about = self.serving if trial.kind in ("rescoring", "paths") else self.training
        if about is None or trial.reproduced is None:
            return None
        return _reported(about.reported, SEEN_IN.get(trial.kind, ()))


def _reported(numbers: Iterable[Reported], parts: Iterable[str]) -> float | None:
    by_part = {r.part: r.value for r in numbers if r.measure == "accuracy"}
    return next((by_part[part] for part in parts if part in by_part), None)


def _experiment(trial: Trial, reported: float | None) -> Experiment:
    return Experiment(
        trial.question, trial_chart(trial, reported), effect_chart(trial), _caption(trial), trial_terms(trial),
        trial.assumed, trial.words,
    )  # fmt: skip


def _caption(trial: Trial) -> str:
    own, seeds = own_exam(trial), len(trial.treated.accuracies) > 1
    dots = "A dot a seed" if seeds else "Dots"
    parts = [
        f"{dots}: accuracy on its own validation part" if own else f"{dots} with its exact 95 % interval"
    ]
    if any(math.isfinite(v) for v in (*trial.control.validation, *trial.treated.validation)):
        seen = (
            "the same on untouched images" if own else "what that training showed on its own validation part"
        )
        parts.append(f"hollow diamonds: {seen}")
    if trial.noise:
        parts.append("band: what a change of nothing does")
    return "; ".join(parts) + "."


def _cleared(acquittal: Acquittal) -> Cleared:
    trial = acquittal.trial
    if trial is None:
        return Cleared(acquittal, "", None, "")
    return Cleared(acquittal, acquitted(trial), effect_chart(trial, small=True), trial.question)


def _assumptions(diagnosis: Diagnosis, training: Training | None, serving: Serving | None) -> list[str]:
    """Everything that had to be assumed, each once."""
    trials = [*(f.trial for f in diagnosis.findings), *(a.trial for a in diagnosis.acquitted)]
    given = [known.assumed for known in (training, serving, *trials) if known is not None]
    return list(dict.fromkeys(sentence for assumed in given for sentence in assumed))[:MOST]


def _pictures(pictures: Mapping[str, str]) -> Mapping[str, str]:
    """Those that are pictures, as many as the page has room for."""
    kept: dict[str, str] = {}
    room = MOST_PICTURES
    for file, picture in pictures.items():
        if len(picture) <= room and _PICTURE.fullmatch(picture):
            kept[file] = picture
            room -= len(picture)
    return kept
