"""Where values lie on paper, and which round values to write beside an axis."""

from __future__ import annotations

import math
from dataclasses import dataclass

from valscope.report.markup import Html, element


@dataclass(frozen=True, slots=True)
class Axis:
    """Maps low..high to the positions start..end (SVG units); with `log` by ratios. low < high."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The position of a value; beyond the ends it stays at the end."""
        low, high, at = (math.log(v) if self.log else v for v in (self.low, self.high, self._inside(value)))
        return self.start + (self.end - self.start) * (at - low) / (high - low)

    def _inside(self, value: float) -> float:
        return min(self.high, max(self.low, value))


def ticks(low: float, high: float, about: int = 4) -> list[float]:
    """Round values (1, 2 or 5 times a power of ten) from low to high, about so many."""
    if not high > low:
        return [low]
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 5, 10) if m * power >= raw * 0.999)
    first = math.ceil(low / step - 1e-9)
    found = (round(i * step, 12) for i in range(first, math.floor(high / step + 1e-9) + 1))
    return [
        min(high, max(low, tick)) for tick in found
    ]  # where a float holds no more digits, rounding may leave the range


def log_ticks(low: float, high: float) -> list[float]:
    """Powers of ten from low to high, with 2 and 5 between them when they are few."""
    exponents = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    factors = (1.0,) if len(exponents) > 4 else (1.0, 2.0, 5.0)
    return [f * 10.0**e for e in exponents for f in factors if low <= f * 10.0**e <= high]


def text(x: float, y: float, words: str, kind: str = "", anchor: str | None = None) -> Html:
    """A text in a picture; anchor "start", "middle" or "end" of the text lies at x."""
    return element("text", words, x=x, y=y, class_=kind or None, text_anchor=anchor)


def segment(x1: float, y1: float, x2: float, y2: float, kind: str) -> Html:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def picture(title: str, width: float, height: float, *parts: Html, kind: str = "") -> Html:
    """An SVG that scales with its column and says what it shows to those who cannot see it."""
    return element(
        "svg", element("title", title), *parts,
        viewBox=f"0 0 {width:g} {height:g}", role="img", aria_label=title, class_=f"chart {kind}".strip(),
    )  # fmt: skip
