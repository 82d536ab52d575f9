"""Quote marks, prompts and line numbers that a copy puts before lines."""

from __future__ import annotations

import re

from valscope.evidence.text import Line, plain

_QUOTE = re.compile(r"^\s*(?:>(?!>)\s?)+")
_PROMPT = re.compile(r"^\s*(?:>>>|In ?\[[\s\d*]*\]:|\.{3,}:?(?=\s|$)) ?")
_NUMBERED = re.compile(r"^\s{0,6}(\d{1,5})(?:\s?[:|.)]\s?|\t|\s{1,4}(?=\S)|\s*$)")
# So many lines counting up by one are a listing with line numbers.
_LISTING = 3


def unquoted(text: str) -> str:
    """The line without the marks of a quotation; ">>>" is a prompt and stays."""
    return _QUOTE.sub("", text)


def unprompted(text: str) -> str:
    """Code without its prompt, in the quotes and spaces that Python knows."""
    return _PROMPT.sub("", plain(text))


def without_numbers(lines: list[Line]) -> list[Line]:
    """Listings with line numbers lose them; single numbered lines keep theirs."""
    numbers = [int(m[1]) if (m := _NUMBERED.match(t)) else None for _, t in lines]
    listed = [False] * len(lines)
    start = 0
    for i in range(1, len(lines) + 1):
        if (
            i < len(lines)
            and numbers[i] is not None
            and numbers[i - 1] is not None
            and numbers[i] == (numbers[i - 1] or 0) + 1
        ):
            continue
        if i - start >= _LISTING and numbers[start] is not None:
            listed[start:i] = [True] * (i - start)
        start = i
    if sum(listed) < max(_LISTING, 0.5 * sum(1 for _, t in lines if t.strip())):
        return lines
    return [
        Line(n, _NUMBERED.sub("", t, count=1)) if hit else Line(n, t)
        for (n, t), hit in zip(lines, listed, strict=True)
    ]
