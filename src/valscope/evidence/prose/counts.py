"""Counts in sentences: items of classes and of parts, "x of y", percentages with their counts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.number import reading
from valscope.evidence.prose.tokens import (
    CLASSES,
    ITEMS,
    Token,
    clause,
    gap_text,
    has,
    measure_in,
    nearest,
    numbers,
    part_in,
    parts_beside,
)
from valscope.evidence.words import PARTS
from valscope.nouns.stated import ClassCounts, ClassNumber, Count, KofN, Part, PartSize, PercentOf, Stated

_ALL_PARTS = PARTS["train"] + PARTS["val"] + PARTS["test"]
_OF = re.compile(
    r"(?<![\d./-])(\d[\d,]*)\s*(?:out of|of(?: the| these| all)?|von(?: den)?|de(?: las| los| les)?|sur|su|из|/)\s*"
    r"(?:\w+\s)?(\d[\d,]*)(?![\d./%-]|\s*[\[%])"
)
_AMONG = re.compile(r"(\d+)\s*[张个枚]?\s*(?:\w{0,6})中\D{0,6}?(\d+)(?!\s*%)")
# A number that stands directly beside the word for class names one, or says how many there are.
_BEFORE_INDEX = re.compile(
    r"(?:class|label|category|klasse|clase|classe|класс[аеу]?|类别|类|類別|クラス|클래스|klasa|sınıf)\s*(?:no\.?|nr\.?|#|\()?\s*$",
    re.I,
)
_AFTER_INDEX = re.compile(
    r"\s*(?:号|番)?\s*(?:类(?!别不)|類|クラス|클래스|st class|nd class|rd class|th class)"
)
# "3 classes", "3个类", "属于3类": how many. "2类" alone is class 2.
_HOW_MANY = re.compile(
    r"\s*(?:-\s*)?(?:different |distinct |separate |image )?"
    r"(?:classes|categories|(?:个|個|种|種)(?:不同的?)?(?:类|類)|つのクラス|개의?\s*클래스|klassen|clases|classi|"
    r"класс(?:а|ов)|kategorien|categorías|catégories|sınıf|klas)",
    re.I,
)
_AMOUNTS_TO = re.compile(r"(?:于|为|成|共|有)\s*$")
_OPERATED = re.compile(r"[*/]=?\s*$")  # "image / 255"
_SMALL_WORDS = re.compile(
    r"\b(?:for|and|und|et|to|in|of|the|as|my|are|is|set|used|zur?|zum|für|im|der|die|das|para|por|pour|per|el|la|les?|de|du|"
    r"для|на|в|и|images?|samples?)\b|用于|用来|要|用|的|は|が|を|に|の|은|는|이|가|집합|集",
    re.IGNORECASE,
)
# Words that a number of items may have beside it, and how far away, in characters.
_NEAR = 14
# Larger numbers beside the word for class are counts, not indices.
_MOST_CLASSES = 1000


def counts(text: str) -> Iterator[Stated]:
    """What one line says of counts."""
    tokens = numbers(text)
    used: set[int] = set()
    for stated, taken in _class_counts(text, tokens):
        used |= taken
        yield stated
    yield from _class_number(text, tokens, used)
    yield from _of(text)
    counted = [t for t in tokens if _counts_items(text, t) and t.start not in used]
    for token, part in zip(counted, parts_beside(text, counted), strict=True):
        yield from _items(text, token, part)
    yield from _percentages(text, tokens, used)


def _class_counts(text: str, tokens: list[Token]) -> Iterator[tuple[ClassCounts, set[int]]]:
    """Pairs of a class and its count, in either order: an index is a number directly beside the word for
    class, or one of a run 0, 1, 2 ... in a sentence that has the word."""
    plain = [t for t in tokens if t.count is not None and not _is_size(text, t)]
    index = [i for i, t in enumerate(plain) if _is_index(text, t)]
    if not index and not has(text, CLASSES):
        return
    index = index if len(index) > 1 else _consecutive(plain, index)
    if len(index) < 2:
        return
    pairs = _pair(plain, index)
    if pairs is None:
        return
    labels = tuple(plain[i].text for i, _ in pairs)
    values = tuple(int(plain[c].value) for _, c in pairs)
    if len(labels) < 2 or max(values) < 2:
        return
    spot = plain[pairs[0][1]]
    named = part_in(text[slice(*clause(text, spot.start, spot.end))])
    yield ClassCounts(labels, values, named), {plain[i].start for pair in pairs for i in pair}


def _is_index(text: str, token: Token) -> bool:
    if token.value >= _MOST_CLASSES:
        return False
    return bool(_BEFORE_INDEX.search(text[: token.start]) or _AFTER_INDEX.match(text, token.end))


def _consecutive(tokens: list[Token], named: list[int]) -> list[int]:
    """The tokens 0, 1, 2 ... (or 1, 2, 3 ...) in order, where at least one was named a class."""
    for first in (0, 1):
        run: list[int] = []
        for i, token in enumerate(tokens):
            if token.value == first + len(run) and not token.about:
                run.append(i)
        if len(run) > 1 and set(named) <= set(run):
            return run
    return []


def _pair(tokens: list[Token], index: list[int]) -> list[tuple[int, int]] | None:
    """Each class with its count. Of two ways to pair ("24: 12 of class 0 and 12 of class 2") the one whose
    halves stand closer together."""
    others = [i for i in range(len(tokens)) if i not in index]
    if len(index) == len(others) and (max(index) < min(others) or max(others) < min(index)):
        return list(zip(index, others, strict=True))
    ways = [_first_each([(i, i + step) for i in index if i + step in others], tokens) for step in (1, -1)]
    most = max(map(len, ways))
    best = min(
        (way for way in ways if len(way) == most),
        key=lambda way: sum(_distance(tokens[a], tokens[b]) for a, b in way),
    )
    return best if most > 1 else None


def _first_each(way: list[tuple[int, int]], tokens: list[Token]) -> list[tuple[int, int]]:
    """Only the first pair of each class."""
    firsts: dict[str, tuple[int, int]] = {}
    for pair in way:
        firsts.setdefault(tokens[pair[0]].text, pair)
    return list(firsts.values())


def _distance(a: Token, b: Token) -> int:
    return max(b.start - a.end, a.start - b.end)


def _class_number(text: str, tokens: list[Token], used: set[int]) -> Iterator[ClassNumber]:
    for token in tokens:
        if token.start in used or token.count is None or not 2 <= token.value < _MOST_CLASSES or token.about:
            continue
        many = _HOW_MANY.match(text, token.end)
        if many or (_AMOUNTS_TO.search(text[: token.start]) and re.match(r"类|類", text[token.end :])):
            yield ClassNumber(int(token.value))


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
    if token.count is None or token.count < 2 or _is_size(text, token) or _is_index(text, token):
        return False
    return not _HOW_MANY.match(text, token.end) and not _OPERATED.search(text[: token.start])


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
    bare = _SMALL_WORDS.sub("", between) if of_items else between
    return len(between) <= (_NEAR if of_items else 3) and not re.search(r"\w", bare)


def _percentages(text: str, tokens: list[Token], used: set[int]) -> Iterator[PercentOf]:
    whole = [
        t
        for t in tokens
        if t.count is not None and t.count > 1 and t.start not in used and not _is_size(text, t)
    ]
    for token in tokens:
        if token.percent and whole:
            near = sorted(whole, key=lambda t: _distance(t, token))
            yield PercentOf(reading(f"{token.text}%"), tuple(dict.fromkeys(int(t.value) for t in near[:4])))


def _is_size(text: str, token: Token) -> bool:
    """One side of an image: 115x45."""
    around = text[max(token.start - 3, 0) : token.start] + "|" + text[token.end : token.end + 3]
    return bool(re.search(r"\d\s?[x×*]\s?\||\|\s?[x×*]\s?\d", around))
