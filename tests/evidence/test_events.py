"""TensorBoard files: scalars of both kinds (simple values and tensors) become epochs."""

import struct
from pathlib import Path

import pytest

from valscope.errors import InputError
from valscope.evidence.events import read_event_file


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number: int, value: int | bytes) -> bytes:
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def event(step: int, *values: bytes) -> bytes:
    summary = b"".join(field(1, v) for v in values)
    return varint(1 << 3 | 1) + struct.pack("<d", 1e9) + field(2, step) + field(5, summary)


def simple(tag: str, value: float) -> bytes:
    return field(1, tag.encode()) + varint(2 << 3 | 5) + struct.pack("<f", value)


def tensor(tag: str, value: float) -> bytes:
    return field(1, tag.encode()) + field(8, field(1, 1) + field(2, b"") + field(4, struct.pack("<f", value)))


def records(*messages: bytes) -> bytes:
    first = varint(1 << 3 | 1) + struct.pack("<d", 1e9) + field(3, b"brain.Event:2")
    return b"".join(struct.pack("<Q", len(m)) + b"crc!" + m + b"crc!" for m in (first, *messages))


def test_keras_writes_tensors_in_two_folders(tmp_path: Path) -> None:
    for folder, loss in (("train", 0.5), ("validation", 0.75)):
        (tmp_path / folder).mkdir()
        messages = [
            event(i, tensor("epoch_loss", loss / (i + 1)), tensor("epoch_accuracy", 0.5)) for i in range(3)
        ]
        (tmp_path / folder / "events.out.tfevents.1.v2").write_bytes(records(*messages))
    (train,) = read_event_file(tmp_path / "train" / "events.out.tfevents.1.v2")
    (val,) = read_event_file(tmp_path / "validation" / "events.out.tfevents.1.v2")
    assert [e.number for e in train.epochs] == [0, 1, 2]
    assert [e.readings["loss"].value for e in train.epochs] == [0.5, 0.25, pytest.approx(0.5 / 3)]
    assert set(val.epochs[0].readings) == {"val_loss", "val_accuracy"}


def test_torch_writes_simple_values(tmp_path: Path) -> None:
    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(
        records(*(event(i, simple(t, 0.1 * i)) for i in range(2) for t in ("Loss/train", "Accuracy/val")))
    )
    (run,) = read_event_file(file)
    assert [sorted(e.readings) for e in run.epochs] == [["loss", "val_accuracy"]] * 2
    loss = run.epochs[1].readings["loss"]
    assert loss.text == "0.100000001"
    assert loss.low < 0.1 < loss.high


def test_a_file_cut_anywhere_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "events.out.tfevents.1"
    whole = records(*(event(i, simple("loss", 1.0)) for i in range(3)))
    lengths = []
    for end in range(40, len(whole)):
        file.write_bytes(whole[:end])
        lengths.append(sum(len(r.epochs) for r in read_event_file(file)))
    assert lengths == sorted(lengths)
    assert lengths[-1] == 2


def test_another_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "events.out.tfevents.1"
    file.write_bytes(b"Epoch 1/10 and so on, this is a text")
    with pytest.raises(InputError, match="no TensorBoard event file"):
        read_event_file(file)
