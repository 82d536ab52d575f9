"""Items of each class in a sentence, and how many classes there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.prose.lexicon import CLASSES
from valscope.evidence.prose.nearby import clause, has, part_in
from valscope.evidence.prose.tokens import Token
from valscope.nouns.stated import ClassCounts, ClassNumber

# A number that stands directly beside the word for class names one, or says how many there are.
_BEFORE_INDEX = re.compile(
    r"(?:class|label|category|klasse|clase|classe|класс[аеу]?|类别|类|類別|クラス|클래스|klasa|sınıf)\s*(?:no\.?|nr\.?|#|\()?\s*$",
    re.I,
)
_AFTER_INDEX = re.compile(
    r"\s*(?:号|番)?\s*(?:类(?!别不)|類|クラス|클래스|st class|nd class|rd class|th class)"
)
# "3 classes", "3个类", "属于3类": how many. "2类" alone is class 2.
HOW_MANY = re.compile(
    r"\s*(?:-\s*)?(?:different |distinct |separate |image )?"
    r"(?:classes|categories|(?:个|個|种|種)(?:不同的?)?(?:类|類)|つのクラス|개의?\s*클래스|klassen|clases|classi|"
    r"класс(?:а|ов)|kategorien|categorías|catégories|sınıf|klas)",
    re.I,
)
_AMOUNTS_TO = re.compile(r"(?:于|为|成|共|有)\s*$")
# Larger numbers beside the word for class are counts, not indices.
_MOST_CLASSES = 1000


def class_counts(text: str, tokens: list[Token]) -> Iterator[tuple[ClassCounts, set[int]]]:
    """Pairs of a class and its count, in either order: an index is a number directly beside the word for
    class, or one of a run 0, 1, 2 ... in a sentence that has the word."""
    plain = [t for t in tokens if t.count is not None and not is_size(text, t)]
    index = [i for i, t in enumerate(plain) if is_index(text, t)]
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


def is_index(text: str, token: Token) -> bool:
    """Whether the number names a class: "class 2", "2类"."""
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
        key=lambda way: sum(distance(tokens[a], tokens[b]) for a, b in way),
    )
    return best if most > 1 else None


def _first_each(way: list[tuple[int, int]], tokens: list[Token]) -> list[tuple[int, int]]:
    """Only the first pair of each class."""
    firsts: dict[str, tuple[int, int]] = {}
    for pair in way:
        firsts.setdefault(tokens[pair[0]].text, pair)
    return list(firsts.values())


def distance(a: Token, b: Token) -> int:
    """Characters between two numbers."""
    return max(b.start - a.end, a.start - b.end)


def class_number(text: str, tokens: list[Token], used: set[int]) -> Iterator[ClassNumber]:
    """ "3 classes", but not "class 3"."""
    for token in tokens:
        if token.start in used or token.count is None or not 2 <= token.value < _MOST_CLASSES or token.about:
            continue
        many = HOW_MANY.match(text, token.end)
        if many or (_AMOUNTS_TO.search(text[: token.start]) and re.match(r"类|類", text[token.end :])):
            yield ClassNumber(int(token.value))


def is_size(text: str, token: Token) -> bool:
    """One side of an image: 115x45."""
    around = text[max(token.start - 3, 0) : token.start] + "|" + text[token.end : token.end + 3]
    return bool(re.search(r"\d\s?[x×*]\s?\||\|\s?[x×*]\s?\d", around))
