"""Single habits of the log readers that the formats and shapes leave open."""

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from valscope.evidence.logs import read_log
from valscope.evidence.text import Line, read_lines, text_lines
from valscope.nouns.log import LoggedRun

BAR = "[" + "=" * 30 + "]"


def runs(text: str) -> tuple[LoggedRun, ...]:
    return read_log(text_lines(text)).runs


def test_the_last_step_of_an_epoch_is_the_epoch() -> None:
    lines = [
        f"Train Epoch: {e} [{at}/640]\tLoss: {e + at / 1000:.4f}"
        for e in (1, 2)
        for at in (64, 320, 576, 640)
    ]
    (run,) = runs("\n".join(lines))
    assert [e.readings["loss"].text for e in run.epochs] == ["1.6400", "2.6400"]


def test_the_last_batch_stands_in_under_another_name() -> None:
    lines = [
        f"Train Epoch: {e} [{at}/640]\tLoss: {e + at / 1000:.4f}" for e in (1, 2) for at in (0, 320, 576)
    ]
    (run,) = runs("\n".join(lines))
    assert [dict(e.readings).keys() for e in run.epochs] == [{"batch_loss"}] * 2
    assert run.epochs[1].readings["batch_loss"].text == "2.5760"


def test_a_line_of_a_table_may_look_like_one_that_was_no_log_before() -> None:
    (run,) = runs("1,0.5,0.6\nfirst a line of figures, then:\nepoch,loss,acc\n1,0.5,0.6\n2,0.4,0.7\n")
    assert [e.readings["accuracy"].text for e in run.epochs] == ["0.6", "0.7"]


def test_samples_are_told_from_batches_by_the_bar_itself() -> None:
    def epoch(i: int, seen: tuple[int, ...], of: int) -> str:
        midway = "".join(f"{at}/{of} [=>......] - ETA: 1s - loss: 0.9\n" for at in seen)
        return f"Epoch {i}/2\n{midway}{of}/{of} {BAR} - 3s 1ms/step - loss: 0.5\n"

    assert [r.samples for r in runs(epoch(1, (32, 64, 96), 640) + epoch(2, (32, 608), 640))] == [True]
    assert [r.samples for r in runs(epoch(1, (1, 7, 19), 20) + epoch(2, (1, 19), 20))] == [False]
    assert [r.samples for r in runs(epoch(1, (), 640) + epoch(2, (), 640))] == [None]


def test_train_on_samples_tells_what_the_bar_counts() -> None:
    head = "Train on 640 samples, validate on 160 samples\n"
    body = "".join(f"Epoch {i}/2\n{{0}}/{{0}} {BAR} - 3s 1ms/step - loss: 0.5\n" for i in (1, 2))
    assert [r.samples for r in runs(head + body.format(640))] == [True]
    assert [r.samples for r in runs(head + body.format(20))] == [None]


def test_epochs_left_out_by_hand_stay_one_run() -> None:
    epochs = "".join(f"Epoch {i}/50\n20/20 {BAR} - 1s 5ms/step - loss: 0.{i}\n" for i in (1, 2, 49, 50))
    assert [[e.number for e in r.epochs] for r in runs(epochs.replace("Epoch 49", "...\nEpoch 49"))] == [
        [1, 2, 49, 50]
    ]


def test_thousands_and_decimal_commas() -> None:
    (points,) = runs("Epoch 1: loss: 1,234.5 acc: 0.5\nEpoch 2: loss: 1,034.5 acc: 0.6\n")
    assert [e.readings["loss"].value for e in points.epochs] == [1234.5, 1034.5]
    (commas,) = runs("Epoch 1: loss: 1.234,5 acc: 0,5\nEpoch 2: loss: 1,034 acc: 0,6\n")
    assert [e.readings["loss"].value for e in commas.epochs] == [1234.5, 1.034]


def test_percentages_without_the_sign_are_told_by_the_column() -> None:
    (run,) = runs("Epoch 1: Loss 1.5 Acc 0.95\nEpoch 2: Loss 1.2 Acc 12.5\nEpoch 3: Loss 1.1 Acc 40.1\n")
    assert [e.readings["accuracy"].value for e in run.epochs] == [0.0095, 0.125, 0.401]
    assert [e.readings["loss"].value for e in run.epochs] == [1.5, 1.2, 1.1]


def test_a_test_part_scored_after_every_epoch_is_the_validation_part() -> None:
    (run,) = runs("Epoch 1: train acc 0.5, test acc 0.4\nEpoch 2: train acc 0.6, test acc 0.5\n")
    assert run.column("val_accuracy")[1] is not None
    (both,) = runs("Epoch 1: val acc 0.5, test acc 0.4\nEpoch 2: val acc 0.6, test acc 0.5\n")
    assert both.column("test_accuracy")[1] is not None


def test_every_epoch_has_its_line_and_its_quote() -> None:
    (run,) = runs(f"Hello\n\nEpoch 1/1\n20/20 {BAR} - 1s 5ms/step - loss: 0.5 - acc: 0.7\n")
    source = run.epochs[0].source
    assert (source.line, source.quote) == (4, f"20/20 {BAR} - 1s 5ms/step - loss: 0.5 - acc: 0.7")


def progress(epochs: int) -> Iterator[bytes]:
    for epoch in range(1, epochs + 1):
        yield f"Epoch {epoch}/{epochs}\n".encode()
        bar = "[=>............................] - ETA: 1s - loss: 0.9 - acc: 0.5\r"
        yield "".join(f"{at:4d}/1000 {bar}" for at in range(1, 1000)).encode()
        yield f"1000/1000 {BAR} - 12s 12ms/step - loss: 0.4 - acc: 0.8 - val_loss: 0.5 - val_acc: 0.7\n".encode()


class Pieces(io.RawIOBase):
    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._rest = pieces, b""

    def read(self, size: int = -1, /) -> bytes:
        while len(self._rest) < size and (piece := next(self._pieces, b"")):
            self._rest += piece
        out, self._rest = self._rest[:size], self._rest[size:]
        return out


@pytest.mark.slow
def test_a_long_log_is_never_held_whole() -> None:
    tracemalloc.start()
    log = read_log(read_lines(Pieces(progress(60))))  # 5 MB of progress bars
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [len(r.epochs) for r in log.runs] == [60]
    assert peak < 12_000_000


@pytest.mark.slow
def test_more_epochs_than_any_training_has_are_said_to_be_left_out() -> None:
    def lines() -> Iterator[Line]:
        yield Line(1, "epoch,loss")
        for i in range(50_100):
            yield Line(i + 2, f"{i},0.5")

    log = read_log(lines())
    assert sum(len(r.epochs) for r in log.runs) == 50_000
    assert log.notices == ("Only the first 50,000 epochs were read; the text has more.",)
