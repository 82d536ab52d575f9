"""Field words beside a number: the part, the measure, the items, within the clause."""

from __future__ import annotations

import re

from valscope.evidence.prose.lexicon import PART_NAMES, pattern
from valscope.evidence.prose.tokens import Token
from valscope.evidence.words import METRICS, PARTS
from valscope.nouns.stated import Part

_MARKS = r"[,，、;；。.!?！？()（）\n]"
_CLAUSE = re.compile(rf"{_MARKS}(?!\d)")
_ERROR_RATE = re.compile(
    r"error[ _-]?rates?|错误率|誤差率|fehlerrate|taux d.erreur|tasa de error", re.IGNORECASE
)


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds text[start:end]: between commas, full stops and brackets."""
    before = [m.end() for m in _CLAUSE.finditer(text, 0, start)]
    after = _CLAUSE.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text."""
    return pattern(words).search(text) is not None


def gap_text(text: str, start: int, end: int, words: tuple[str, ...]) -> str | None:
    """What stands between text[start:end] and the nearest of the words, None where none stands."""
    gaps = []
    for found in pattern(words).finditer(text):
        behind = found.start() >= end
        gaps.append(
            text[end : found.start()] if behind else text[found.end() : start] if found.end() <= start else ""
        )
    return min(gaps, key=len) if gaps else None


def nearest(text: str, start: int, end: int, words: tuple[str, ...]) -> int | None:
    """Characters from text[start:end] to the nearest of the words, None where none stands."""
    between = gap_text(text, start, end, words)
    return None if between is None else len(between)


def part_in(text: str) -> Part | None:
    """The part whose word stands in the text, the first where several do."""
    found = [(m.start(), part) for part in PART_NAMES for m in pattern(PARTS[part]).finditer(text)]
    return min(found)[1] if found else None


def part_near(text: str, start: int, end: int) -> Part | None:
    """The part whose word is nearest to text[start:end], behind it rather than as near before it."""
    found = [
        (m.start() - end if m.start() >= end else max(start - m.end(), 0) + 0.5, part)
        for part in PART_NAMES
        for m in pattern(PARTS[part]).finditer(text)
    ]
    return min(found)[1] if found else None


def parts_beside(text: str, tokens: list[Token]) -> list[Part | None]:
    """The part of each number: the word between it and the next number, or between it and the one before,
    within the clause. Whichever way gives more numbers their part is the sentence's way."""
    after, before = [], []
    for i, token in enumerate(tokens):
        start, end = clause(text, token.start, token.end)
        behind = min(end, tokens[i + 1].start) if i + 1 < len(tokens) else end
        ahead = max(start, tokens[i - 1].end) if i else start
        after.append(part_in(text[token.end : behind]))
        before.append(part_in(text[ahead : token.start]))
    first, second = (after, before) if sum(map(bool, after)) >= sum(map(bool, before)) else (before, after)
    whole = sum(map(bool, first)) == 0
    return [a or (b if whole or len(tokens) == 1 else None) for a, b in zip(first, second, strict=True)]


def measure_in(text: str) -> str | None:
    """ "accuracy", "loss" or "error_rate" where such a word stands in the text, the last one of it. A bare
    "error" is most often something else."""
    words = {
        "accuracy": pattern(METRICS["accuracy"]),
        "loss": pattern(METRICS["loss"]),
        "error_rate": _ERROR_RATE,
    }
    found = [(m.end(), measure) for measure, some in words.items() for m in some.finditer(text)]
    return max(found)[1] if found else None
