"""One line of names and numbers in any order: what people print from their own training loops.

Every number is labelled by the text before it; the labels say which number is the epoch, which a step and
which a measure. What no label explains is counted, so that prose with a number in it is not taken for a log.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from valscope.evidence.logs.labels import letters, name_of, part_before
from valscope.evidence.logs.number import NUMBER
from valscope.evidence.words import EPOCH, meaning

_NUMBER = re.compile(rf"(?<![A-Za-z0-9_@.])(?<![A-Za-z]-)(?>{NUMBER})(?P<percent>\s?%)?(?![A-Za-z_])")
_CLOCK = re.compile(r"\b\d+:\d\d(?::\d\d)?(?:\.\d+)?\b|\b\d{4}-\d\d-\d\d\b")
_REMARK = re.compile(r"(?<=[\s\d%])\([^()\d=:]{1,40}\)")  # "(two cameras)" explains a figure and is none
_SECONDS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)\s?s(?:ec(?:onds)?)?\b(?!/)")
_EPOCH_LABEL = re.compile(
    rf"(?P<before>.*?)(?:{'|'.join(EPOCH)}|(?<![a-z])ep|第)\s*(?:\((?P<part>\w+)\))?\s*(?:n[o°º]\.?)?[\s:#=\[(@-]*$",
    re.I | re.S,
)
_AFTER_EPOCH = re.compile(r"\s*(?:个)?(?:轮|エポック|에포크|epoch|周期)")
_STEP_LABEL = re.compile(
    r"(?:step|iter|iteration|batch|mini-?batch|global_step|steps)s?\b[\s:#=\[(.]*$", re.I
)
_OF = re.compile(r"\s*(?:/|\bof\b|\bout of\b|\bde\b|\bvon\b|\bиз\b|\bsur\b)\s*")
# The words that say what a number is stand directly before it.
_LONGEST_LABEL = 120
_BEST = {"best", "max", "highest", "beste", "mejor", "最佳", "最高"}


@dataclass(slots=True)
class Pairs:
    """What one line says. `at` and `of` count steps within an epoch; `loose` counts unexplained letters
    and `stray` bare numbers that follow another number."""

    number: int | None = None
    total: int | None = None
    at: int | None = None
    of: int | None = None
    part: str | None = None
    names: list[str] = field(default_factory=list)
    values: list[str] = field(default_factory=list)
    seconds: float | None = None
    bracketed: str = ""
    stray: int = 0
    loose: int = 0
    length: int = 0

    @property
    def measures(self) -> int:
        """How many of the values are a loss, an accuracy or an error rate."""
        return sum(1 for name in self.names if is_measure(name))

    @property
    def scores(self) -> int:
        """How many of the values are such a measure and nothing else, with decimals, as scores have."""
        pairs = zip(self.names, self.values, strict=True)
        return sum(
            1 for name, text in pairs if is_measure(name) and not meaning(name)[2] and not text.isdigit()
        )

    @property
    def midway(self) -> bool:
        """Whether the line speaks of a batch and not of an epoch."""
        if self.at is None or (self.of is not None and self.at >= self.of):
            return False
        return self.of is not None or not any(meaning(name)[0] in ("val", "test") for name in self.names)


def is_measure(name: str) -> bool:
    """Whether the name is a loss, an accuracy or an error rate of now, and not the best so far."""
    _, metric, rest = meaning(name)
    return metric not in (None, "learning_rate") and not _BEST & set(rest)


def parse(text: str) -> Pairs:
    """Read one line, already in typewriter characters and without a timestamp before it."""
    out = Pairs(length=len(text))
    body = _CLOCK.sub(_blank, _REMARK.sub(_without_remark, text))
    seconds = _SECONDS.search(body)
    out.seconds = float(seconds[1]) if seconds else None
    end, role = 0, ""
    for number in _NUMBER.finditer(body):
        label = body[end : number.start()]
        role = _place(out, label, number, role, body)
        after = _AFTER_EPOCH.match(body, number.end()) if role == "epoch" else None
        end = after.end() if after else number.end()
    out.loose += letters(body[end:])
    return out


def _without_remark(found: re.Match[str]) -> str:
    return found.group() if meaning(found.group())[0] else _blank(found)


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _place(out: Pairs, label: str, number: re.Match[str], role: str, body: str) -> str:
    """Put one number where it belongs; what it was, for the number after it."""
    percent = (number["percent"] or "").strip()
    whole = number.group().removesuffix(number["percent"] or "").rstrip(".")
    count = int(whole) if whole.isdigit() else None
    if count is not None and role in ("epoch", "step", "measure", "bracket") and _OF.fullmatch(label):
        return _place_total(out, count, whole, role)
    if role == "measure" and label.strip() == "(" and not percent:
        return _place_bracketed(out, whole, count)
    if percent and body[number.end() : number.end() + 1] == "|":
        return ""  # how far a progress bar has come
    epoch = _EPOCH_LABEL.fullmatch(label[-_LONGEST_LABEL:])
    if count is not None and out.number is None and (epoch or _starts_line(label, body, number)):
        out.number = count
        before = epoch["before"] if epoch else ""
        out.part = meaning(f"{before} {epoch['part'] or ''}")[0] if epoch else None
        out.loose += letters(before)
        return "epoch"
    if count is not None and (_STEP_LABEL.search(label) or _counts_batches(label, body, number)):
        out.at = count
        out.part = out.part or meaning(label)[0]
        return "step"
    return _place_measure(out, label, whole + percent)


def _place_bracketed(out: Pairs, whole: str, count: int | None) -> str:
    """ "0.41 (0.52)" is a value and its average so far; "97.21 (58326 / 60000)" counts what is right."""
    if count is not None and meaning(out.names[-1])[1] == "accuracy":
        out.bracketed = whole
        return "bracket"
    if count is None and "/" not in out.values[-1]:
        out.values[-1] = whole
    return ""


def _place_total(out: Pairs, count: int, whole: str, role: str) -> str:
    if role == "epoch":
        out.total = count
    elif role == "step":
        out.of = count
    else:
        right = out.bracketed if role == "bracket" else out.values[-1]
        if meaning(out.names[-1])[1] == "accuracy" and right.isdigit() and int(right) <= count:
            out.values[-1] = f"{right}/{whole}"
    return "measure" if role == "measure" else ""


def _place_measure(out: Pairs, label: str, text: str) -> str:
    name, used = name_of(label)
    if name is not None and not out.names and out.part is None:
        out.part = part_before(label[: len(label) - used])
    out.loose += letters(label[: len(label) - used])
    if name is None:
        out.stray += not label.strip() and bool(out.names) and "%" not in text
        return ""
    out.names.append(name)
    out.values.append(text)
    return "measure"


def _starts_line(label: str, body: str, number: re.Match[str]) -> bool:
    """ "[3/10] loss ..." and "#3/10": the epoch without the word."""
    if label.strip() not in ("", "#", "[", "(", "[#", "*"):
        return False
    return number.start() <= 4 and bool(re.match(r"\s*/\s*\d+", body[number.end() :]))


def _counts_batches(label: str, body: str, number: re.Match[str]) -> bool:
    """ "[10/31]" after the epoch, "60/60 [00:05<" in a tqdm bar, "[3200/60000 (5%)]"."""
    after = body[number.end() : number.end() + 24]
    if label.rstrip().endswith("[") and re.match(r"\s*/\s*\d+\s*(?:\]|\()", after):
        return True
    return bool(re.match(r"\s*/\s*\d+\s*\[", after)) and "|" in label
