"""Files whose text is wrapped: notebooks and saved web pages, as lines like any other text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import BinaryIO

from valscope.evidence.text import Line, last_states, read_lines

_HEAD = 1 << 16
_NOTEBOOK = re.compile(rb'^\s*\{.*"(?:cells|worksheets)"\s*:\s*\[', re.DOTALL)
_PAGE = re.compile(rb"<!doctype html|<html[\s>]|<body[\s>]|<head>", re.IGNORECASE)
_FIELD = re.compile(r'^\s*"(?P<key>[\w/.+-]+)"\s*:\s*(?P<rest>.*)$')
_ONE_LINE = re.compile(r'"(?:cells|worksheets)"\s*:\s*\[\s*\{')
_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|$)')  # the last one may be cut
_TEXT_FIELD = re.compile(
    r'"(?:source|text|text/plain|traceback)"\s*:\s*(\[(?:[^\]"]|"(?:[^"\\]|\\.)*")*\]|"(?:[^"\\]|\\.)*")'
)
# What of a notebook is text for people: code, markdown, printed output and tracebacks.
_TEXTS = frozenset(("source", "text", "text/plain", "traceback", "input"))


class _Again:
    """A stream whose beginning was read already."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1, /) -> bytes:
        head, self._head = self._head, b""
        if size < 0:
            return head + self._rest.read()
        return head + self._rest.read(size - len(head)) if len(head) < size else self._cut(head, size)

    def _cut(self, head: bytes, size: int) -> bytes:
        self._head = head[size:]
        return head[:size]


def source_lines(stream: BinaryIO, name: str) -> Iterator[Line]:
    """The lines of a text, a notebook or a web page.

    Raises InputError where the bytes are no text.
    """
    head = stream.read(_HEAD)
    lines = read_lines(_Again(head, stream), name)
    if _NOTEBOOK.match(head):
        return notebook_lines(lines)
    if _PAGE.search(head[:2048]):
        from valscope.evidence.page import page_lines

        return page_lines(lines)
    return lines


def notebook_lines(lines: Iterator[Line]) -> Iterator[Line]:
    """Cells and outputs of a notebook, each line with its line in the file; a notebook cut in the middle is
    read as far as it goes. Cells are parted by fences."""
    key, first = "", True
    for line in lines:
        if first and _ONE_LINE.search(line.text):
            yield from _minified(line)
            return
        first = False
        field = _FIELD.match(line.text)
        body = line.text
        if field is not None:
            key, body = field["key"], field["rest"]
            if key in _TEXTS:
                yield Line(line.number, "")
        if key not in _TEXTS:
            continue
        for string in _STRING.finditer(body):
            yield from _unescaped(string.group(), line.number)
        if body.rstrip().endswith(("]", "],")):
            key = ""


def _unescaped(string: str, number: int) -> Iterator[Line]:
    try:
        text = json.loads(string if string[-1] == '"' and len(string) > 1 else string + '"', strict=False)
    except ValueError:
        text = string.strip('"')
    for piece in text.removesuffix("\n").split("\n"):
        if "\x1b" in piece or "\r" in piece or "\x08" in piece:
            for state in last_states(re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", piece)):
                yield Line(number, state)
        else:
            yield Line(number, piece)


def _minified(line: Line) -> Iterator[Line]:
    """A notebook on one line: every text in it, in the order of the file. Its lines are numbered as if each
    stood on its own."""
    number = 0
    for found in _TEXT_FIELD.finditer(line.text):
        joined = "".join(json.loads(s.group(), strict=False) for s in _STRING.finditer(found[1]))
        for text in ("", *joined.split("\n")):
            for state in last_states(text) if text else [""]:
                number += 1
                yield Line(number, state)
