"""Any text in typewriter characters: smart quotes, odd spaces, full-width and Arabic digits made plain."""

from __future__ import annotations

_SPACES = dict.fromkeys(
    [0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "
)  # no-break, thin, ideographic  # fmt: skip
_NOTHING = dict.fromkeys([0xAD, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF], None)
_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'") | dict.fromkeys(
    "\u201c\u201d\u201e\u201f\u2033", '"'
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_MARKS = {
    0x2212: "-",
    0x2010: "-",
    0x2011: "-",
    0x2013: "-",
    0x2215: "/",
    0x2044: "/",
    0x2236: ":",
    0x066A: "%",
}
_DIGITS = {start + i: str(i) for start in (0x660, 0x6F0, 0x966) for i in range(10)}
_PLAIN = str.maketrans({**_SPACES, **_NOTHING, **_QUOTES, **_FULL_WIDTH, **_MARKS, **_DIGITS})


def plain(text: str) -> str:
    """The same text in typewriter characters: smart quotes, odd spaces, full-width and Arabic digits."""
    return text if text.isascii() else text.translate(_PLAIN)
