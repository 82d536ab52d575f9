"""Listing the image files below a folder, and what else lies there."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from valscope.data.pixels.decode_reasons import shown
from valscope.data.sources.raw import safe_name
from valscope.nouns.dataset import Notice

# What Pillow reads, by the extensions in use. TGA has no first bytes to know it by and is left out.
EXTENSIONS = frozenset((
    ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".tif", ".tiff", ".gif", ".bmp", ".dib", ".ppm",
    ".pgm", ".pbm", ".pnm", ".avif", ".jp2", ".j2k", ".jpx", ".ico", ".qoi", ".sgi", ".dds", ".pcx", ".xbm",
    ".xpm", ".psd", ".mpo",
))  # fmt: skip
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"II*\0", b"MM\0*")
# Written by operating systems, editors and unpackers; never data. Hidden files count as well.
_JUNK = frozenset((
    "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "__pycache__", "lost+found",
    "icon\r",
))  # fmt: skip
# Deeper than any folder of images that a person made; below it a hostile tree could exhaust the stack.
DEEPEST = 40


@dataclass(slots=True)
class Walk:
    """Collects, while folders are read, what is not an image. `root` is what names are relative to."""

    root: str
    ignored: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    loops: list[str] = field(default_factory=list)

    def name(self, path: str) -> str:
        """Path relative to the root, with forward slashes, safe to write."""
        inner = path.removeprefix(self.root).replace(os.sep, "/").strip("/")
        return safe_name(inner or Path(self.root).name)

    def entries(self, folder: str) -> tuple[list[str], list[str]]:
        """(folders, other files) directly inside, sorted by name, junk put aside."""
        folders, files = [], []
        try:
            found = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            self.unreadable.append(self.name(folder))
            return [], []
        for entry in found:
            if entry.name.startswith(".") or entry.name.lower() in _JUNK:
                self.ignored.append(self.name(entry.path))
            elif _is_folder(entry):
                folders.append(entry.path)
            else:
                files.append(entry.path)
        return folders, files

    def images(self, folder: str) -> Iterator[str]:
        """Paths of all images at any depth, sorted within each folder. Links are followed, but not
        in circles."""
        yield from (path for path in self.files(folder) if self.is_image(path))

    def files(self, folder: str, above: tuple[str, ...] = ()) -> Iterator[str]:
        """Paths of all files at any depth, junk put aside; a folder's own before those of the folders in it."""
        real = os.path.realpath(folder)
        if real in above or len(above) > DEEPEST:
            self.loops.append(self.name(folder))
            return
        folders, files = self.entries(folder)
        yield from files
        for inner in folders:
            yield from self.files(inner, (*above, real))

    def is_image(self, path: str) -> bool:
        """Whether to take the file; what is not taken is remembered by reason."""
        known = suffix(path) in EXTENSIONS
        try:
            state = os.stat(path)  # noqa: PTH116 (three times faster, and there may be 100,000)
            regular = stat.S_ISREG(state.st_mode)
            if regular and state.st_size and (known or _looks_like_image(path)):
                return True
        except OSError:
            self.unreadable.append(self.name(path))
            return False
        (self.empty if known and regular else self.others).append(self.name(path))
        return False

    def notices(self) -> tuple[Notice, ...]:
        """What was seen, one notice a reason."""
        found = []
        for code, items, message in (
            ("ignored", self.ignored, "Hidden and system files and folders, ignored: {n}."),
            ("not_images", self.others, "Files that are no images, left out: {n} ({kinds})."),
            ("zero_byte", self.empty, "Image files of 0 bytes, left out: {n}."),
            ("unreadable", self.unreadable, "Files or folders that cannot be read, left out: {n}."),
            (
                "link_loop",
                self.loops,
                "Folders that lead back to one above them or lie too deep, not read: {n}.",
            ),
        ):
            if items:
                found.append(
                    Notice(code, message.format(n=f"{len(items):,}", kinds=_kinds(items)), tuple(items))
                )
        return tuple(found)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link to itself
        return False


def _looks_like_image(path: str) -> bool:
    with Path(path).open("rb") as file:
        head = file.read(16)
    return head.startswith(_MAGIC[:3]) or (not Path(path).suffix and head.startswith(_MAGIC))


def suffix(path: str) -> str:
    """The extension in lower case, with its dot; something that is no extension where there is none."""
    return "." + path.rpartition(".")[2].lower()


def _kinds(names: list[str]) -> str:
    counts = Counter(Path(name).suffix.lower() or "no extension" for name in names)
    return ", ".join(f"{n} {shown(kind)}" for kind, n in counts.most_common(4))
