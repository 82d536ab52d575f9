"""Nothing that a user pastes may crash the readers: any text, any bytes, any log cut anywhere."""

import io
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from valscope.errors import InputError
from valscope.evidence.logs import read_log
from valscope.evidence.post import read_post, read_post_lines
from valscope.evidence.text import text_lines

PIECES = st.sampled_from(
    [
        "Epoch", "Epoch 1/10", "epoch: 3", "Epoch 2/3260/60 [=====", "60/60 [==============================]", "60/60",
        "[==>...]", " - ", "5s 78ms/step", "- 16s", "loss: 0.4", "acc: 0.7641", "val_acc: 0,88", "val_loss: nan",
        "━━━━━━━━", "100%|████| 6/6 [00:09<00:00,  1.55s/it, loss=0.4]", "{'loss': [0.1, 0.2], 'acc': [", "]", "{", "}",
        '{"epoch": 1, "loss": 0.5}', "epoch,loss,acc", "1,0.5,0.6", "epoch  train_loss  valid_loss  accuracy  time",
        "0  0.5  0.4  0.8  00:21", "| epoch | loss |", "|---|---|", "Train Epoch: 1 [0/600 (0%)]", "Loss: 1e-3",
        "Test set: Average loss: 0.05, Accuracy: 98/100 (98%)", "inf", "-0", "1.2.3", "1,234,567.8", "%", "½", "٣", "²",
        "[[1. 0. 0.]]", "array([[5, 3], [4, 4]])", "precision recall f1-score support", "cat 0.5 0.5 0.5 10",
        "{0: 2.0, 1: 3.0}", "class 0 has 12", "70% train, 30% val", "12 of 13", "115x45", "类别0有2135个", "```", ">>> ",
        "In [3]: ", "model.fit(", "def f(x):", '"""', "Traceback (most recent call last):", "ValueError: x",
        "Layer (type)  Output Shape  Param #", "dense (Dense)  (None, 3)  12", "\r", "\b\b\b\b",
        "\x1b[32m", "\x00", "\t", "\n",
        "Shapes (None, 1) and (None, 3) are incompatible", "<html><pre>", "</pre>", '"source": [', "1e999", "9" * 400,
    ]
)  # fmt: skip
WORDS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40)
TEXTS = WORDS.map(" ".join) | WORDS.map("\n".join)
SLOW = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@SLOW
@given(TEXTS)
def test_any_text_is_read(text: str) -> None:
    post = read_post_lines(text_lines(text))
    last = text.count("\n") + 1
    assert all(1 <= s.first <= s.last <= last for s in post.segments)
    assert all(1 <= (f.source.line or 0) <= last for f in (*post.stated, *post.errors))


@pytest.mark.slow
@SLOW
@given(st.binary(max_size=400) | TEXTS.map(lambda t: t.encode("utf-16", "replace")[:301]))
def test_any_bytes_are_read_or_refused_in_a_sentence(data: bytes) -> None:
    try:
        read_post(io.BytesIO(data), "given.txt")
    except InputError as error:
        assert str(error).startswith("given.txt is ")


UNITS = (
    "1 ", "1.", "1,", "[", "[1 ", "(", ")", "- ", "=", "a=1 ", "acc 0.5 ", "acc: 0.5, ", "Epoch ", "Epoch 1/", "1/1 [", "1/1",
    "━", '{"a": 1, ', "'a': [", '"\\', "`", ">>> ", "x.", "class 0 ", "1 of ", "1% ", "1x1 ", "| a ", "_", "a1", "\t", "  ", "中1",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("unit", UNITS)
def test_no_line_takes_longer_than_its_length_demands(unit: str) -> None:
    """Patterns that try every way to read a line need minutes for some of these."""
    start = time.process_time()
    read_post_lines(text_lines("Epoch 1/2 " + unit * (20_000 // len(unit)) + "!"))
    assert time.process_time() - start < 2


def test_a_log_may_end_anywhere(keras_log: str) -> None:
    for end in range(len(keras_log)):
        log = read_log(text_lines(keras_log[:end]))
        assert len(log.runs) <= 1
        for epoch in (e for run in log.runs for e in run.epochs):
            assert all(
                len(r.text.partition(".")[2]) == 4 or name == "loss" for name, r in epoch.readings.items()
            )
