"""Lines that Keras `fit` prints, of every generation: progress bars and verbose=2.

The lines are read as a stream of tokens, so that a log whose newlines were lost reads like the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.bars import Bar, Style, unglue, unglue_value
from valscope.evidence.logs.keras_tokens import MIDWAY, OPENERS, SIGNS, TOKEN, style_of
from valscope.evidence.logs.rows import Event, Gap, Header, Item
from valscope.evidence.logs.wrapped import with_rest
from valscope.evidence.text import Line, plain
from valscope.nouns.fact import Source

# What may stand beside "Epoch 3/10" on a line of its own: a clock, bullets, quote marks.
_AROUND_HEADER = " \t0123456789:.,;-=*#>|[]()•/"
# Other lines that may stand between a header and its figures.
_LONGEST_WAIT = 12
# Steps of one bar that are kept to tell batches from samples.
_SEEN = 64


class KerasReader:
    """Feed lines, get rows: one for each epoch that was printed to its end."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._header: Header | None = None
        self._total: int | None = None
        self._old: Bar | None = None
        self._bar: Bar | None = None
        self._events: list[Event] = []
        self._seen: list[int] = []
        self._tail = ""
        self._validating = False
        self._waiting = 0

    def feed(self, line: Line) -> list[Item] | None:
        """The rows and events that the line completes; None where it is no line of a Keras log."""
        midway = MIDWAY.fullmatch(line.text)
        if midway and int(midway[1]) < int(midway[2]):
            self._tail = ""
            self._seen.append(int(midway[1]))
            return list(self._open_bar(line, int(midway[1]), int(midway[2])))
        text = plain(line.text)
        tokens = list(TOKEN.finditer(text)) if SIGNS.search(text) else []
        kinds = {token.lastgroup for token in tokens}
        if not kinds & OPENERS or (
            kinds & OPENERS == {"epoch"} and TOKEN.sub("", text).strip(_AROUND_HEADER)
        ):
            return [] if self._continues(text) else None
        self._tail = ""
        return [item for token in tokens for item in self._take(token, line, text)]

    def close(self) -> list[Item]:
        """The last epoch; call where the log ends or other text begins."""
        items = list(self._flush())
        self._header, self._tail, self._waiting = None, "", 0
        return items

    def gap(self, line: Line) -> list[Item]:
        """Other text parts epochs without a header from one another. A header keeps waiting for a while:
        warnings and the prints of callbacks stand between it and its figures."""
        header, waiting = self.header, self._waiting + 1
        items = self.close()
        if header is not None and waiting <= _LONGEST_WAIT:
            self._header, self._waiting = header, waiting
        return [*items, Gap(line.text)]

    @property
    def header(self) -> Header | None:
        """The header of an epoch without figures yet; they may be in lines that another reader knows."""
        return self._header if self._bar is None and self._old is None else None

    def drop_header(self) -> None:
        """Another reader has found the figures of the header's epoch."""
        self._header = None

    def skips(self, line: Line) -> bool:
        """Whether the line is a later state of the bar that is being drawn."""
        bar = self._bar
        if bar is None or bar.full:
            return False
        midway = MIDWAY.fullmatch(line.text)
        if midway is None or not (bar.at or 0) <= int(midway[1]) < int(midway[2]) == bar.of:
            return False
        self._tail, bar.at, bar.line = "", int(midway[1]), line
        if len(self._seen) < _SEEN:
            self._seen.append(bar.at)
        return True

    @property
    def expecting(self) -> bool:
        """Whether the next line may be the rest of this one."""
        return bool(self._tail)

    @property
    def waits(self) -> bool:
        """Whether only a header was read so far, which may belong to another reader's figures."""
        return self._bar is None and self._old is None

    def _take(self, token: re.Match[str], line: Line, text: str) -> Iterator[Item]:
        kind = token.lastgroup
        if kind == "event":
            self._events.append(Event(Source(self._file, line.number, token.group().strip())))
        elif kind == "opening":
            yield from self._flush()
            yield Event(Source(self._file, line.number, token.group().strip()), opening=True)
        elif kind == "epoch":
            yield from self._open_epoch(token, line)
        elif kind == "bar":
            of = int(token["of"]) if token["of"].isdigit() else None
            yield from self._open_bar(line, int(token["at"]), of, style_of(token))
        elif kind == "dash":
            yield from self._open_bar(line, None, None, "dash")
        elif kind == "eval":
            self._validating = True
        elif self._bar is not None:
            yield from self._measure(token, line)
        if kind in OPENERS:
            self._tail = text[token.start() :] if kind in ("bar", "dash") or token["glued"] else ""

    def _open_epoch(self, token: re.Match[str], line: Line) -> Iterator[Item]:
        yield from self._flush()
        total, at = token["total"], ""
        if token["glued"]:
            total, at = unglue(total, token["glued"], self._total)
        source = Source(self._file, line.number, line.text.strip())
        self._header, self._total = Header(int(token["number"]), int(total), source), int(total)
        self._validating = False
        if token["glued"]:
            yield from self._open_bar(line, int(at), int(token["glued"]))

    def _open_bar(self, line: Line, at: int | None, of: int | None, style: Style = "=") -> Iterator[Item]:
        yield from self._settle()
        self._bar = Bar(line, at, of, self._validating, style)

    def _measure(self, token: re.Match[str], line: Line) -> Iterator[Item]:
        assert self._bar is not None
        if not token["stuck"]:
            self._bar.take(token)
            return
        value, at = unglue_value(token["value"], token["stuck"], self._bar.decimals())
        self._bar.values.setdefault(token["name"], value)
        yield from self._open_bar(line, int(at), int(token["stuck"]))

    def _continues(self, text: str) -> bool:
        """Whether the line is the rest of a wrapped one; if so the bar is read again with it."""
        tail, self._tail = self._tail, ""
        if not tail or self._bar is None:
            return False
        longer = with_rest(self._bar, tail, text)
        if longer is None:
            return False
        self._bar, self._tail = longer, tail + text.strip()
        return True

    def _settle(self) -> Iterator[Item]:
        """The current bar is read; the one before it is an epoch unless this one is its later state."""
        old, new, self._bar = self._old, self._bar, None
        if new is None:
            return
        if old is not None and new.validating and not old.validating:
            old.absorb(new)
            return
        if old is not None and new.follows_validation(old):
            self._events.append(Event(Source(self._file, old.line.number, old.line.text.strip())))
        elif old is not None and not new.replaces(old):
            yield from self._emit(old)
        self._old = new

    def _flush(self) -> Iterator[Item]:
        yield from self._settle()
        old, self._old = self._old, None
        if old is not None:
            yield from self._emit(old)
        yield from self._events
        self._events = []

    def _emit(self, bar: Bar) -> Iterator[Item]:
        seen, self._seen = self._seen, []
        header = self._header
        if not bar.full:
            yield Event(Source(self._file, bar.line.number, bar.line.text.strip()))
        elif bar.values:
            self._header = None
            yield bar.row(
                self._file, header.number if header else None, header.total if header else None, seen
            )
