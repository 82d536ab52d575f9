"""A unified diff as coloured lines."""

from __future__ import annotations

from valscope.report.markup import Html, element, joined

KINDS = {"+": "added", "-": "removed", "@": "place"}


def patch_markup(patch: str) -> Html:
    """Each line of a unified diff with the class of what it does; names of files stand plain."""
    return joined(*(_line(line) for line in patch.split("\n") if line))


def _line(line: str) -> Html:
    kind = None if line.startswith(("+++", "---")) else KINDS.get(line[0])
    return element("span", line, Html("\n"), class_=kind or "same")
