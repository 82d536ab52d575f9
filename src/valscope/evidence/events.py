"""TensorBoard event files: their scalars as runs.

A file is a series of TFRecords (length, checksum, bytes, checksum), each an `Event` message. Only what scalars
need is read: https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto,
summary.proto and tensor.proto. Numbers are float32, so a reading is known to half a unit of that.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from valscope.errors import InputError
from valscope.evidence.logs.names import columns
from valscope.nouns.fact import Source
from valscope.nouns.log import LoggedEpoch, LoggedRun, Reading

# A record of scalars is some hundred bytes; images and graphs are passed over unread.
_LARGEST = 1 << 16
_FLOAT, _DOUBLE = 1, 2  # DataType in types.proto
# Keras names the curve of each epoch "epoch_loss"; the curves within epochs are no epochs.
_WITHIN_EPOCHS = ("batch_", "evaluation_", "keras")


def read_event_file(path: Path) -> tuple[LoggedRun, ...]:
    """The scalars of one file as one run, by step; none where the file holds no scalars.

    Keras writes training and validation into two folders: a file below "validation" is the validation's.
    Raises InputError where the file is no event file.
    """
    with path.open("rb") as stream:
        scalars = list(_scalars(stream, str(path)))
    names = tuple(dict.fromkeys(tag for _, tag, _ in scalars))
    part = (
        "val" if any(p.lower() in ("validation", "val", "valid", "test") for p in path.parts[:-1]) else None
    )
    named = dict(zip(names, columns(tuple(n.removeprefix("epoch_") for n in names), part), strict=True))
    epochs: dict[int, dict[str, Reading]] = {}
    for step, tag, value in scalars:
        epochs.setdefault(step, {})[named[tag]] = _reading(value)
    source = Source(str(path))
    rows = tuple(LoggedEpoch(step, readings, source) for step, readings in sorted(epochs.items()))
    return (LoggedRun(rows, "tensorboard"),) if rows else ()


def _scalars(stream: BinaryIO, name: str) -> Iterator[tuple[int, str, float]]:
    """(step, tag, value) of every scalar, in the order of the file; a file cut in the middle ends early."""
    first = True
    while len(head := stream.read(12)) == 12:
        length = int.from_bytes(head[:8], "little")
        if first and length > _LARGEST:
            raise InputError(
                f"{name} is no TensorBoard event file; give the file named events.out.tfevents.* itself."
            )
        if length > _LARGEST:
            stream.seek(length + 4, 1)
            continue
        record = stream.read(length)
        if len(record) < length or len(stream.read(4)) < 4:
            return
        fields = dict(_fields(record))
        if first and b"brain.Event" not in record:
            raise InputError(
                f"{name} is no TensorBoard event file; give the file named events.out.tfevents.* itself."
            )
        first = False
        step, summary = fields.get(2, 0), fields.get(5)
        if isinstance(summary, bytes) and isinstance(step, int):
            yield from ((step, tag, value) for tag, value in _values(summary))


def _values(summary: bytes) -> Iterator[tuple[str, float]]:
    for key, message in _fields(summary):
        if key != 1 or not isinstance(message, bytes):
            continue
        fields = dict(_fields(message))
        tag, value = fields.get(1), fields.get(2)
        if isinstance(value, bytes) and len(value) == 4:
            number: float | None = struct.unpack("<f", value)[0]
        else:
            tensor = fields.get(8)
            number = _scalar_tensor(tensor) if isinstance(tensor, bytes) else None
        if isinstance(tag, bytes) and number is not None:
            text = tag.decode("utf-8", "replace")
            if not text.startswith(_WITHIN_EPOCHS):
                yield text, number


def _scalar_tensor(tensor: bytes) -> float | None:
    """The value of a TensorProto with one float or double in it."""
    fields = dict(_fields(tensor))
    content = next((f for k in (4, 5, 6) if isinstance(f := fields.get(k), bytes) and f), None)
    if content is None:
        return None
    if fields.get(1) == _FLOAT and len(content) == 4:
        return float(struct.unpack("<f", content)[0])
    return float(struct.unpack("<d", content)[0]) if fields.get(1) == _DOUBLE and len(content) == 8 else None


def _fields(message: bytes) -> Iterator[tuple[int, int | bytes]]:
    """(number, value) of a protobuf message: integers, or bytes for everything else. Stops where the bytes
    are no message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
            continue
        size = {1: 8, 5: 4}.get(kind)
        if kind == 2:
            size, at = _varint(message, at)
        if size is None or at + size > len(message):
            return
        yield key >> 3, message[at : at + size]
        at += size


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message):
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if not byte & 0x80 or shift > 63:
            break
    return value, at


def _reading(value: float) -> Reading:
    """A float32 with the digits that name it and half the distance to its neighbour."""
    return Reading(f"{value:.9g}", value, abs(value) * 2.0**-24)
