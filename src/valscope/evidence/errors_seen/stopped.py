"""An exception that no table knows, at the end of a text in which no epoch ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from valscope.nouns.fact import Fact, Source
from valscope.nouns.post import SeenError, Segment

_HEAD = re.compile(r"\s*Traceback \(most recent call last\)")
_FRAME = re.compile(r"\s+File \"(?P<file>[^\"]+)\", line (?P<line>\d+)")
_RAISED = re.compile(r"(?:\w+\.)*(?P<name>[A-Za-z_]\w*)(?::\s|\s*$)")
# What a person or the program itself ends it with.
_MEANT = ("KeyboardInterrupt", "SystemExit", "GeneratorExit", "BrokenPipeError")
_FOREIGN = re.compile(
    r"[/\\](?:site|dist)-packages[/\\]|[/\\]lib[/\\]python\d|[/\\]Python\d+[/\\]lib[/\\]|^<", re.IGNORECASE
)
_IGNORED = re.compile(
    r"^Exception ignored in", re.MULTILINE
)  # Python's own, at the end of a program that went well
_TRAINS = re.compile(r"\bfit\w*\s*\(|train", re.IGNORECASE)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _End:
    """The line of the exception (from 0), what it says, and the last frame of the user's own code."""

    at: int
    said: str
    place: str
    code: str


def read_stopped(
    segments: Sequence[Segment], file: str, known: Sequence[Fact[SeenError]]
) -> Iterator[Fact[SeenError]]:
    """The exception in whose traceback the text ends; silent where a known error explains it, or where someone meant it.
    The caller has seen that no epoch ended."""
    last = max(segments, key=lambda s: s.last, default=None)
    if last is None or last.kind != "traceback" or any(_IGNORED.search(s.text) for s in segments):
        return
    if not _TRAINS.search(last.text):
        return
    if any(f.source.line is not None and f.source.line >= last.first for f in known):
        return
    end = _end(last.text.split("\n"))
    if end is not None and end.place:
        own = f" Of your own code it reached {end.place}{': ' + end.code if end.code else ''}."
        yield Fact(
            SeenError(
                "stopped",
                f"No epoch ended before the program stopped with: {end.said.rstrip('.')}.{own}",
                f"Look at what {end.place} gives to that call; then hand in the log of a training that runs.",
                (("said", end.said),),
            ),
            Source(file, last.first + end.at, end.said),
        )


def _end(lines: Sequence[str]) -> _End | None:
    """None without a traceback of files, or where the exception was meant."""
    head = max((i for i, line in enumerate(lines) if _HEAD.match(line)), default=None)
    if head is None:
        return None
    place = code = ""
    frames = 0
    for i in range(head + 1, len(lines)):
        line = lines[i]
        frame = _FRAME.match(line)
        if frame is not None:
            frames += 1
            if not _FOREIGN.search(frame["file"]):
                place = f"line {frame['line']} of {PurePath(frame['file'].replace(chr(92), '/')).name}"
                after = lines[i + 1] if i + 1 < len(lines) else ""
                code = after.strip() if after[:1].isspace() and not _FRAME.match(after) else ""
        elif line[:1].strip():
            raised = _RAISED.match(line)
            if not frames or raised is None or raised["name"] in _MEANT:
                return None
            return _End(i, " ".join(line.split())[:_LONGEST], place, code[:_LONGEST])
    return None
