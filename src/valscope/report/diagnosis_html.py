"""The report of a diagnosis as one HTML file."""

from __future__ import annotations

from collections.abc import Mapping

from valscope.nouns.finding import Diagnosis
from valscope.nouns.training import Serving, Training
from valscope.report.diagnosis_about import About, fitting
from valscope.report.diagnosis_shown import cleared, common_assumptions, experiment, shown
from valscope.report.diagnosis_words import (
    NAMED,
    also,
    answer,
    brought,
    main_cause,
    main_trial,
    ordered,
    plain,
    tally,
    what_was_read,
)
from valscope.report.page import STYLES, render, styles
from valscope.report.trial_words import mended

LARGEST = 1_000_000  # bytes of the page
MOST = (60, 20, 6, 1)  # findings, acquittals and remarks; fewer where the page would be too large


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
    sources             the user's code by file, its lines numbered as in `said`; without it there is no patch.
    pictures            thumbnails by file ("data:image/...;base64,..."), shown where a finding rests on that file.
    """
    about = About(training, serving, sources or {}, fitting(pictures or {}))
    for most in MOST:
        page = _page(diagnosis, about, most)
        if len(page.encode("utf-8", "replace")) < LARGEST:
            break
    return page


def _page(diagnosis: Diagnosis, about: About, most: int) -> str:
    cause, findings, trial = main_cause(diagnosis), ordered(diagnosis.findings), main_trial(diagnosis)
    assumed = common_assumptions(diagnosis, about)
    serious = [f for f in findings if not f.minor]
    minor = [f for f in findings if f.minor]
    return render(
        "diagnosis.j2",
        css=styles(*STYLES, "diagnosis.css"),
        answer=answer(diagnosis),
        verdict=NAMED[cause.verdict] if cause else "",
        badge=cause.verdict.lower() if cause else "",
        also=also(cause).lower() if cause else "",
        cause=cause,
        brought=brought(trial[1]) if trial is not None else "",
        first=trial[0] if trial is not None else "",
        trial=experiment(trial[1], about, assumed) if trial is not None else None,
        mended=mended(diagnosis.mended) if diagnosis.mended is not None else "",
        tally=tally(diagnosis),
        read=what_was_read(diagnosis),
        findings=[shown(f, about, assumed) for f in serious[:most]],
        minor=[shown(f, about, assumed) for f in minor[:most]],
        acquitted=[cleared(a) for a in diagnosis.acquitted[:most]],
        left_out=sum(max(0, len(of) - most) for of in (serious, minor, diagnosis.acquitted)),
        not_checked=diagnosis.not_checked[:most],
        checked=[plain(name) for name in diagnosis.checked[:200]],
        assumptions=assumed[:most],
    )
