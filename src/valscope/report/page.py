"""Templates and styles: from values to one self-contained HTML file.

A page extends `page.j2`, which brings the head, the styles and a policy that forbids the browser to load or
run anything; `parts.j2` has the pieces that pages share. A report needs only a template and

    render("mine.j2", heading=..., chart=interval_chart(...))

Everything is escaped except what is `Html`; every text is also cleaned of what breaks lines, terminals and
reading direction.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from valscope.report.markup import Html
from valscope.words.plain import clean, count, percent, share, shorten

if TYPE_CHECKING:
    from jinja2 import Environment

STYLES = ("base.css", "charts.css", "page.css", "print.css")
_JOINT = re.compile(r"([/\\_-])(?=.)")
_TOGETHER = re.compile(r"[<>+-]?\d[\d.,]* (?:%|points)(?: \[[-+\d., ]+\])?|p [<=] [\d.e-]+\d")


def render(template: str, **values: object) -> str:
    """The page that `template` (a .j2 file of this folder) makes of the values; `css` replaces the styles."""
    rendered: str = environment().get_template(template).render({"css": styles(*STYLES)} | values)
    return rendered


def styles(*names: str) -> Html:
    """Style sheets of this folder, one after the other, ready for a `<style>` element."""
    return Html("\n".join(_read(name) for name in names))


def breakable(text: str) -> Html:
    """A file name as markup that may break after a slash, an underscore or a hyphen, and nowhere uglier."""
    return Html(_JOINT.sub(r"\1<wbr>", escape(clean(text))))


def prose(text: str) -> Html:
    """A sentence as markup in which a number stays on one line with its unit and interval."""
    pieces, end = [], 0
    cleaned = clean(text)
    for found in _TOGETHER.finditer(cleaned):
        pieces += [escape(cleaned[end : found.start()]), f'<span class="nb">{escape(found[0])}</span>']
        end = found.end()
    return Html("".join(pieces) + escape(cleaned[end:]))


@cache
def environment() -> Environment:
    """Jinja2 with autoescape, strict about names that a template expects and nobody gave."""
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        autoescape=True,
        loader=FunctionLoader(_read),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_cleaned,
    )
    made.filters.update(
        prose=prose, breakable=breakable, short=shorten, count=count, share=share, percent=percent
    )
    return made


def _cleaned(value: Any) -> Any:
    return clean(value) if type(value) is str else value


@cache
def _read(name: str) -> str:
    return (files("valscope.report") / name).read_text(encoding="utf-8")
