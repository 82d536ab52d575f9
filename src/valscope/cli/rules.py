"""`valscope rules`."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

if TYPE_CHECKING:
    from valscope.demo.card import Card, Example

WIDTH = 100
SCHEMA_VERSION = 1


def rules(code: str | None = None, /, *, json: Annotated[bool, Parameter(negative="")] = False) -> int:
    """List all rules, or show the page of one.

    The last column of the list says how the lab tries a suspicion: by training with and without it, by using the saved
    model in other ways, or by an experiment of its own. Rules without an entry read only.

    Examples:
      valscope rules
      valscope rules S101

    Parameters
    ----------
    code
        A rule's code or name; without it all are listed.
    json
        Print one JSON object instead of text.
    """
    from valscope.demo.card import card, example
    from valscope.demo.choose import rule
    from valscope.diagnosis import all_rules

    if code is None:
        cards = [card(r) for r in all_rules()]
        _print({"rules": cards}) if json else print("\n".join(table(cards, _width())))
        return 0
    asked = rule(code)
    about, shown = card(asked), example(asked) if hasattr(asked, "sick") else None
    _print({"rule": about, "example": shown}) if json else print("\n".join(page(about, shown, _width())))
    return 0


def table(cards: Sequence[Card], width: int = WIDTH) -> list[str]:
    """One row a rule, wrapped in its own column."""
    rows = [(c.code, c.name, c.sentence, ", ".join(c.needs), ", ".join(c.tried)) for c in cards]
    heads = ("code", "name", "what is wrong", "needs", "tried by")
    wide = [max(len(row[i]) for row in (*rows, heads)) for i in range(5)]
    wide[3] = min(wide[3], 22)
    wide[2] = max(30, width - sum(wide[:2]) - sum(wide[3:]) - 8)
    lines = []
    for row in (heads, *rows):
        cells = [textwrap.wrap(text, wide[i]) or [""] for i, text in enumerate(row)]
        for k in range(max(map(len, cells))):
            parts = [(cell[k] if k < len(cell) else "").ljust(wide[i]) for i, cell in enumerate(cells)]
            lines.append("  ".join(parts).rstrip())
    return lines


def page(card: Card, example: Example | None, width: int = WIDTH) -> list[str]:
    """Everything about one rule."""
    lines = [f"{card.code} {card.name}", "", *textwrap.wrap(card.sentence, width)]
    for heading, text in card.sections:
        lines += ["", heading, *_indented(text, width)]
    tried = f" The lab tries it by {' and by '.join(card.tried)}." if card.tried else " Reading decides it."
    lines += ["", "Needs", *_indented(f"{', '.join(card.needs)}.{tried}", width)]
    return [*lines, *(_example(example, width) if example is not None else ()), *_demo(card)]


def _example(example: Example, width: int) -> Iterator[str]:
    yield from ("", f"Example, sound (-) and ill (+){f', in {example.file}' if example.file else ''}")
    yield from _indented(f"- {example.sound}", width)
    yield from _indented(f"+ {example.ill}", width)
    yield from ("", *(f"  {line}" for line in example.lines)) if example.lines else ()
    for c in example.changes:
        yield from (f"  - {c.setting} = {c.before}", f"  + {c.setting} = {c.after}")
    if example.claim:
        yield from ("", "What is said of it", *_indented(example.claim, width))
    if example.remedy:
        yield from ("", "Remedy", *_indented(example.remedy, width))
    for c in example.edits:
        yield f"  {c.setting}: {c.before} -> {c.after}"
    if example.next_step:
        yield from ("", "Next step", f"  {example.next_step}")


def _demo(card: Card) -> tuple[str, ...]:
    return "", f"See it:  valscope demo {card.code}   and   valscope demo {card.code} --healthy"


def _indented(text: str, width: int) -> list[str]:
    return textwrap.wrap(
        text, width, initial_indent="  ", subsequent_indent="  ", break_long_words=False, break_on_hyphens=False
    )  # fmt: skip


def _width() -> int:
    import shutil

    return min(shutil.get_terminal_size((WIDTH, 24)).columns, 140) if sys.stdout.isatty() else WIDTH + 20


def _print(value: dict[str, object]) -> None:
    from valscope.codec import to_json

    print(to_json({"schema_version": SCHEMA_VERSION, **value}))
