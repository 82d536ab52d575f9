"""The text before a number: the measure that it names, and what it does not explain."""

from __future__ import annotations

import re
from functools import lru_cache

from valscope.evidence.words import EPOCH, METRICS, PARTS, QUALIFIERS, meaning, word_list

_HARD = re.compile(r"[,;|\[\](){}\t>]|\s-+\s|\s{3,}|\.\s")
_WORD = re.compile(r"[^\W\d][\w@/\-]*|\w+", re.UNICODE)
_LETTER = re.compile(r"[^\W\d_]")
_VOCABULARY = (
    frozenset(w for table in (PARTS, METRICS) for words in table.values() for w in words) | QUALIFIERS
)
# Words that stand in log lines beside the figures.
_FURNITURE = frozenset(
    word_list(
        "time eta best model saved saving save step steps iter iteration batch batches images image img sec secs seconds s "
        "min elapsed speed samples sample it ms data mem max gpu info epoch epochs ep train val test took cost stats "
        "and correct num total so far ms/step"
    )
)
_MOST_WORDS = 5
_UNKNOWN_WORDS = 2


@lru_cache(maxsize=4096)
def name_of(label: str) -> tuple[str | None, int]:
    """(name, how many characters of the label it takes) of the measure that a label announces."""
    bare = re.sub(r"\s*(?:is)?\s*[:=]\s*\(?$|\s+\(?$", "", label)
    separated = bool(re.search(r"[:=]\s*\(?$", label))
    tail = _HARD.split(bare)[-1].strip(" -*#'\"·•=")
    words = tail.split()
    while words and (
        len(words) > _MOST_WORDS or (re.fullmatch(r"[\d.:]+\w*|.*[:.]", words[0]) and not _known(words[0]))
    ):
        words = words[1:]
    if not separated:
        words = _measure_words(words)
    name = " ".join(words).strip(" :.")
    if not name or not _LETTER.search(name) or (not separated and meaning(name)[1] is None):
        return None, 0
    return name, len(label) - label.rfind(words[0])


def _measure_words(words: list[str]) -> list[str]:
    """The words at the end that name a measure without a colon; up to two unknown ones before them may
    say which ("Raw Acc"), more are a sentence."""
    known = len(words)
    while known and _known(words[known - 1]):
        known -= 1
    return words if known <= _UNKNOWN_WORDS and known < len(words) else words[known:]


def _known(word: str) -> bool:
    part, metric, rest = meaning(word)
    return (not rest and (part is not None or metric is not None)) or word.lower() in _VOCABULARY


def part_before(head: str) -> str | None:
    """The part that stands alone before a line's measures: "Validation : [loss: 0.6, acc: 0.9]"."""
    words = [w.lower() for w in _WORD.findall(head)]
    alone = bool(words) and all(w in _VOCABULARY or w in EPOCH for w in words)
    return meaning(" ".join(words))[0] if alone else None


def letters(text: str) -> int:
    """Letters that no label explains; characters of scripts without spaces weigh as words."""
    loose = 0
    for word in _WORD.findall(text):
        if word.lower() not in _FURNITURE and word.lower() not in _VOCABULARY and not word.isdigit():
            loose += sum(1 if c < "\u2e80" else 3 for c in word if c.isalpha())
    return loose
