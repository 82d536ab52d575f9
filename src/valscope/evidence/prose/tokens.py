"""Numbers of a sentence with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

from valscope.evidence.logs.number import NUMBER, plain
from valscope.evidence.prose.lexicon import ITEMS, pattern

_NUMBER = re.compile(
    rf"""(?<![A-Za-z0-9_.])(?<!\d,)(?<![A-Za-z]-)(?P<about>[~≈约]|ca\.?\s|about\s)?\s*(?>(?P<number>{NUMBER}))
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
        place = (found.start("number"), found.end())
        out.append(Token(digits, value, *place, bool(found["percent"]), whole and value >= 0, about))
    return out


def _points(digits: str, after: str) -> bool:
    """Whether points part thousands ("1.939 Bilder"): a fraction of an image there is not."""
    return bool(_POINTS.match(digits)) and (
        digits.count(".") > 1 or bool(pattern(ITEMS).match(after.lstrip()))
    )
