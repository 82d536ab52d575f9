"""What bytes look like that are not what a file's name says."""

from __future__ import annotations

HEAD = 64  # bytes that tell
_MAGIC = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"),
    (b"PK\x03\x04", "a zip archive"), (b"\x89HDF", "an HDF5 file"), (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF document"), (b"\x93NUMPY", "a NumPy array file"), (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"), (b"\x80\x02", "a pickle"), (b"\x80\x03", "a pickle"), (b"\x80\x04", "a pickle"),
    (b"\x80\x05", "a pickle"),
)  # fmt: skip


def looks_like(head: bytes, size: int) -> str:
    """The rest of "it is ..." for a file of `size` bytes that begins with `head`."""
    if not size:
        return "empty"
    if head.startswith(b"version https://git-lfs"):
        return "a Git LFS pointer and not the file itself (git lfs pull fetches it)"
    if head.lstrip()[:1] == b"<":
        return f"{size:,} bytes of a web page, so a download went wrong"
    known = next((what for magic, what in _MAGIC if head.startswith(magic)), None)
    if known is not None:
        return f"{known} of {size:,} bytes"
    start = head[:HEAD]
    text = start.decode("utf-8", "ignore")
    if not start.strip(b"\0"):
        return f"{size:,} bytes, and zeros from the first on"
    if all(c.isprintable() or c.isspace() for c in text) and len(text.encode()) > len(start) - 4:
        return f"{size:,} bytes of text ({' '.join(text.split())[:40]!r})"
    return f"{size:,} bytes of nothing known (they begin with {start[:8].hex(' ')})"
