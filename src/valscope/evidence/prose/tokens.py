"""Numbers of a sentence with their places, and the field words beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from valscope.evidence.logs.number import NUMBER, plain
from valscope.evidence.words import METRICS, PARTS, word_list
from valscope.nouns.stated import Part

_NUMBER = re.compile(
    rf"""(?<![A-Za-z0-9_.])(?<!\d,)(?P<about>[~≈约]|ca\.?\s|about\s)?\s*(?>(?P<number>{NUMBER}))
    (?P<kilo>\s?[kK](?![A-Za-z])|\s?万)?
    (?P<percent>\s?(?:%|percent\b|per\ cent\b|Prozent\b|процент\w*|por\ ciento\b|pour\ cent\b|パーセント|퍼센트))?
    (?![A-Za-z_\d])""",
    re.VERBOSE,
)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+$")
_POINTS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+$")
# Words for "about" that stand before a number.
_ABOUT = re.compile(
    r"(?:about|around|roughly|approximately|almost|nearly|some|circa|ca\.?|etwa|rund|ungefähr|environ|unos|unas|"
    r"cerca de|aproximadamente|около|примерно|大约|大概|约|左右|およそ|約|약|yaklaşık|około|~|≈)\s*$",
    re.IGNORECASE,
)
PART_NAMES: tuple[Part, ...] = ("train", "val", "test")
ITEMS = word_list(
    "image images img imgs picture pictures photo photos sample samples item items example examples file files "
    "instance instances 张 张图 图像 图片 图 枚 画像 样本 个项目 项目 장 이미지 사진 샘플 bild bilder bildern fotos foto "
    "beispiele imagen imágenes imagenes muestras imagens amostras immagini campioni изображений изображения "
    "изображение картинок картинки фото образцов примеров görüntü resim obraz obrazów zdjęć صورة صور"
)
CLASSES = word_list(
    "class classes category categories label 类 类别 個類別 類 类的 クラス 클래스 klasse klassen clase clases classe "
    "klasa klasy класс классов класса классы sınıf sınıfı kategorie kategorien categoría categorías فئة"
)
_MARKS = r"[,，、;；。.!?！？()（）\n]"
_CLAUSE = re.compile(rf"{_MARKS}(?!\d)")
# Letters from which a word is long enough to be told within another one.
_LONG = 6


@dataclass(frozen=True, slots=True)
class Token:
    """One number. `value` is in the unit written, `percent` says that it is one."""

    text: str
    value: float
    start: int
    end: int
    percent: bool
    whole: bool
    about: bool

    @property
    def count(self) -> int | None:
        """The number as a count, None for decimals and percentages."""
        return int(self.value) if self.whole and not self.percent else None


def numbers(text: str) -> list[Token]:
    """The numbers of a line in typewriter characters."""
    out = []
    for found in _NUMBER.finditer(text):
        digits = found["number"].rstrip(".")  # the full stop after "class 1."
        body = plain(digits)
        if not found["percent"] and (_GROUPED.match(digits) or _points(digits, text[found.end() :])):
            body = re.sub(r"[,.]", "", digits)
        scale = {"": 1, "k": 1000, "K": 1000, "万": 10000}[(found["kilo"] or "").strip()]
        try:
            value = float(body) * scale
        except ValueError:
            continue
        if value != value or abs(value) == float("inf"):
            continue
        whole = ("." not in body and "e" not in body.lower()) or (scale > 1 and value == int(value))
        about = bool(found["about"] or found["kilo"] or _ABOUT.search(text[: found.start("number")]))
        out.append(
            Token(
                digits,
                value,
                found.start("number"),
                found.end(),
                bool(found["percent"]),
                whole and value >= 0,
                about,
            )
        )
    return out


def _points(digits: str, after: str) -> bool:
    """Whether points part thousands ("1.939 Bilder"): a fraction of an image there is not."""
    return bool(_POINTS.match(digits)) and (
        digits.count(".") > 1 or bool(_pattern(ITEMS).match(after.lstrip()))
    )


def clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The clause that holds text[start:end]: between commas, full stops and brackets."""
    before = [m.end() for m in _CLAUSE.finditer(text, 0, start)]
    after = _CLAUSE.search(text, end)
    return (before[-1] if before else 0), (after.start() if after else len(text))


@lru_cache(maxsize=32)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the words. Long words may be a part of a compound or have an ending: "Trainingsbilder"."""
    ordered = sorted(words, key=len, reverse=True)
    exact = "|".join(re.escape(w) for w in ordered if _spaced(w) and len(w) < _LONG)
    long = "|".join(re.escape(w) for w in ordered if _spaced(w) and len(w) >= _LONG)
    other = "|".join(re.escape(w) for w in ordered if not _spaced(w))
    parts = [rf"(?<![^\W\d_])(?:{exact})(?![^\W\d_])"] if exact else []
    parts += [rf"(?<![^\W\d_])(?:{long})", rf"(?:{long})(?![^\W\d_])"] if long else []
    return re.compile("|".join([*parts, *([other] if other else [])]), re.IGNORECASE)


def _spaced(word: str) -> bool:
    """Whether the word's script parts words by spaces."""
    return all(c < "\u0e00" for c in word)


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text."""
    return _pattern(words).search(text) is not None


def gap_text(text: str, start: int, end: int, words: tuple[str, ...]) -> str | None:
    """What stands between text[start:end] and the nearest of the words, None where none stands."""
    gaps = []
    for found in _pattern(words).finditer(text):
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
    found = [(m.start(), part) for part in PART_NAMES for m in _pattern(PARTS[part]).finditer(text)]
    return min(found)[1] if found else None


def part_near(text: str, start: int, end: int) -> Part | None:
    """The part whose word is nearest to text[start:end], behind it rather than as near before it."""
    found = [
        (m.start() - end if m.start() >= end else max(start - m.end(), 0) + 0.5, part)
        for part in PART_NAMES
        for m in _pattern(PARTS[part]).finditer(text)
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
    """ "accuracy", "loss" or "error_rate" where such a word stands in the text, the last one of it."""
    found = [
        (m.end(), measure)
        for measure in ("accuracy", "loss", "error_rate")
        for m in _pattern(METRICS[measure]).finditer(text)
    ]
    return max(found)[1] if found else None
