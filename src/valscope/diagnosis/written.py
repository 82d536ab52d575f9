"""A diagnosis as files: report.html for people, diagnosis.json for programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from valscope.case import Case
from valscope.errors import UsageError
from valscope.nouns.finding import Diagnosis
from valscope.nouns.post import Post

IMAGES = {".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff"}
MOST_PICTURES = 40
PAGE, DATA = FILES = ("report.html", "diagnosis.json")


def write(case: Case, diagnosis: Diagnosis, out: Path) -> None:
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
            pictures=_pictures(diagnosis),
        )
        (out / PAGE).write_text(page, "utf-8", "surrogateescape")
        (out / DATA).write_text(diagnosis_json(diagnosis) + "\n", "utf-8", "surrogateescape")
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


def _pictures(diagnosis: Diagnosis) -> dict[str, str]:
    """Thumbnails of images that a finding rests on."""
    import base64
    import io

    from PIL import Image

    found: dict[str, str] = {}
    for source in (s for f in diagnosis.findings for s in f.evidence[:6]):
        path = Path(source.file)
        if len(found) >= MOST_PICTURES or path.suffix.lower() not in IMAGES or source.file in found:
            continue
        try:
            with Image.open(path) as image:
                image.thumbnail((160, 160))
                kept = io.BytesIO()
                image.convert("RGB").save(kept, "JPEG", quality=80)
        except (OSError, ValueError, Image.DecompressionBombError):
            continue
        found[source.file] = f"data:image/jpeg;base64,{base64.b64encode(kept.getvalue()).decode()}"
    return found
