"""What a first pass over image files noticed, as notices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PIL import ImageFile

from valscope.nouns.dataset import Notice

_NOTES = {
    "animated": "Files with several frames or pages, of which the first is used: {n}.",
    "dim": "Images of 16 bits that use less than a sixteenth of their range, so that few of 256 grey levels remain: "
    "{n}; stretch them to the full range before training.",
    "wide": "Images of 16 bits without a value above 255, taken as 8-bit images: {n}.",
    "own_range": "Images of floats or 32-bit numbers, mapped to 0..255 each by its own range because their format does "
    "not say what white is: {n}.",
}


def scan_notices(
    damaged: Mapping[int, str],
    notes: Mapping[str, Sequence[int]],
    names: Sequence[str],
    loose: int,
    trouble: str,
) -> tuple[Notice, ...]:
    """Notices from reasons and notes by row; `loose` images did not fit the cache, `trouble` switched it off."""
    found = []
    if damaged:
        rows = sorted(damaged)
        text = f"Images that cannot be used: {len(rows):,} of {len(names):,}. The first: {damaged[rows[0]]}"
        found.append(Notice("damaged", text, tuple(names[row] for row in rows)))
    for code, text in _NOTES.items():
        rows = sorted(set(notes.get(code, ())))
        if rows:
            found.append(Notice(code, text.format(n=f"{len(rows):,}"), tuple(names[row] for row in rows)))
    if trouble:
        found.append(
            Notice(
                "no_cache", f"The cache cannot be used ({trouble}), so images are decoded at each reading."
            )
        )
    elif loose:
        text = (
            f"Images that did not fit the cache and are decoded at each reading: {loose:,} of {len(names):,}."
        )
        found.append(Notice("beyond_cache", text))
    if ImageFile.LOAD_TRUNCATED_IMAGES:
        text = "This program has set Pillow's LOAD_TRUNCATED_IMAGES, so truncated files pass as whole ones."
        found.append(Notice("truncated_allowed", text))
    return tuple(found)
