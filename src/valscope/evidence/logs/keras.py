"""Lines that Keras `fit` prints, of every generation: progress bars and verbose=2."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.names import canonical
from valscope.evidence.logs.number import NUMBER
from valscope.evidence.logs.rows import Event, Item, Row
from valscope.evidence.text import Line
from valscope.nouns.fact import Source

# One token after the other, so that lines glued together read like lines apart.
_TOKEN = re.compile(
    rf"""
    (?P<event>Epoch\s+0*\d+:\s.*|Train\son\s\d+\ssamples.*|Restoring\smodel\sweights.*)
  | (?P<epoch>Epoch\s*(?P<number>\d+)\s*/\s*(?P<total>\d+)(?:/(?P<glued>\d+)(?=\s*(?:\[|━|-\s)))?)
  | (?P<bar>(?P<at>\d+)/(?P<of>\d+)\s*(?:\[[=>.\s]*\]|━+|(?=-\s\d+s\b)))
  | (?P<time>\b(?P<s>\d+)s\b(?:\s(?P<per>\d+(?:\.\d+)?)(?P<unit>us|ms|s)/(?P<what>step|sample))?)
  | (?P<eta>ETA:\s*[\d:]+s?)
  | (?P<pair>(?P<name>[^\W\d]\w*):\s*(?P<value>{NUMBER})(?:/(?P<stuck>\d+)(?=\s*(?:\[|━|-\s)))?)
    """,
    re.VERBOSE,
)
_UNIT = {"us": 1e-6, "ms": 1e-3, "s": 1.0}


class _State:
    """What one progress bar, or one verbose=2 line, says."""

    def __init__(self, source: Source, at: int | None = None, of: int | None = None) -> None:
        self.source = source
        self.at, self.of = at, of
        self.values: dict[str, str] = {}
        self.seconds: float | None = None
        self.per_step: float | None = None
        self.samples: bool | None = None

    @property
    def final(self) -> bool:
        return self.at == self.of and bool(self.values)


class KerasReader:
    """Feed lines, get rows: one for each epoch that was printed to its end."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.number: int | None = None
        self.total: int | None = None
        self.state: _State | None = None

    def feed(self, line: Line) -> list[Item] | None:
        """The rows and events that the line completes; None where it is no line of a Keras log."""
        tokens = list(_TOKEN.finditer(line.text))
        if not any(t.lastgroup in ("event", "epoch", "bar", "time") for t in tokens):
            return None
        out: list[Item] = []
        for token in tokens:
            out.extend(self._take(token, line))
        return out

    def close(self) -> list[Item]:
        """The last epoch."""
        return list(self._flush())

    def _take(self, token: re.Match[str], line: Line) -> Iterator[Item]:
        source = Source(self.file, line.number, line.text.strip())
        if token["event"]:
            yield from self._flush()
            yield Event(source)
        elif token["epoch"]:
            yield from self._flush()
            self.number = int(token["number"])
            self.total, at = self._unglue(token)
            if at is not None:
                self.state = _State(source, at, int(token["glued"]))
        elif token["bar"]:
            yield from self._bar(_State(source, int(token["at"]), int(token["of"])))
        elif token["time"]:
            if self.state is None or self.state.values:
                yield from self._bar(_State(source))
            self._time(token)
        elif token["pair"] and self.state is not None:
            self.state.values.setdefault(canonical(token["name"]), token["value"])

    def _unglue(self, token: re.Match[str]) -> tuple[int, int | None]:
        """(total, at): "Epoch 2/3260/60" is epoch 2 of 32, bar 60/60."""
        digits, glued = token["total"], token["glued"]
        if glued is None:
            return int(digits), None
        if digits.endswith(glued) and digits != glued:
            return int(digits[: -len(glued)]), int(glued)
        return int(digits), None

    def _bar(self, state: _State) -> Iterator[Item]:
        old = self.state
        if old is not None and old.final and not (self._refines(old, state)):
            yield from self._flush()
        self.state = state

    def _refines(self, old: _State, new: _State) -> bool:
        return False

    def _time(self, token: re.Match[str]) -> None:
        assert self.state is not None
        self.state.seconds = float(token["s"])
        if token["per"]:
            self.state.per_step = float(token["per"]) * _UNIT[token["unit"]]
            self.state.samples = True if token["what"] == "sample" else None

    def _flush(self) -> Iterator[Item]:
        state, self.state = self.state, None
        number, total = self.number, self.total
        if state is None or not state.final:
            return
        self.number = self.total = None
        form = "keras" if state.of is not None else "keras-verbose2"
        yield Row(
            form, state.values, state.source, number, total,
            state.of, state.seconds, state.per_step, state.samples,
        )  # fmt: skip
