"""Logs as dictionaries: one a line (Hugging Face, history.jsonl), or lists by metric (History.history)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.names import columns
from valscope.evidence.logs.number import NUMBER
from valscope.evidence.logs.rows import Event, Gap, Item, Row
from valscope.evidence.text import Line, plain
from valscope.evidence.words import meaning
from valscope.nouns.fact import Source

_VALUE = rf"(?:[\w.]+\(\s*)?(?P<value>{NUMBER}|NaN|null|None|-?Infinity)\s*(?:,\s*dtype=[\w.]+)?\)?"
_ENTRY = re.compile(rf"""['"](?P<key>[^'"]{{1,80}})['"]\s*:\s*{_VALUE}\s*(?=[,}}])""")
_LIST = re.compile(
    r"""(?:['"](?P<key>[^'"]{1,80})['"]|(?P<bare>\b[^\W\d]\w*))\s*[:=]\s*(?:array\()?\[(?P<rest>[^\]]*)(?P<end>\])?"""
)
_ITEM = re.compile(rf"(?<![\w.]){NUMBER}(?![\w.])|NaN|null|None")
_NOT_A_NUMBER = re.compile(r"[^\W\d_]")
_WRAPPER = re.compile(
    r"(?:np|numpy|tf|jnp)\.\w+\(|\b(?:float\d*|array)\(|dtype=\w+|e[-+]?\d+|nan|inf|NaN|null|None", re.I
)
# A list that goes on for more lines than this without its end is no list of epochs.
_MOST_LINES = 100_000


class DictReader:
    """Feed lines, get rows."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._last: dict[str, str] = {}
        self._row: Row | None = None
        self._lists: dict[str, list[str]] = {}
        self._open: str | None = None
        self._source: Source | None = None

    def feed(self, line: Line) -> list[Item] | None:
        """The rows that the line completes; None where it is no such line."""
        if self._open is not None:
            return self._more(line)
        text = line.text
        if "{" not in text and "[" not in text and not (self._lists and not text.strip(" {}],;")):
            return None
        text = plain(text)
        if "[" in text and (found := self._take_lists(text, line)) is not None:
            return found
        if self._lists and not text.strip(" {}],;"):
            return []
        return self._take_entries(text, line) if "{" in text and "}" in text else None

    @property
    def expecting(self) -> bool:
        """Whether a list is open."""
        return self._open is not None or bool(self._lists)

    def gap(self, line: Line) -> list[Item]:
        """Other text ends what was open."""
        return [*self.close(), Gap(line.text)]

    def close(self) -> list[Item]:
        """The last epoch, or the lists as epochs."""
        items: list[Item] = [] if self._row is None else [self._row]
        items += self._rows_of_lists()
        self._row, self._lists, self._open = None, {}, None
        return items

    def _take_entries(self, text: str, line: Line) -> list[Item] | None:
        entries = {m["key"]: m["value"] for m in _ENTRY.finditer(text)}
        names = tuple(n for n in entries if n not in ("epoch", "step", "iter"))
        measured = [n for n in names if _is_measure(n)]
        if not measured or ("epoch" not in entries and len(measured) < 2):
            return None
        source = Source(self._file, line.number, line.text.strip())
        if "train_runtime" in entries:
            return [*self.close(), Event(source)]
        epoch = entries.get("epoch", "")
        whole = re.fullmatch(r"(\d+)(?:\.0*)?", epoch)
        if epoch and not whole:
            return []  # a figure within an epoch
        finite = [n for n in names if entries[n] not in ("null", "None")]
        values = dict(zip(columns(tuple(finite)), (entries[n] for n in finite), strict=True))
        return list(self._add(int(whole[1]) if whole else None, values, source))

    def _add(self, number: int | None, values: dict[str, str], source: Source) -> Iterator[Item]:
        old = self._row
        if (
            old is not None
            and number is not None
            and old.number == number
            and not set(values) & set(old.values) - {"learning_rate"}
        ):
            self._row = old.but({**old.values, **values})
            return
        if old is not None:
            yield old
        self._row = Row("dicts", values, source, number)

    def _take_lists(self, text: str, line: Line) -> list[Item] | None:
        found = [m for m in _LIST.finditer(text) if _is_column(m["key"] or m["bare"]) and _numeric(m["rest"])]
        if not found or (len(found) == 1 and found[0]["end"] and len(_ITEM.findall(found[0]["rest"])) < 2):
            return None
        items: list[Item] = []
        for match in found:
            key = match["key"] or match["bare"]
            if key in self._lists:
                items += self.close()
            if not self._lists:
                self._source = Source(self._file, line.number, line.text.strip()[:400])
            self._lists[key] = _items(match["rest"])
            self._open = None if match["end"] else key
        return items

    def _more(self, line: Line) -> list[Item] | None:
        assert self._open is not None
        text = plain(line.text)
        before, end, after = text.partition("]")
        if not _numeric(before) or len(self._lists[self._open]) > _MOST_LINES:
            self._lists.pop(self._open)
            self._open = None
            return self.feed(line)
        self._lists[self._open] += _items(before)
        if not end:
            return []
        self._open = None
        return (self._take_lists(after, line) or []) if "[" in after else []

    def _rows_of_lists(self) -> Iterator[Item]:
        lists = self._lists
        if len(lists) < 2 or self._source is None:  # one list may be anything, such as a plot's heights
            return
        names = dict(zip(columns(tuple(lists)), lists.values(), strict=True))
        for i in range(max(map(len, lists.values()))):
            values = {n: v[i] for n, v in names.items() if i < len(v) and v[i] not in ("null", "None")}
            yield Row("history", values, self._source)


def _is_measure(name: str) -> bool:
    """Whether the name is a loss, an accuracy or an error rate of the whole network."""
    _, metric, rest = meaning(name)
    return metric in ("loss", "accuracy", "error_rate") and not rest


def _is_column(name: str) -> bool:
    return meaning(name)[1] is not None


def _numeric(text: str) -> bool:
    return not _NOT_A_NUMBER.search(_WRAPPER.sub("", text))


def _items(text: str) -> list[str]:
    return _ITEM.findall(re.sub(r"(?:[\w.]+\()|dtype=\w+", "", text))
