"""Counts in sentences: items of classes and of parts, "x of y", percentages with their counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.number import reading
from valscope.evidence.prose.classes import HOW_MANY, class_counts, class_number, distance, is_index, is_size
from valscope.evidence.prose.lexicon import ITEMS
from valscope.evidence.prose.nearby import clause, gap_text, has, measure_in, nearest, parts_beside
from valscope.evidence.prose.tokens import Token, numbers
from valscope.evidence.words import PARTS
from valscope.nouns.stated import Count, KofN, Part, PartSize, PercentOf, Stated

_ALL_PARTS = PARTS["train"] + PARTS["val"] + PARTS["test"]
_OF = re.compile(
    r"(?<![\d./-])(\d[\d,]*)\s*(?:out of|of(?: the| these| all)?|von(?: den)?|de(?: las| los| les)?|sur|su|из|/)\s*"
    r"(?:\w+\s)?(\d[\d,]*)(?![\d./%-]|\s*[\[%])"
)
_AMONG = re.compile(r"(\d+)\s*[张个枚]?\s*(?:\w{0,6})中\D{0,6}?(\d+)(?!\s*%)")
_OPERATED = re.compile(r"[*/]=?\s*$")  # "image / 255"
_SMALL_WORDS = re.compile(
    r"\b(?:for|and|und|et|to|in|of|the|as|my|are|is|set|used|zur?|zum|für|im|der|die|das|para|por|pour|per|el|la|les?|de|du|"
    r"для|на|в|и|images?|samples?)\b|用于|用来|要|用|的|は|が|を|に|の|은|는|이|가|집합|集",
    re.IGNORECASE,
)
# Words that a number of items may have beside it, and how far away, in characters.
_NEAR = 14


def counts(text: str) -> Iterator[Stated]:
    """What one line says of counts."""
    tokens = numbers(text)
    used: set[int] = set()
    for stated, taken in class_counts(text, tokens):
        used |= taken
        yield stated
    yield from class_number(text, tokens, used)
    yield from _of(text)
    counted = [t for t in tokens if _counts_items(text, t) and t.start not in used]
    for token, part in zip(counted, parts_beside(text, counted), strict=True):
        yield from _items(text, token, part)
    yield from _percentages(text, tokens, used)


def _of(text: str) -> Iterator[KofN]:
    for found in _OF.finditer(text):
        k, n = (int(g.replace(",", "")) for g in found.groups())
        if (
            0 <= k <= n
            and n > 1
            and not re.search(r"(?:epoch|step|iter\w*|batch|fold|/)\s*$", text[: found.start()], re.I)
        ):
            yield KofN(k, n)
    for found in _AMONG.finditer(text):
        n, k = int(found[1]), int(found[2])
        if 0 <= k <= n and n > 1:
            yield KofN(k, n)


def _counts_items(text: str, token: Token) -> bool:
    if token.count is None or token.count < 2 or is_size(text, token) or is_index(text, token):
        return False
    return not HOW_MANY.match(text, token.end) and not _OPERATED.search(text[: token.start])


def _items(text: str, token: Token, part: Part | None) -> Iterator[Stated]:
    """A count of images, with its part where the sentence names one."""
    start, end = clause(text, token.start, token.end)
    inside, place = text[start:end], (token.start - start, token.end - start)
    gap = nearest(inside, *place, ITEMS)
    beside = gap is not None and gap <= _NEAR
    if part is not None and (beside or (not measure_in(inside) and _listed(inside, place, has(text, ITEMS)))):
        yield PartSize(int(token.value), part, exact=not token.about)
    elif beside:
        yield Count(int(token.value), exact=not token.about)


def _listed(inside: str, place: tuple[int, int], of_items: bool) -> bool:
    """Whether the count stands directly at the part's word: "training: 3000", "500 validation"; a little
    further off in a sentence that speaks of images."""
    number = int(re.sub(r"\D", "", inside[slice(*place)]) or 0)
    between = gap_text(inside, *place, _ALL_PARTS)
    if between is None or number < 10:
        return False
    if not of_items:
        return len(between) <= 3 and bool(re.search(r"[:=]", between))
    return len(between) <= _NEAR and not re.search(r"\w", _SMALL_WORDS.sub("", between))


def _percentages(text: str, tokens: list[Token], used: set[int]) -> Iterator[PercentOf]:
    whole = [
        t
        for t in tokens
        if t.count is not None and t.count > 1 and t.start not in used and not is_size(text, t)
    ]
    for token in tokens:
        if token.percent and whole:
            near = sorted(whole, key=lambda t: distance(t, token))
            yield PercentOf(reading(f"{token.text}%"), tuple(dict.fromkeys(int(t.value) for t in near[:4])))
