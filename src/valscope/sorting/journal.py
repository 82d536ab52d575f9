"""What sorting did to a folder, written before it is done: append-only lines of JSON in the folder itself.

    {"journal": 1, "run": "...", "rule": "...", "folder": [device, inode], "made": true}
    {"step": {"number": 7, "act": "move", "source": "/photos/a.jpg", "target": "cat/a.jpg", ...}}
    {"done": 7, "size": 1234, "mtime_ns": 1700000000000000000}        or  {"void": 7}, later {"undone": 7}

A line reaches the system before its step begins, so a kill leaves at most one step whose outcome must be looked up
on the disk. Cutting the power can cost the last SYNC_SECONDS.
"""

from __future__ import annotations

import errno
import json
import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from valscope.codec import from_plain
from valscope.errors import InputError

NAME = ".valscope-undo.jsonl"
VERSION = 1
SYNC_SECONDS = 1.0

Act = Literal["mkdir", "copy", "move", "relink", "link"]
Status = Literal["open", "done", "undone"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was about to be done.

    source  absolute path, "" for mkdir.
    target  relative to the folder, with forward slashes.
    size, mtime_ns  of the source before; text  what a symbolic link that is moved said.
    """

    number: int
    act: Act
    source: str
    target: str
    size: int = 0
    mtime_ns: int = 0
    text: str = ""

    @property
    def unfinished(self) -> str:
        """Name, in the target's folder, of a copy that is not whole yet."""
        return f".valscope-{self.number}.part"


@dataclass(frozen=True, slots=True)
class Header:
    """Who sorted, by what rule, and which folder it was: device and inode, so that a copy of it is no licence to
    move files about. `made` when sorting created the folder."""

    run: str
    rule: str
    folder: tuple[int, int]
    made: bool


@dataclass(slots=True)
class Record:
    """A journal as read: steps by number, how far each is, and what its target looked like when it was done."""

    header: Header | None = None
    steps: dict[int, Step] = field(default_factory=dict)
    status: dict[int, Status] = field(default_factory=dict)
    seen: dict[int, tuple[int, int]] = field(default_factory=dict)

    def pending(self) -> list[Step]:
        """Steps that are not undone, the latest first."""
        return [
            self.steps[n] for n in sorted(self.steps, reverse=True) if self.status.get(n) in ("open", "done")
        ]


def read_journal(path: Path) -> Record:
    """The journal at `path`; an empty record where there is none. A line that a kill cut off is left out: its step
    never began."""
    record = Record()
    try:
        lines = path.read_bytes().splitlines()
    except FileNotFoundError:
        return record
    for line in lines:
        try:
            _take(record, json.loads(line))
        except (ValueError, TypeError, KeyError, AttributeError, InputError):
            continue
    return record


def _take(record: Record, entry: dict[str, Any]) -> None:
    if "journal" in entry:
        values = {k: v for k, v in entry.items() if k != "journal"}
        record.header = from_plain(Header, values, "journal")
    elif "step" in entry:
        step = from_plain(Step, entry["step"], "step")
        record.steps[step.number], record.status[step.number] = step, "open"
    elif "done" in entry:
        record.status[entry["done"]] = "done"
        record.seen[entry["done"]] = (entry["size"], entry["mtime_ns"])
    else:
        record.status[entry["void"] if "void" in entry else entry["undone"]] = "undone"


class Journal:
    """The open journal of a folder; one process at a time. `record` is what it held when it was opened.

    Raises BlockingIOError while another process holds it, OSError where it cannot be written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0)
        self._file = os.fdopen(os.open(self.path, flags, 0o644), "r+b", buffering=0)
        try:
            _lock(self._file.fileno())
            self.record = read_journal(self.path)
            if self._torn():
                self._file.write(b"\n")
        except BaseException:
            self._file.close()
            raise
        self._synced = time.monotonic()
        self._number = max(self.record.steps, default=0)

    def begin(self, header: Header) -> None:
        """The first line of a new journal."""
        self._write({"journal": VERSION, **asdict(header)})
        self.record.header = header

    def step(
        self, act: Act, source: str, target: str, size: int = 0, mtime_ns: int = 0, text: str = ""
    ) -> Step:
        """Say what is about to be done."""
        self._number += 1
        step = Step(self._number, act, source, target, size, mtime_ns, text)
        self._write({"step": asdict(step)})
        return step

    def done(self, step: Step, target: Path) -> None:
        """It is done; remember what its target looks like now."""
        state = target.lstat()
        self._write({"done": step.number, "size": state.st_size, "mtime_ns": state.st_mtime_ns})

    def void(self, step: Step) -> None:
        """It was not done after all."""
        self._write({"void": step.number})

    def undone(self, step: Step) -> None:
        """It was taken back."""
        self._write({"undone": step.number})

    def close(self) -> None:
        """Let others use the folder."""
        self._file.close()

    def _write(self, entry: dict[str, Any]) -> None:
        data = json.dumps(entry).encode() + b"\n"  # ASCII: names that are no text survive as escapes
        if self._file.write(data) != len(data):
            self._file.write(b"\n")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
        if time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self._file.fileno())
            self._synced = time.monotonic()

    def _torn(self) -> bool:
        size = self.path.stat().st_size
        if not size:
            return False
        with self.path.open("rb") as file:
            file.seek(size - 1)
            return file.read(1) != b"\n"


def _lock(number: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows; there the exclusive names alone protect
        return
    fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
