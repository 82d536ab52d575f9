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
    latin = "|".join(sorted(map(re.escape, (w for w in words if _spaced(w))), key=len, reverse=True))
    other = "|".join(sorted(map(re.escape, (w for w in words if not _spaced(w))), key=len, reverse=True))
    parts = [rf"(?<![^\W\d_])(?:{latin})(?![^\W\d_])"] if latin else []
    return re.compile("|".join([*parts, *([other] if other else [])]), re.IGNORECASE)


def _spaced(word: str) -> bool:
    """Whether the word's script parts words by spaces."""
    return all(c < "\u0e00" for c in word)


def has(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text."""
    return _pattern(words).search(text) is not None


def nearest(text: str, start: int, end: int, words: tuple[str, ...]) -> int | None:
    """Characters from text[start:end] to the nearest of the words, None where none stands."""
    best: int | None = None
    for found in _pattern(words).finditer(text):
        gap = max(found.start() - end, start - found.end(), 0)
        best = gap if best is None or gap < best else best
    return best


def part_near(text: str, start: int, end: int) -> Part | None:
    """The part whose word is nearest to text[start:end]; a word after the number is preferred to one as near
    before it."""
    best: tuple[float, Part] | None = None
    for part in ("train", "val", "test"):
        for found in _pattern(PARTS[part]).finditer(text):
            after = found.start() >= end
            gap = (
                (found.start() - end if after else (start - found.end()) + 0.5)
                if found.end() <= start or after
                else 0
            )
            if best is None or gap < best[0]:
                best = (gap, part)
    return best[1] if best else None


def measure_in(text: str) -> str | None:
    """ "accuracy", "loss" or "error_rate" where such a word stands in the text, the last one of it."""
    found = [
        (m.end(), measure)
        for measure in ("accuracy", "loss", "error_rate")
        for m in _pattern(METRICS[measure]).finditer(text)
    ]
    return max(found)[1] if found else None
