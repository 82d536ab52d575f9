"""The division of an image in a statement: by a number that scales bytes, or by its own maximum."""

from __future__ import annotations

from valscope.report.patch.asked import equal
from valscope.report.patch.calls import Token, closing
from valscope.report.patch.code import Statement
from valscope.report.patch.values import is_plain

BYTES = ("255", "256", "127.5", "127", "128")
LARGEST = ("max", "amax")


def divided(statement: Statement) -> tuple[Token, Token, int] | None:
    """(first token of the image, the sign, end of the divisor) of the only division of a name in a statement."""
    tokens = statement.tokens
    signs = [i for i, t in enumerate(tokens) if t.text in ("/", "/=")]
    if len(signs) != 1 or signs[0] == 0 or signs[0] + 1 >= len(tokens):
        return None
    at = signs[0]
    first = at - 1
    while first >= 2 and tokens[first - 1].text == "." and tokens[first - 2].kind == "name":
        first -= 2
    before = tokens[first - 1].text if first else "="
    if not is_plain(tokens[first:at]) or before not in ("=", "return", "(", ","):
        return None
    end = _divisor(statement, at + 1)
    return None if end is None else (tokens[first], tokens[at], end)


def _divisor(statement: Statement, at: int) -> int | None:
    """End of a number that scales bytes, or of `np.max(...)`; nothing may follow that belongs to the expression."""
    tokens, end = statement.tokens, at
    if tokens[at].kind == "name":
        while end + 2 < len(tokens) and tokens[end + 1].text == "." and tokens[end + 2].kind == "name":
            end += 2
        closes = closing(tokens, end + 1) if end + 1 < len(tokens) and tokens[end + 1].text == "(" else None
        if closes is None or tokens[end].text not in LARGEST:
            return None
        end = closes
    elif not any(equal(tokens[at].text, number) for number in BYTES):
        return None
    follows = tokens[end + 1].text if end + 1 < len(tokens) else ""
    return tokens[end].end if follows in ("", ")", ",", "]", ";") else None
