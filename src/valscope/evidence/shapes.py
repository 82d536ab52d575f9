"""What one line looks like: code, table, numbers, traceback. By shape, never by language."""

from __future__ import annotations

import re
from typing import Literal

Shape = Literal[
    "blank", "fence", "code", "maybe_code", "numbers", "summary", "traceback", "error", "table", "prose"
]

# A line is told by its beginning; patterns are tried on no more than this.
_LONGEST = 500
_FENCE = re.compile(r"\s*(?:```|~~~)\s*[\w{}.+# -]*$")
_PROMPT = re.compile(r"\s*(?:>>>|In ?\[[\s\d*]*\]:)(?:\s|$)")
_OPENS_ARRAY = re.compile(r"\s*(?:tf\.Tensor|tensor|(?:np\.)?array)\(\s*$")
_MORE = re.compile(r"\s*\.{3}:?(?:\s|$)")
_KEYWORD = re.compile(
    r"""\s*(?:@\w[\w.]*(?:\(|$)
      | (?:import|from)\s+[A-Za-z_][\w.]*(?:\s+(?:import|as)\b|\s*,|\s*;|\s*$)
      | def\s+\w+\s*\(|class\s+\w+\s*[(:]|return\b(?:\s*$|\s+[\w(\[{'"-])|lambda\b|yield\b
      | (?:if|elif|while|for|with|assert|del|raise|global|async|await|print|exec)\b.*[\w)\]'"]\s*:?\s*(?:\#.*)?$
      | (?:else|try|finally)\s*:|except\b.*:|pass$|break$|continue$
      | \#(?!\#).*|\#!|\%\%?\w+|!\w+|\$\s\w+
      | library\(|\w+\s*<-\s|.*%>%\s*$|(?:var|let|const)\s+\w+\s*=
    )""",
    re.VERBOSE,
)
_ENGLISH = re.compile(
    r"\s*(?:if|for|while|with|from|import|class|return|print|raise|assert|del|global|async|await|yield|lambda)\s+"
    r"(?:\w+[,.']?\s+){3,}"
)
_TARGET = r"[A-Za-z_][\w.]*+(?:\[[^\]]*+\])?"
_ASSIGNS = re.compile(
    rf"\s*+\(?{_TARGET}(?:\s*+,\s*+{_TARGET})*+\)?(?:\s*+:\s*+[\w.\[\], ]++)?\s*+(?:[-+*/|&@]|//|\*\*)?=(?!=)\s*+\S"
)
_SETS_NUMBER = re.compile(rf"\s*+{_TARGET}\s*+=\s*+[-+]?[\d.,]++%?\s*$")
_CALLS = re.compile(r"\s*+[A-Za-z_][\w.]*+(?:\[[^\]]*+\](?:\.\w++)*+)?\(.*")
_KEYWORD_ARGUMENT = re.compile(r"\s*\**[A-Za-z_]\w*\s*=\s*[^=\s].*,?\s*\)*\s*,?$")
_CLOSES = re.compile(r"\s*+[)\]}][,;:.)\]}\s]*+(?:\#.*)?$|\s*+\]?\)?\s*+\.\w++\(")
_ARRAY_WORDS = re.compile(
    r"(?:\b(?:np|numpy|tf)\.)?\b(?:array|[Tt]ensor|float\d*|int\d*)\(|Out ?\[\d*\]:|\b(?:dtype|device|grad_fn)=[\w.<>':]+|"
    r"\bshape=\([\d, ]*\)|\.\.\.|^\s*>+"
)
_BETWEEN_NUMBERS = re.compile(r"[\s\[\](),;|]+")
_A_NUMBER = re.compile(r"[-+]?(?:\d++\.?\d*+|\.\d++)(?:[eE][-+]?\d++)?|nan|inf|-inf")
_SUMMARY_HEAD = re.compile(
    r".*Layer\s*\(type.*\bOutput\s*Shape\b|\s*(?:Model|_?Sequential|Functional):?\s*[\"“'].*[\"”']\s*$|[┏┡├└┌╒].*[━─═]{3,}"
)
_SUMMARY_ROW = re.compile(
    r"[(\[](?:None|-1|\?|\d++)(?:,\s?(?:None|\?|\d++))*+,?[)\]]++,?\s++[\d,]++(?:\s|$)|^\s*+[│┃|║].*[│┃|║]\s*$|"
    r"^\S+\s?\(.*\)?\s+(?:multiple|\?)\s+[\d,?]+"
)
_SUMMARY_FOOT = re.compile(r"\s*(?:Total|Trainable|Non-trainable|Optimizer)\s+params?:?\s*[\d,]+", re.I)
_RULER = re.compile(r"\s*[_=─━\-]{10,}\s*$")
_TRACEBACK = re.compile(
    r"\s*Traceback \(most recent call last\)|.*\bTraceback \(most recent call last\)\s*:?$"
)
_ERROR = re.compile(r"\s*(?:\w+\.)*\w*(?:Error|Exception|Interrupt|StopIteration|Warning)(?::\s|\s*$|\s*\()")
_TABLE = re.compile(r"\s*\|.*\|\s*$|.*\|\s*:?-{3,}")
_PERCENT = re.compile(r"\d\s?%\s*\)?\s*$")


