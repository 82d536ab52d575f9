"""Printed numbers with their digits."""

from __future__ import annotations

import math
import re

from valscope.nouns.log import Reading

# A number as logs print it: 0.9107, 1.2e-04, 0,9107, 1,234.5, 12 %, 9818/10000, nan, inf.
NUMBER = (
    r"[-+−]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:\.\d{3})+,\d+|\d+[.,]\d+|\d+\.(?!\d)|\.\d+|\d+|inf(?:inity)?|nan)"
    r"(?:(?<=\d)[eE][-+]?\d+|(?<=\.)[eE][-+]?\d+)?"
)
_GROUPED = re.compile(r"^[1-9]\d{0,2}(?:,\d{3})+$")


def plain(text: str, comma: bool = True) -> str:
    """The digits as Python reads them: decimal commas become points, thousands separators go.

    `comma` says what "1,234" means, where the digits alone leave it open: True for a decimal comma.
    """
    text = text.strip().replace("−", "-")
    if "," not in text:
        return text.replace(".", "", text.count(".") - 1)
    if "." in text:
        decimal = max(text.rfind(","), text.rfind("."))
        head = text[:decimal].replace(",", "").replace(".", "")
        return f"{head}.{text[decimal + 1 :]}"
    if text.count(",") > 1 or (not comma and _GROUPED.match(text.lstrip("+-"))):
        return text.replace(",", "")
    return text.replace(",", ".")


def decimals(text: str) -> int:
    """Digits after the decimal point or comma."""
    mantissa = text.lower().rstrip("% ").partition("e")[0].replace(",", ".")
    return len(mantissa.rpartition(".")[2]) if "." in mantissa else 0


def reading(text: str, *, percent: bool = False, comma: bool = True) -> Reading:
    """The number with half a unit of its last digit.

    A trailing "%" or `percent` makes the value a fraction ("87.5%" is 0.875 with half 0.0005); "9818/10000"
    is an exact fraction with half 0. Raises ValueError where the text is no number.
    """
    body = text.strip()
    if "/" in body:
        top, bottom = body.split("/")
        return Reading(body, int(top) / int(bottom), 0.0)
    shift = -2 if percent or body.endswith("%") else 0
    digits = plain(body.rstrip("% "), comma).lower()
    value = float(digits)
    if not math.isfinite(value):
        return Reading(body, value, 0.0)
    mantissa, _, exponent = digits.partition("e")
    power = int(exponent or 0) + shift
    half = float(f"5e{power - len(mantissa.partition('.')[2]) - 1}")
    return Reading(body, float(f"{mantissa}e{power}"), half)
