"""Where results go: refused before the work where nothing can be written there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from valscope.errors import UsageError
from valscope.writable import why_no_file, why_no_folder


def check_file(out: Path | None, suffixes: Sequence[str]) -> None:
    """Raises UsageError for a name that ends in none of `suffixes` and for a file that cannot be written."""
    if out is None:
        return
    if out.suffix.lower() not in suffixes:
        raise UsageError(f"--out takes a file ending in {', '.join(suffixes)}; got {out}.")
    if why := why_no_file(out):
        raise UsageError(f"{out} cannot be written ({why}); give --out another name.")


def check_folder(out: Path | None, files: Sequence[str] = ()) -> None:
    """Raises UsageError for a folder that can be neither made nor written into, as for one of its `files`."""
    if out is not None and (why := why_no_folder(out, files)):
        raise UsageError(f"{out} cannot be written ({why}); give --out a folder that can.")


def write_page(out: Path, page: str) -> None:
    """Write a report; a name that is no text (possible on Linux) survives. Raises UsageError where it cannot be."""
    try:
        out.write_text(page, "utf-8", "surrogateescape")
    except OSError as error:
        raise UsageError(f"{out} cannot be written ({error.strerror}); give --out another name.") from None
