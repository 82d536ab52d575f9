"""Letters can be read on every ground they stand on, in light and in dark (WCAG 2.1, 4.5 to 1)."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

Colour = tuple[float, ...]


def sheet(name: str) -> str:
    return (files("valscope.report") / name).read_text("utf-8")


def variables(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", text))


LIGHT = variables(sheet("base.css"))
DARK = LIGHT | variables(sheet("page.css").split("prefers-color-scheme: dark")[1])
SHADES = {
    name: float(shade)
    for names, shade in re.findall(
        r"((?:\.vs \.matrix \.[md]\d,? ?)+)\{ --shade: ([\d.]+); \}", sheet("charts.css")
    )
    for name in re.findall(r"[md]\d", names)
}


def colour(value: str) -> Colour:
    if "," in value:
        return tuple(float(v) for v in value.split(","))
    digits = value.lstrip("#")
    digits = "".join(2 * d for d in digits) if len(digits) == 3 else digits
    return tuple(int(digits[i : i + 2], 16) for i in (0, 2, 4))


def luminance(rgb: Colour) -> float:
    linear = [v / 255 / 12.92 if v / 255 <= 0.04045 else ((v / 255 + 0.055) / 1.055) ** 2.4 for v in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: Colour, b: Colour) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("letters", "ground"),
    [("ink", "paper"), ("muted", "paper"), ("accent", "paper"), ("warn", "paper"), ("ink", "warn-paper"),
     ("warn", "warn-paper"), ("accent", "warn-paper"), ("ink", "faint"), ("muted", "faint")],
)  # fmt: skip
def test_text(theme: dict[str, str], letters: str, ground: str) -> None:
    assert contrast(colour(theme[letters]), colour(theme[ground])) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("cell", [f"{kind}{i}" for kind in "md" for i in range(10) if (kind, i) != ("m", 0)])
def test_counts_in_cells(theme: dict[str, str], cell: str) -> None:
    shade, paper = SHADES[cell], colour(theme["paper"])
    over = colour(theme["miss" if cell[0] == "m" else "hit"])
    ground = tuple(shade * o + (1 - shade) * p for o, p in zip(over, paper, strict=True))
    letters = theme["on-miss"] if cell in {"m6", "m7", "m8", "m9"} else theme["ink"]
    assert contrast(colour(letters), ground) >= 4.5