def shape(text: str) -> Shape:
    """The shape of a line in typewriter characters; of a very long one, the shape of its beginning."""
    text = text[:_LONGEST]
    if not text.strip():
        return "blank"
    if _FENCE.match(text):
        return "fence"
    if _TRACEBACK.match(text):
        return "traceback"
    if _SUMMARY_HEAD.match(text) or _SUMMARY_FOOT.match(text):
        return "summary"
    if _PROMPT.match(text):
        return "code"
    if _OPENS_ARRAY.match(text):
        return "numbers"
    if _MORE.match(text):
        return "maybe_code"
    if _numbers(text):
        return "numbers"
    if _ERROR.match(text) and not _CALLS.fullmatch(text):
        return "error"
    if _TABLE.match(text):
        return "table"
    return _code(text)


def summary_row(text: str) -> bool:
    """Whether the line can stand within a `model.summary()` table."""
    text = text[:_LONGEST]
    return bool(
        _SUMMARY_ROW.search(text)
        or _RULER.match(text)
        or _SUMMARY_FOOT.match(text)
        or _SUMMARY_HEAD.match(text)
    )


def _numbers(text: str) -> bool:
    """Whether nothing but numbers, brackets and the words of printed arrays stands in the line."""
    pieces = [p for p in _BETWEEN_NUMBERS.split(_ARRAY_WORDS.sub(" ", text)) if p]
    return bool(pieces) and all(map(_A_NUMBER.fullmatch, pieces))


def ruler(text: str) -> bool:
    """A line of dashes, underscores or equals signs."""
    return bool(_RULER.match(text[:_LONGEST]))


def wordy(text: str) -> bool:
    """Whether the line has words in a row, as sentences have and code has not, outside strings and comments."""
    bare = re.sub(r"#.*$|'[^']*'|\"[^\"]*\"", "", text[:_LONGEST])
    return len(re.findall(r"[^\W\d_]{2,}[,.]?\s+(?=[^\W\d_]{2,})", bare)) >= 3 or _foreign(bare) > 3


def _code(text: str) -> Shape:
    if _KEYWORD.match(text) and not _ENGLISH.match(text) and not _foreign_sentence(text):
        return "code"
    if _SETS_NUMBER.match(text):  # a setting of a script, or a line of its output
        return "maybe_code"
    if _ASSIGNS.match(text) and not wordy(text) and not _PERCENT.search(text):
        return "code"
    if _CALLS.fullmatch(text) and not wordy(text):
        return "code"
    if (_KEYWORD_ARGUMENT.match(text) or _CLOSES.match(text)) and not wordy(text):
        return "maybe_code"
    return "prose"


def _foreign(text: str) -> int:
    """Letters that identifiers do not have: Chinese, Cyrillic, accents."""
    return sum(1 for c in text if c > "\x7f" and c.isalpha())


def _foreign_sentence(text: str) -> bool:
    stripped = text.lstrip()
    return (
        not stripped.startswith(("#", "print", "%", "!"))
        and _foreign(re.sub(r"#.*$|'[^']*'|\"[^\"]*\"", "", text)) > 3
    )
