"""One progress bar, or one verbose=2 line, of a Keras log."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Literal

from valscope.evidence.logs.names import columns
from valscope.evidence.logs.number import decimals as _decimals
from valscope.evidence.logs.rows import Row
from valscope.evidence.text import Line
from valscope.nouns.fact import Source

# How the bar is drawn: Keras 2, Keras 3, or not at all (verbose=2).
Style = Literal["=", "━", "dash"]
# Keras prints exponents with two digits.
_EXPONENT = re.compile(r"[eE][-+]\d\d")
_UNIT = {"us": "e-6", "µs": "e-6", "ms": "e-3", "s": ""}


@dataclass(slots=True)
class Bar:
    """What is known of a bar so far. `at` and `of` are None for a verbose=2 line without a count."""

    line: Line
    at: int | None = None
    of: int | None = None
    validating: bool = False
    style: Style = "="
    values: dict[str, str] = field(default_factory=dict)
    seconds: float | None = None
    per_step: float | None = None
    per_sample: bool = False

    @property
    def full(self) -> bool:
        """Whether the epoch was printed to its end. A bar of unknown length counts: only its last state
        is left."""
        return self.at is None or self.of is None or self.at >= self.of

    @property
    def validated(self) -> bool:
        """Whether it carries figures of a validation."""
        return any(name.startswith("val_") for name in self.values)

    def take(self, token: re.Match[str]) -> None:
        """A time or a name and value."""
        if token["name"]:
            self.values.setdefault(token["name"], token["value"])
        elif token["per"]:
            self.per_step = float(token["per"] + _UNIT[token["unit"]])
            self.per_sample = token["what"] == "sample"
        elif token["s"] and self.seconds is None:
            self.seconds = float(token["s"])

    def decimals(self) -> int:
        """Decimals that the values so far were printed with; Keras prints 4."""
        return max((_decimals(t) for t in self.values.values() if t[-1:].isdigit()), default=4)

    def absorb(self, validation: Bar) -> None:
        """Take the figures of a bar that scored the validation part."""
        for name, text in validation.values.items():
            self.values.setdefault(f"val_{name}", text)

    def continues(self, old: Bar) -> bool:
        """Whether this bar, read from two lines, says more than `old`, read from the first of them."""
        if list(self.values)[: len(old.values)] != list(old.values) and old.values:
            return False
        changed = [n for n, text in old.values.items() if self.values[n] != text]
        if changed:
            beside = [_decimals(t) for n, t in old.values.items() if n not in changed and t[-1].isdigit()]
            most = max(beside, default=4)
            return all(_grown(old.values[n], self.values[n], most) for n in changed)
        return len(self.values) > len(old.values) or (self.seconds is not None and old.seconds is None)

    def replaces(self, old: Bar) -> bool:
        """Whether this is a later state of the same epoch as `old`."""
        if old.at is not None and (old.of is None or not old.full):
            return old.of in (None, self.of) and (self.at or 0) >= old.at
        same = all(self.values.get(name) == text for name, text in old.values.items())
        return same and old.of == self.of and len(self.values) > len(old.values)

    def follows_validation(self, old: Bar) -> bool:
        """Whether `old` is the validation's own bar, which TensorFlow 1.13 printed before the epoch's."""
        shared = [
            (text, self.values[f"val_{n}"]) for n, text in old.values.items() if f"val_{n}" in self.values
        ]
        return bool(shared) and not old.validated and all(a == b for a, b in shared)

    def row(self, file: str, number: int | None, total: int | None, seen: list[int]) -> Row:
        """The epoch. `seen` are the counts of the bar's earlier states."""
        names = columns(tuple(self.values))
        source = Source(file, self.line.number, self.line.text.strip())
        form = "keras-verbose2" if self.style == "dash" else "keras"
        return Row(
            form, dict(zip(names, self.values.values(), strict=True)), source, number, total,
            self.of, self.seconds, self.per_step, self._samples(seen),
        )  # fmt: skip

    def _samples(self, seen: list[int]) -> bool | None:
        """Whether `of` counts samples. Bars that count batches pass 1; those that count samples go in
        steps of the batch size."""
        if self.per_sample:
            return True
        if self.style == "━" or 1 in seen:
            return False
        return True if len(set(seen)) > 2 and math.gcd(*seen) > 1 else None


def _grown(old: str, new: str, most: int) -> bool:
    """Whether `new` is `old` with the digits that a wrap cut off: missing decimals or an exponent."""
    if _decimals(old) < most >= _decimals(new):
        return True
    return new.startswith(old) and bool(_EXPONENT.fullmatch(new[len(old.lower().partition("e")[0]) :]))


def unglue(digits: str, of: str, known: int | None) -> tuple[str, str]:
    """Two numbers that ran together before "/of": "3260" before "/60" is 32 and 60.

    A full bar is the likeliest; else the first part is the one `known` from other lines; else the bar is
    at its first step.
    """
    if digits.endswith(of) and len(digits) > len(of):
        return digits[: -len(of)], of
    if known is not None and digits.startswith(str(known)) and len(digits) > len(str(known)):
        return str(known), digits[len(str(known)) :]
    return (digits[:-1], "1") if len(digits) > 1 and digits.endswith("1") else (digits, "0")


def unglue_value(text: str, of: str, decimals: int) -> tuple[str, str]:
    """A value and the bar that ran into it: "0.764160" before "/60" is 0.7641 and 60."""
    if text.endswith(of) and text[-len(of) - 1 : -len(of)].isdigit():
        return text[: -len(of)], of
    point = max(text.find("."), text.find(",")) + 1
    cut = point + decimals
    return (text[:cut], text[cut:]) if point and text[cut:].isdigit() else (text, "0")
