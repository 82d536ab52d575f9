"""Numbers and names as words, the same in the terminal, on the page and in a notebook: `87.4 % [84.1, 90.2]`."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from valscope.nouns.result import Share

NOTHING = "–"

# What XML forbids (control characters, lone surrogates, non-characters) and what would reorder or hide the
# text around it (bidirectional overrides and isolates, U+202A..E and U+2066..9).
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]+")


def clean(text: str) -> str:
    """One line that any terminal, file and XML parser can take; unfit characters become U+FFFD."""
    return _UNFIT.sub("\ufffd", _BREAKS.sub(" ", text))


def shorten(text: str, most: int = 40) -> str:
    """At most `most` characters, cut in the middle, because names often differ only at their end."""
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"


def decimals(n: int) -> int:
    """Decimals of a percentage of n images: about as fine as one image, never finer.

    One image of 50 is 2 %, of 379 it is 0.3 %, of 10,000 it is 0.01 %.
    """
    return 0 if n < 100 else 1 if n < 10_000 else 2


def percent(value: float | None, n: int) -> str:
    """`87.4 %`. A share that is not whole is never printed as 100 %, nor one above nothing as 0 %."""
    return NOTHING if value is None or math.isnan(value) else f"{_digits(value, n)} %"


def interval(low: float, high: float, n: int) -> str:
    """`[84.1, 90.2]`, in percent with the digits that n images deserve."""
    d = decimals(n)
    return f"[{100 * low:.{d}f}, {100 * high:.{d}f}]"


def share(counted: Share, n: int | None = None) -> str:
    """`87.4 % [84.1, 90.2]`, or a dash when nothing was counted. `n` overrides how fine it is printed."""
    size = counted.n if n is None else n
    if counted.value is None:
        return NOTHING
    return f"{percent(counted.value, size)} {interval(counted.low, counted.high, size)}"


def points(difference: float) -> str:
    """A difference of two shares: `1.3 points`."""
    return f"{100 * difference:.1f} points"


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 image`, `1,939 images`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listing(names: Sequence[str], most: int = 4) -> str:
    """`a, b, c and 3 more`; long names are cut in the middle."""
    names = [shorten(name, 60) for name in names]
    if len(names) <= most:
        return " and ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def duration(seconds: float) -> str:
    """`8.4 s`, `4 min 12 s`, `3 h 05 min`."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes = round(seconds) // 60
    if minutes < 60:
        return f"{minutes} min {round(seconds) % 60:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def number(value: float) -> str:
    """A number that is no share, with three significant digits: `0.00121`, `14.2`, `not finite`."""
    return f"{value:.3g}" if math.isfinite(value) else "not finite"


def _digits(value: float, n: int) -> str:
    d = decimals(n)
    text = f"{100 * value:.{d}f}"
    step = 10.0**-d
    if value < 1 and float(text) >= 100:
        return f">{100 - step:.{d}f}"
    return f"<{step:.{d}f}" if value > 0 and float(text) <= 0 else text
