"""Which encoding bytes are in, from the bytes alone."""

from __future__ import annotations

import codecs
import re

from valscope.errors import InputError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)  # fmt: skip
_MAGIC = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip archive (a .keras model or .npz file is one)"), (b"\x89HDF", "an HDF5 file"),
    (b"\x1f\x8b", "a gzip file"), (b"%PDF", "a PDF document"), (b"\x93NUMPY", "a NumPy array file"),
    (b"\x80\x03", "a pickle"), (b"\x80\x04", "a pickle"), (b"\x80\x05", "a pickle"), (b"7z\xbc\xaf", "a 7z archive"),
)  # fmt: skip
# Text has next to no control characters; 2 % leaves room for a log with stray bytes in it.
_MOST_CONTROL = 0.02
_CONTROL = re.compile(rb"[\x01-\x07\x0b\x0e-\x1a\x1c-\x1f\x7f]")
_SAMPLE = 1 << 16
# Short lines of a Chinese encoding may happen to be valid UTF-8; a text that is mixed has more of them.
_MIXED = 0.2
# What a text in that encoding is mostly made of, and how much of its non-ASCII characters must be that.
# The Chinese rows name the commoner half of the code table, which random bytes miss.
_LEGACY = (
    ("cp932", re.compile(r"[\u3040-\u30ff]"), 0.2),
    ("euc_jp", re.compile(r"[\u3040-\u30ff]"), 0.2),
    ("cp949", re.compile(r"[\uac00-\ud7a3]"), 0.7),
    ("gb18030", None, 0.75),
    ("big5", None, 0.75),
    ("cp1251", re.compile(r"[А-яЁё]"), 0.9),
    ("cp1252", re.compile(r"[\u00c0-\u00ff\u2010-\u20ac°±²³µ·×«»¿¡´]"), 0.5),
)  # fmt: skip
_COMMON_LEAD = {"gb18030": (0xB0, 0xD7), "big5": (0xA4, 0xC6)}
_LATIN_WORD = re.compile(r"[\u00c0-\u00ff]{3,}")


def detect(head: bytes, name: str) -> str:
    """The encoding of a text that begins with `head`.

    Raises InputError with a sentence where the bytes are no text.
    """
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise InputError(f"{name} is {what}, not text; give the log, post or script as a text file.")
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            return encoding
    sample = head[:_SAMPLE]
    wide = _wide(sample)
    if wide:
        return wide
    body = sample.replace(b"\x00", b"")
    if body and len(_CONTROL.findall(body)) > _MOST_CONTROL * len(body):
        raise InputError(
            f"{name} is not text: {len(_CONTROL.findall(body))} of its first {len(body)} bytes are control "
            "characters; give the log, post or script as a text file."
        )
    return "utf-8" if _is_utf8(body) else _national(body)


def decode(data: bytes, encoding: str) -> str:
    """Text of whole lines in the encoding that `detect` found."""
    first, _, second = encoding.rpartition("+")
    try:
        return data.decode(first or encoding)
    except UnicodeDecodeError:
        return "\n".join(_one(line, second) for line in data.split(b"\n"))


def _one(line: bytes, encoding: str) -> str:
    for candidate in ("utf-8", _legacy(line) if encoding == "utf-8" else encoding):
        try:
            return line.decode(candidate)
        except UnicodeDecodeError:
            continue
    return line.decode("utf-8" if _mostly_utf8(line) else encoding, "replace")


def _national(data: bytes) -> str:
    """A national encoding, or "utf-8+..." where lines in UTF-8 stand among lines in another one."""
    foreign = [line for line in data.split(b"\n") if not line.isascii()]
    other = [line for line in foreign if not _decodes(line)]
    if len(foreign) - len(other) >= _MIXED * len(foreign):
        return "utf-8+" + _legacy(b"\n".join(other) + b"\n")
    return _legacy(data)


def _decodes(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(data) - 3 or _mostly_utf8(data)
    return True


def _mostly_utf8(data: bytes) -> bool:
    """A UTF-8 text with a few damaged places: most non-ASCII bytes still form characters."""
    text = data.decode("utf-8", "replace")
    good = sum(1 for c in text if c > "\x7f" and c != "\ufffd")
    return good > 4 * text.count("\ufffd")


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: its zero bytes lie on one side of each pair."""
    zeros = data.count(b"\x00")
    if zeros < 0.02 * len(data) or not zeros:
        return None
    odd = data[1::2].count(b"\x00")
    encoding = "utf-16-le" if odd >= 0.9 * zeros else "utf-16-be" if odd <= 0.1 * zeros else None
    if encoding is None:
        return None
    text = data[: len(data) // 2 * 2].decode(encoding, "ignore")
    readable = sum(1 for c in text if c.isalnum() or c.isspace() or c.isprintable())
    return encoding if readable > 0.9 * len(text) and "\x00" not in text.strip("\x00") else None


def _legacy(data: bytes) -> str:
    """The national encoding that the bytes fit best; latin-1 takes anything."""
    best, best_score = "latin-1", 0.0
    for encoding, pattern, least in _LEGACY:
        try:
            text = data[: data.rfind(b"\n") + 1 or len(data)].decode(encoding)
        except UnicodeDecodeError:
            continue
        score = _share(text, encoding, pattern)
        if score >= least and score / least > best_score:
            best, best_score = encoding, score / least
    return best


def _share(text: str, encoding: str, pattern: re.Pattern[str] | None) -> float:
    foreign = [c for c in text if c > "\x7f"]
    if not foreign:
        return 0.0
    if pattern is None:
        low, high = _COMMON_LEAD[encoding]
        usual = sum(1 for c in foreign if _usual(c, encoding, low, high))
        return usual / len(foreign)
    if encoding == "cp1252" and _LATIN_WORD.search(text):
        return 0.0
    return len(pattern.findall(text)) / len(foreign)


def _usual(char: str, encoding: str, low: int, high: int) -> bool:
    lead = char.encode(encoding)
    return len(lead) == 2 and (low <= lead[0] <= high or 0xA1 <= lead[0] <= 0xA3)
