"""Saved web pages: the text that a reader saw, with `<pre>` and `<code>` kept as they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from valscope.evidence.text import Line

_SKIPPED = frozenset(("script", "style", "noscript", "template", "svg", "head"))
_BLOCKS = frozenset(
    ("p", "div", "br", "li", "ul", "ol", "tr", "table", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote",
     "section", "article", "hr", "dd", "dt", "header", "footer", "td-end")
)  # fmt: skip


class _Page(HTMLParser):
    """Collects lines; `offset` is the number of the line that was fed before."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[Line] = []
        self._text = ""
        self._at = 1
        self._skipping = self._kept = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skipping += 1
        elif tag in ("pre", "textarea"):
            self.end_line()
            self._kept += 1
        elif tag in ("td", "th"):
            self._text += "\t" if self._text.strip() else ""
        elif tag in _BLOCKS:
            self.end_line()

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skipping = max(self._skipping - 1, 0)
        elif tag in ("pre", "textarea"):
            self.end_line()
            self._kept = max(self._kept - 1, 0)
        elif tag in _BLOCKS:
            self.end_line()

    def handle_data(self, data: str) -> None:
        if self._skipping:
            return
        number = self.getpos()[0]
        if not self._kept:
            if not self._text:
                self._at = number
            self._text += " ".join(data.split()) if data.strip() else " " * bool(self._text)
            return
        for i, piece in enumerate(data.split("\n")):
            if i:
                self.end_line(blank=True)
                self._at = number + i
            self._text += piece

    def end_line(self, blank: bool = False) -> None:
        if self._text.strip() or blank:
            self.lines.append(Line(self._at, self._text))
        self._text, self._at = "", self.getpos()[0]


def page_lines(lines: Iterable[Line]) -> Iterator[Line]:
    """The visible text of a page, each line with the line of the file where it begins."""
    page = _Page()
    for line in lines:
        page.feed(line.text + "\n")
        yield from page.lines
        page.lines.clear()
    page.close()
    page.end_line()
    yield from page.lines
