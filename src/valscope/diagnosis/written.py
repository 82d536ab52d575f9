"""A diagnosis as files: report.html for people, diagnosis.json for programs, mended.json to train by."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from valscope.case import Case
from valscope.codec import to_json
from valscope.errors import UsageError
from valscope.nouns.finding import Diagnosis
from valscope.nouns.post import Post
from valscope.nouns.recipe import Recipe


def write(case: Case, diagnosis: Diagnosis, out: Path, mended: Recipe | None = None) -> None:
    """Write all into the folder `out`. Raises UsageError where it cannot be written."""
    from valscope.report.diagnosis_html import diagnosis_html
    from valscope.report.diagnosis_json import diagnosis_json

    try:
        out.mkdir(parents=True, exist_ok=True)
        page = diagnosis_html(
            diagnosis,
            training=case.training or None,
            serving=case.serving or None,
            sources=code_by_file(case.posts),
        )
        (out / "report.html").write_text(page, "utf-8", "surrogateescape")
        (out / "diagnosis.json").write_text(diagnosis_json(diagnosis) + "\n", "utf-8", "surrogateescape")
        if mended is not None:
            (out / "mended.json").write_text(to_json(mended), "utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(
            f"{out} cannot be written ({error.strerror}); give --out a folder that can."
        ) from None


def code_by_file(posts: Iterable[Post]) -> dict[str, str]:
    """The user's code with the line numbers of its file: a script as it is, the code of a post with its other lines
    empty."""
    found = {}
    for post in posts:
        parts = post.of_kind("code")
        if post.file.endswith(".py") and parts:
            found[post.file] = Path(post.file).read_bytes().decode("utf-8", "replace")
        elif parts:
            found[post.file] = _placed([(part.first, part.text.split("\n")) for part in parts])
    return found


def _placed(parts: Iterable[tuple[int, list[str]]]) -> str:
    lines: list[str] = []
    for first, written in parts:
        lines += [""] * (first - 1 - len(lines))
        lines[first - 1 : first - 1 + len(written)] = written
    return "\n".join(lines)
