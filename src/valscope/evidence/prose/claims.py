"""Accuracies, losses, shares of a split and image sizes in sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.number import reading
from valscope.evidence.prose.nearby import clause, measure_in, part_near
from valscope.evidence.prose.tokens import Token, numbers
from valscope.evidence.words import meaning
from valscope.nouns.log import Reading
from valscope.nouns.stated import ImageSize, LearningRates, Part, SplitShares, Stated, StatedScore

_SIZE = re.compile(
    r"(?<![A-Za-z0-9_.(-])(\d{2,5})\s?(?:px|pixels?)?\s?[x×*]\s?(\d{2,5})(?:\s?[x×*]\s?([134])(?!\d))?(?![A-Za-z_.]*\d|\s?[x×*])"
)
_RATIO = re.compile(r"(?<![\d.])(\d{1,2})\s*[/:-]\s*(\d{1,2})(?:\s*[/:-]\s*(\d{1,2}))?(?![\d.%])")
_SPLIT_WORD = re.compile(
    r"split|ratio|aufteil|geteilt|divid|划分|分割|比例|分け|раздел|répart|suddivi|böl|podzia", re.I
)
_RATE = re.compile(
    r"learning[ _-]?rates?|\blr\b|学习率|學習率|学習率|학습률|lernraten?|tasas? de aprendizaje|taux d.apprentissage|"
    r"taxas? de aprendizado|tasso di apprendimento|скорост\w+ обучения|öğrenme oranı|współczynnik\w* uczenia",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.。;;!?](?!\d)")
_IDENTIFIER = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)+|[A-Za-z]+")
# Sides of an image in pixels: kernels are smaller, counts are larger.
# A measure that follows its number stands directly behind it, in characters.
_NEAR = 24
_SIDES = (12, 10_000)


def claims(text: str) -> Iterator[Stated]:
    """What one line claims."""
    tokens = numbers(text)
    for found in _SIZE.finditer(text):
        first, second = int(found[1]), int(found[2])
        if all(_SIDES[0] <= side <= _SIDES[1] for side in (first, second)):
            yield ImageSize(first, second, int(found[3]) if found[3] else None)
    rates = _rates(text, tokens)
    if rates:
        yield LearningRates(rates)
    shares = _shares(text, tokens) or _ratio(text)
    if shares is not None:
        yield shares
    else:
        yield from _scores(text, tokens)


def _rates(text: str, tokens: list[Token]) -> tuple[Reading, ...]:
    """Numbers from the words for learning rate to the end of the sentence."""
    word = _RATE.search(text)
    if word is None:
        return ()
    stop = _STOP.search(text, word.end())
    inside = [t for t in tokens if word.end() <= t.start < (stop.start() if stop else len(text))]
    return tuple(reading(t.text) for t in inside if not t.percent and 0 < t.value < 1 and not t.whole)


def _shares(text: str, tokens: list[Token]) -> SplitShares | None:
    """Percentages, each with a part of its own, that do not speak of accuracy."""
    found: dict[Part, float] = {}
    for token in tokens:
        if not token.percent:
            continue
        start, end = clause(text, token.start, token.end)
        inside = text[start:end]
        part = part_near(inside, token.start - start, token.end - start)
        if part is None or part in found or measure_in(inside):
            return None
        found[part] = token.value / 100
    whole = sum(found.values())
    if (
        not found
        or "train" not in found
        or whole > 1.005
        or (len(found) == 1 and not _SPLIT_WORD.search(text))
    ):
        return None
    return SplitShares(found.get("train"), found.get("val"), found.get("test"))


def _ratio(text: str) -> SplitShares | None:
    """ "80/20 split", "70:15:15"."""
    for found in _RATIO.finditer(text):
        parts = [int(g) for g in found.groups() if g]
        if sum(parts) == 100 and parts[0] > 50 and (_SPLIT_WORD.search(text) or part_near(text, 0, 0)):
            two = len(parts) == 2
            test = two and part_near(text, found.end(), found.end()) == "test" and "val" not in text.lower()
            if two:
                return SplitShares(
                    parts[0] / 100, None if test else parts[1] / 100, parts[1] / 100 if test else None
                )
            return SplitShares(*(p / 100 for p in parts))
    return None


def _scores(text: str, tokens: list[Token]) -> Iterator[StatedScore]:
    for token in tokens:
        share = token.percent or (not token.whole and 0 <= token.value <= 1)
        start, end = clause(text, token.start, token.end)
        found = _named(text[start : token.start]) or (
            _named_after(text[token.end : end]) if token.percent else None
        )
        if found is None:
            continue
        measure, part = found
        if (token.percent or token.whole) if measure == "loss" else not share:
            continue
        yield StatedScore(measure, reading(token.text + ("%" if token.percent else "")), part)


def _named(before: str) -> tuple[str, Part | None] | None:
    """The measure that stands before the number in its clause, and the part with it."""
    for word in reversed(_IDENTIFIER.findall(before)):
        part, measure, rest = meaning(word)
        if measure in ("accuracy", "loss") and not rest:
            return measure, part or part_near(before, len(before), len(before))  # type: ignore[return-value]
    measure = measure_in(before)
    return None if measure is None else (measure, part_near(before, len(before), len(before)))


def _named_after(after: str) -> tuple[str, Part | None] | None:
    """ "98.4 % validation accuracy", "98.4% 的准确率"."""
    head = after[:_NEAR]
    measure = measure_in(head)
    return None if measure in (None, "loss") else (str(measure), part_near(head, 0, 0))
