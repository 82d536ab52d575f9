"""What a web page, a notebook or a word processor did to code, undone line by line.

Every function keeps the number of lines, so that a fact's line is the line that the user sees.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from itertools import pairwise

# Spaces that Python does not take for spaces, and marks without width.
_SPACES = dict.fromkeys(map(ord, "\u00a0\u1680\u202f\u205f\u3000\x0b\x0c"), " ")
_SPACES |= dict.fromkeys(range(0x2000, 0x200B), " ")
_NOTHING = dict.fromkeys([0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD], "")
# Signs that editors and input methods put in place of ASCII ones.
_SIGNS = str.maketrans(
    {
        "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"', "″": '"', "＂": '"',
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "＇": "'", "´": "'",
        "（": "(", "）": ")", "［": "[", "］": "]", "｛": "{", "｝": "}", "，": ",", "：": ":", "；": ";",
        "＝": "=", "－": "-", "–": "-", "—": "-", "−": "-", "＋": "+", "＊": "*", "×": "*", "．": ".",
        "…": "...", "。": ".", "、": ",", "＃": "#", "％": "%", "＜": "<", "＞": ">", "＿": "_",
    }
)  # fmt: skip
_PROMPT = re.compile(r"^\s*(?:>>>|\.\.\.|In ?\[\s*\d*\s*\]:|\.{3,}:)(?: |$)")
_OUTPUT = re.compile(r"^\s*Out ?\[\s*\d*\s*\]:")
_MAGIC = re.compile(r"^\s*(?:%{1,2}[a-zA-Z_]\w*|![^=\s]|\?\??\w|\w+\?\??\s*$)")
_FENCE = re.compile(r"^\s*(?:```|~~~)\s*[\w{}.+-]*\s*$")
_QUOTED = re.compile(r"^\s*>(?!>) ?")
_NUMBERED = re.compile(r"^\s*(\d{1,5})(?:[.:|)]|\s|$)\s?")


def lines_of(text: str) -> list[str]:
    """The physical lines of a text, with unusual spaces made plain and characters that no parser takes
    replaced. Line ends may be of any kind."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", " ")
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text.translate(_SPACES).translate(_NOTHING).split("\n")


def undress(lines: Sequence[str]) -> list[str]:
    """Lines without prompts, fences, notebook magics and line numbers; outputs after prompts are blanked."""
    lines = _without_numbers(_without_quotes(lines))
    if any(line.lstrip().startswith((">>>", "In [")) for line in lines):
        lines = [_without_prompt(line) for line in lines]
    return ["" if _FENCE.match(line) or _MAGIC.match(line) or _OUTPUT.match(line) else line for line in lines]


def plain_signs(text: str) -> str:
    """Smart quotes, full-width brackets and HTML entities as the ASCII that they stand for."""
    return html.unescape(text).translate(_SIGNS)


def _without_quotes(lines: Sequence[str]) -> list[str]:
    """Strips the mark that mail and forums put before quoted lines, where nearly every line has it."""
    written = [line for line in lines if line.strip()]
    quoted = sum(_QUOTED.match(line) is not None for line in written)
    return (
        [_QUOTED.sub("", line) for line in lines] if written and quoted > 0.8 * len(written) else list(lines)
    )


def _without_prompt(line: str) -> str:
    found = _PROMPT.match(line)
    return line if found is None else line[found.end() :]


def _without_numbers(lines: Sequence[str]) -> list[str]:
    """Strips line numbers where nearly every line carries the next one (a listing copied from a page)."""
    found = [_NUMBERED.match(line) for line in lines]
    numbers = [int(match.group(1)) for match in found if match]
    written = sum(bool(line.strip()) for line in lines)
    rising = sum(b - a == 1 for a, b in pairwise(numbers))
    # Five numbered lines in a row of one each is no accident; a table of counts rises by other steps.
    if len(numbers) < 5 or len(numbers) < 0.8 * written or rising < 0.8 * (len(numbers) - 1):
        return list(lines)
    return [line if match is None else line[match.end() :] for line, match in zip(lines, found)]
