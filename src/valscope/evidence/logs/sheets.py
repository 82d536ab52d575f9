"""Epochs printed by people's own loops, in one line or in several: PyTorch scripts, Lightning, MXNet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.midway import Template, template
from valscope.evidence.logs.names import columns
from valscope.evidence.logs.pairs import Pairs, parse
from valscope.evidence.logs.rows import Event, Gap, Header, Item
from valscope.evidence.logs.sheet import Sheet
from valscope.evidence.logs.stamps import unstamped
from valscope.evidence.text import Line, plain
from valscope.nouns.fact import Source

_HINT = re.compile(
    r"loss|acc|err|epoch|top|prec@|损失|率|精度|轮|損失|エポック|손실|정확도|에포크|verlust|genauigkeit|p[eé]rdida|perte|perda|"
    r"perdita|precisi|exactitud|ac[uú]r|потер|точност|эпох|kayıp|doğruluk|strata|dokład",
    re.I,
)
_SETS_EPOCHS = re.compile(r"\w\s*=\s*\d")
# Lightning's version number, and how far a bar named "Training" has come.
_NOISE = re.compile(r"v_num=.*|[^\W\d_]+=\d+%")
# "acc = 0" in a script sets a variable; it reports nothing.
_ASSIGNMENT = re.compile(r"\s*[A-Za-z_][\w.]*\s*=\s*[\d.]+\s*(?:$|#|[*/+]|-\s*\d|if\b|else\b)")
_LIGHTNING = re.compile(r"(\d{1,3})%\|")
_SAVED = re.compile(r"(?<=.)Epoch \d+, global step \d+:")
_EVENT = re.compile(
    r"Epoch \d+, global step \d+:.*|.*\b(?:early stopping|reducing learning rate of group)\b.*", re.I
)
# Lines of other text that an epoch's lines may have between them.
_MOST_BETWEEN = 3
_LONGEST = 2000
# Letters that no figure explains, as a share of the line: sentences have more, log lines fewer.
_LOOSE = 0.3


class SheetReader:
    """Feed lines, get rows."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.header: Header | None = None
        self._sheet: Sheet | None = None
        self._held: list[Item] = []
        self._part: str | None = None
        self._template: Template | None = None
        self._skipped: Line | None = None

    def feed(self, line: Line) -> list[Item] | None:
        """The rows that the line completes; None where it is no line of such a log."""
        if not _HINT.search(line.text) or len(line.text) > _LONGEST:
            return None
        skipped, self._skipped, self._template = self._skipped, None, None
        items = self._feed(skipped) or [] if skipped is not None else []
        found = self._feed(line)
        return found if found is None and not items else [*items, *(found or [])]

    def _feed(self, line: Line) -> list[Item] | None:
        text = plain(line.text).replace("**", "")
        if _EVENT.fullmatch(text.strip()):
            return [Event(Source(self._file, line.number, line.text.strip()))]
        text = unstamped(text)
        glued = _SAVED.search(text)
        pairs = parse(text[: glued.start()] if glued else text)
        if pairs.names and "%|" in text and "]" not in (text[: glued.start()] if glued else text):
            pairs.names.pop()  # a bar that is wider than its window loses the end of its last figure
            pairs.values.pop()
        if not self._is_log(pairs, text):
            return None
        if pairs.midway and pairs.of is not None and pairs.at is not None:
            self._template = template(line.text, pairs.number, pairs.at, pairs.of)
        return list(self._take(pairs, line, text))

    def skips(self, line: Line) -> bool:
        """Whether the line is one more of those within the epoch; only the last of them is read."""
        if self._template is None or not self._template.matches(line.text):
            return False
        self._skipped = line
        return True

    def gap(self, line: Line) -> list[Item]:
        """A few other lines may stand among the lines of one epoch."""
        if self._sheet is None or len(self._held) >= _MOST_BETWEEN:
            return [*self.close(), Gap(line.text)]
        self._held.append(Gap(line.text))
        return []

    def close(self) -> list[Item]:
        """The last epoch."""
        items: list[Item] = []
        if self._skipped is not None:
            items = self._feed(self._skipped) or []
        self._part = self._template = self._skipped = None
        return [*items, *self._close()]

    def _is_log(self, pairs: Pairs, text: str) -> bool:
        if pairs.number is not None and not pairs.names:
            return (
                pairs.loose <= 8
                and pairs.at is None
                and len(text.strip()) < 80
                and not _SETS_EPOCHS.search(text)
            )
        if not pairs.measures:
            return pairs.number is not None and pairs.at is None and not pairs.loose
        if pairs.number is not None or pairs.at is not None:
            return pairs.loose <= max(12, _LOOSE * pairs.length)
        if _ASSIGNMENT.match(text) or pairs.stray or not pairs.scores:
            return False
        return pairs.loose <= 4 * pairs.measures and pairs.loose <= _LOOSE * pairs.length

    def _take(self, pairs: Pairs, line: Line, text: str) -> Iterator[Item]:
        source = Source(self._file, line.number, line.text.strip())
        sheet = self._sheet
        if self.header is not None and pairs.number is None:
            yield from self._close()
            sheet = self._sheet = Sheet(source, "pytorch", self.header.number, self.header.total)
        part = pairs.part or ("val" if text.lstrip().startswith("*") else None)
        if part is None and pairs.number is None and sheet is not None and not sheet.values:
            part = self._part
        names = columns(tuple(pairs.names), part)
        values = {n: v for n, v in zip(names, pairs.values, strict=True) if not _NOISE.fullmatch(f"{n}={v}")}
        bar = _LIGHTNING.search(text)
        midway = pairs.midway or (bar is not None and bar[1] != "100")
        by_step = pairs.number is None and pairs.at is not None and pairs.of is None
        if by_step and (sheet is None or sheet.form == "steps"):
            sheet = Sheet(source, "steps", pairs.at)
            midway = False
        else:
            sheet = Sheet(source, "lightning" if bar else "pytorch", pairs.number, pairs.total)
        if self._starts_sheet(sheet, values, midway):
            yield from self._close()
            self._sheet, self._part = sheet, pairs.part if not pairs.names else None
        self._write(pairs, values, source, midway)

    def _starts_sheet(self, new: Sheet, values: dict[str, str], midway: bool) -> bool:
        old = self._sheet
        if old is None:
            return True
        if old.form == "steps" and new.form != "steps" and new.number is not None and not self._held:
            self._sheet = None  # the steps within an epoch that is named only now
            return True
        if new.number is not None:
            return new.number != old.number
        return not midway and any(n in old.values and old.values[n] != v for n, v in values.items())

    def _write(self, pairs: Pairs, values: dict[str, str], source: Source, midway: bool) -> None:
        sheet, self._held = self._sheet, []
        assert sheet is not None
        sheet.total = pairs.total if pairs.total is not None else sheet.total
        sheet.steps = pairs.of or sheet.steps
        if midway:
            sheet.batch.update({n: v for n, v in values.items() if n in ("loss", "accuracy")})
            return
        first = not sheet.values
        sheet.values.update(values)
        if first and values:
            sheet.source = source
        elif pairs.number is None:
            sheet.extra.update(values)
            sheet.extra_source = source
        sheet.seconds = pairs.seconds if pairs.seconds is not None else sheet.seconds

    def _close(self) -> Iterator[Item]:
        sheet, self._sheet = self._sheet, None
        if sheet is not None and (sheet.values or sheet.batch):
            yield sheet.row()
        yield from self._held
        self._held = []
