"""Markup that cannot be broken by a name: every text that enters it is cleaned and escaped on the way.

Class and file names come from strangers' folders; `<script>`, quotes, line breaks, half characters from
undecodable file names and marks that turn the reading direction must all end as plain text.
"""

from __future__ import annotations

from html import escape

from valscope.words.plain import clean


class Html(str):
    """Text that is markup already: templates and elements take it as it stands."""

    __slots__ = ()

    def __html__(self) -> str:
        """What Jinja2 asks for before it escapes."""
        return str(self)


def escaped(text: object) -> Html:
    """A text as markup; what is `Html` already stays as it is."""
    return text if isinstance(text, Html) else Html(escape(clean(str(text))))


def preformatted(text: str) -> Html:
    """A text of several lines as markup that keeps its lines."""
    return Html("\n".join(escaped(line) for line in text.split("\n")))


def joined(*parts: object) -> Html:
    """Several texts or pieces of markup, one after the other; None adds nothing."""
    return Html("".join(escaped(part) for part in parts if part is not None))


def element(tag: str, *children: object, **attributes: object) -> Html:
    """`<tag attributes>children</tag>`, all escaped.

    A trailing underscore of an attribute's name is dropped (`class_`), others become hyphens. None drops the
    attribute. Floats are written with at most two decimals, enough for a picture.
    """
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escaped(_plain(value))}"'
        for name, value in attributes.items()
        if value is not None
    )
    return Html(f"<{tag}{written}>{joined(*children)}</{tag}>")


def _plain(value: object) -> object:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
