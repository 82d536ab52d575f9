"""A diagnosis as files: report.html for people, diagnosis.json for programs, mended.json to train by."""

from __future__ import annotations

from pathlib import Path

from valscope.case import Case
from valscope.codec import to_json
from valscope.errors import UsageError
from valscope.nouns.finding import Diagnosis
from valscope.nouns.recipe import Recipe


def write(case: Case, diagnosis: Diagnosis, out: Path, mended: Recipe | None = None) -> None:
    """Write all into the folder `out`. Raises UsageError where it cannot be written."""
    from valscope.report.diagnosis_html import diagnosis_html
    from valscope.report.diagnosis_json import diagnosis_json

    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.html").write_text(diagnosis_html(diagnosis), "utf-8", "surrogateescape")
        (out / "diagnosis.json").write_text(diagnosis_json(diagnosis) + "\n", "utf-8", "surrogateescape")
        if mended is not None:
            (out / "mended.json").write_text(to_json(mended), "utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror}); give --out a folder that can."
        ) from None
