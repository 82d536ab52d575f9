"""Lines that programs print in fixed words, whatever the language of the post, and small dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from valscope.evidence.logs.number import NUMBER, reading
from valscope.nouns.stated import ClassCounts, ClassIndices, ClassWeights, NamedNumber, Part, PartSize, Stated

_FOUND = re.compile(
    r"Found (\d+) (?:validated |non-validated )?(?:images?|files?)(?: filenames)?(?: belonging to (\d+) classes)?",
    re.I,
)
_USING = re.compile(r"Using (\d+) files for (training|validation)", re.I)
_TRAIN_ON = re.compile(r"Train(?:ed)? on ([\d,]+) samples(?:,? ?validate[d]? on ([\d,]+) samples)?", re.I)
_SAMPLES = re.compile(
    r"(training|validation|testing|test) (?:samples|images|data ?set size|examples)\s*[:=]\s*(\d+)", re.I
)
_SHAPE = re.compile(r"\b[xy]_?(train|val|valid|test)\w*(?:\.shape|\s+shape)?\s*[:=]?\s*\((\d+),", re.I)
_DICT = re.compile(r"\{([^{}]{3,2000})\}")
_ENTRY = re.compile(rf"""\s*(?:'([^']*)'|"([^"]*)"|([\w.-]+))\s*:\s*({NUMBER})\s*""")
_NUMPY = re.compile(
    r"\b(?:np|numpy)\.(?:u?int|float)\d*\(([^()]*)\)"
)  # how NumPy 2 shows the numbers in a dict
_LIST = re.compile(
    rf"class_?weights?\W{{0,4}}[=:]?\s*(?:np\.array\(|array\()?\[\s*({NUMBER}(?:[\s,]+{NUMBER})+)\s*\]", re.I
)
_NAMED = re.compile(
    rf"\s*[-•*]?\s*([^\d=:|]{{1,40}}?)\s*[=:]\s*({NUMBER})\s*(%)?\s*(?:\(\s*({NUMBER})\s*%\s*\))?\s*[.,;]?\s*"
)
_PARTS: dict[str, Part] = {
    "training": "train", "train": "train", "validation": "val", "val": "val", "valid": "val",
    "testing": "test", "test": "test",
}  # fmt: skip


def printed(text: str) -> Iterator[Stated]:
    """What one line of output says."""
    text = _NUMPY.sub(r"\1", text)
    if m := _FOUND.search(text):
        yield PartSize(int(m[1]), None, int(m[2]) if m[2] else None, printed=True)
    if m := _USING.search(text):
        yield PartSize(int(m[1]), _PARTS[m[2].lower()], printed=True)
    if m := _TRAIN_ON.search(text):
        yield PartSize(int(m[1].replace(",", "")), "train", printed=True)
        if m[2]:
            yield PartSize(int(m[2].replace(",", "")), "val", printed=True)
    if m := _SAMPLES.search(text):
        yield PartSize(int(m[2]), _PARTS[m[1].lower()], printed=True)
    for m in _SHAPE.finditer(text):
        yield PartSize(int(m[2]), _PARTS[m[1].lower()], printed=True)
    for found in _DICT.finditer(text):
        yield from _dictionary(found[1])
    if m := _LIST.search(text):
        values = tuple(reading(v) for v in re.findall(NUMBER, m[1]))
        yield ClassWeights(tuple(str(i) for i in range(len(values))), values)


def named_number(text: str) -> NamedNumber | None:
    """ "Left = 478 (79%)" on a line of its own."""
    m = _NAMED.fullmatch(text)
    if m is None or not re.search(r"[^\W\d_]", m[1]):
        return None
    percent = reading(f"{m[4]}%") if m[4] else None
    return NamedNumber(m[1].strip(), reading(m[2] + (m[3] or "")), percent)


def is_printed(text: str) -> bool:
    """Whether the line is one that a program prints in fixed words."""
    return any(p.search(text) for p in (_FOUND, _USING, _TRAIN_ON))


def _dictionary(body: str) -> Iterator[Stated]:
    """{0: 2.04, 1: 2.97} are weights, {0: 2135, 1: 1472} counts, {'cats': 0, 'dogs': 1} class indices."""
    entries = [_ENTRY.fullmatch(piece) for piece in body.split(",")]
    if len(entries) < 2 or any(e is None for e in entries):
        return
    keys = tuple(next(g for g in e.groups()[:3] if g is not None) for e in entries if e)
    texts = tuple(e[4] for e in entries if e)
    if len(set(keys)) < len(keys):
        return
    if all(t.isdigit() for t in texts):
        values = tuple(map(int, texts))
        if sorted(values) == list(range(len(values))) and not all(k.isdigit() for k in keys):
            yield ClassIndices(tuple(k for _, k in sorted(zip(values, keys, strict=True))))
        elif min(values) >= 0 and max(values) >= 10:
            yield ClassCounts(keys, values)
    elif all(k.lstrip("-").isdigit() for k in keys):
        yield ClassWeights(keys, tuple(reading(t) for t in texts))
