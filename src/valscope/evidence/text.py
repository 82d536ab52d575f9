"""Bytes of any origin to numbered lines of text, lazily: a log of 100 MB is never held whole."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

from valscope.evidence.encoding import decode, detect
from valscope.evidence.typewriter import plain

__all__ = ["Line", "last_states", "plain", "read_lines", "text_lines"]

_CHUNK = 1 << 20
# A line longer than this is cut: nothing that people read is longer, and memory must stay bounded.
_LONGEST = 1 << 21

_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\|$)|[@-Z\\-_])")
# The same colours after a copy that lost the escape character: "[1m60/60[0m [32m━━━[0m".
_BARE_COLOUR = re.compile(r"\[(?:\d{1,3}(?:;\d{1,3})*)?m(?![a-z\]])")
_REWRITE = re.compile(r"\x08*\r[\r\x08]*|\x08{4,}")
_ERASED = re.compile(r"[^\x08]\x08")
# A progress bar on its way: "12/60 [==>...", "12/60 ━━", "20%|██".
_ON_ITS_WAY = re.compile(r"^\s*(?:(\d+)/(\d+)\s*(?:\[|━|-)|[^|\r\n]{0,80}?(\d{1,3})%\|)")


class Readable(Protocol):
    """What is needed of a stream."""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, fewer only at the end."""


class Line(NamedTuple):
    """One line of text. `number` is 1-based in the file as it was given."""

    number: int
    text: str


def read_lines(stream: Readable, name: str = "<stdin>") -> Iterator[Line]:
    """The lines of a byte stream, colours removed, progress bars in their last state.

    Raises InputError where the bytes are no text; the message says what they look like.
    """
    head = stream.read(_CHUNK)
    encoding = detect(head, name)
    pieces = _pieces(head, stream, encoding)
    return numbered(_split(pieces, _lonely_returns(head)))


def text_lines(text: str) -> Iterator[Line]:
    """The lines of a text that is already decoded."""
    return numbered(text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n"))


def numbered(lines: Iterable[str]) -> Iterator[Line]:
    """Number the lines; one that was rewritten in place may give several, all with its number."""
    for number, text in enumerate(lines, 1):
        if "\x1b" in text:
            text = _ANSI.sub("", text)
        if "[0m" in text:
            text = _BARE_COLOUR.sub("", text)
        if "\r" in text or "\x08" in text:
            for state in last_states(text):
                yield Line(number, state)
        else:
            yield Line(number, text)


def last_states(text: str) -> Iterator[str]:
    """What remains visible of a line that was rewritten with carriage returns or backspaces.

    Only progress bars on their way are dropped; anything else that a return overwrote is kept, because a
    pasted log may have lost its newlines.
    """
    states = [s for s in _REWRITE.split(text) if s and not s.isspace()]
    for i, state in enumerate(states):
        if i + 1 == len(states) or not _superseded(state, states[i + 1]):
            while "\x08" in state:
                state, count = _ERASED.subn("", state)
                state = state if count else state.replace("\x08", "")
            yield state


def _superseded(state: str, following: str) -> bool:
    old = _ON_ITS_WAY.match(state)
    if old is None or not _ON_ITS_WAY.match(following):
        return False
    return old[1] != old[2] if old[1] else old[3] != "100"


def _lonely_returns(head: bytes) -> bool:
    """Whether carriage returns are the line ends (old Mac), and not a progress bar's."""
    sample = head[:65536]
    if b"\n" in sample or b"\r" not in sample:
        return False
    states = sample.decode("latin-1").split("\r")
    return not any(_ON_ITS_WAY.match(s) for s in states)


def _pieces(head: bytes, stream: Readable, encoding: str) -> Iterator[str]:
    """Decoded text in pieces that end with a line, as far as lines are of bearable length."""
    if encoding.startswith(("utf-16", "utf-32")):
        yield from _wide_pieces(head, stream, encoding)
        return
    rest, data = b"", head
    while data:
        data = rest + data
        cut = data.rfind(b"\n") + 1 or (data.rfind(b"\r") + 1 if len(data) > _LONGEST else 0)
        if not cut and len(data) > _LONGEST:
            cut = len(data)
        rest = data[cut:]
        if cut:
            yield decode(data[:cut], encoding)
        data = stream.read(_CHUNK)
    yield decode(rest, encoding)


def _wide_pieces(head: bytes, stream: Readable, encoding: str) -> Iterator[str]:
    import codecs

    decoder = codecs.getincrementaldecoder(encoding)("replace")
    data = head
    while data:
        yield decoder.decode(data)
        data = stream.read(_CHUNK)
    yield decoder.decode(b"", True)


def _split(pieces: Iterable[str], returns: bool) -> Iterator[str]:
    rest = ""
    for i, piece in enumerate(pieces):
        piece = piece.removeprefix("\ufeff") if i == 0 else piece
        text = (rest + piece).replace("\x00", "")
        text = text.replace("\r", "\n") if returns else text.replace("\r\n", "\n")
        lines = text.split("\n")
        rest = lines.pop()
        yield from lines
        if len(rest) > _LONGEST:
            yield rest
            rest = ""
    yield rest  # empty where the text ends with a line end
