"""A log printed in any known format is read back exactly: digits, order, epochs, runs."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from log_formats import FORMATS, Epoch, Writer, keras_22, torch_line

from valscope.evidence.logs import Log, read_log
from valscope.evidence.text import read_lines

NAMES = ("loss", "accuracy", "val_loss", "val_accuracy")
# Keras prints small figures as 1.2000e-04, and a loss that is no number as it is.
SMALL = st.floats(1e-30, 1e-3).map("{:.4e}".format)
LOSS = st.floats(0, 99).map("{:.4f}".format) | SMALL | st.sampled_from(["nan", "inf"])
SHARE = st.floats(0, 1).map("{:.4f}".format) | SMALL | st.just("0.0000e+00")
RUN = st.lists(st.tuples(LOSS, SHARE, LOSS, SHARE), min_size=2, max_size=12)
FAST = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def read(text: str) -> Log:
    return read_log(read_lines(io.BytesIO(text.encode())))


def printed(log: Log, run: int = 0) -> list[Epoch]:
    return [tuple(e.readings[n].text.replace(",", ".") for n in NAMES) for e in log.runs[run].epochs]  # type: ignore[misc]


@pytest.mark.slow
@pytest.mark.parametrize(("writer", "form", "first"), FORMATS, ids=lambda v: getattr(v, "__name__", ""))
@FAST
@given(run=RUN)
def test_read_back(writer: Writer, form: str, first: int | None, run: list[Epoch]) -> None:
    log = read(writer(run))
    assert [r.form for r in log.runs] == [form]
    assert printed(log) == run
    numbers = [e.number for e in log.runs[0].epochs]
    assert numbers == ([None] * len(run) if first is None else list(range(first, first + len(run))))
    assert log.evaluations == ()
    for epoch, row in zip(log.runs[0].epochs, run, strict=True):
        for name, text in zip(NAMES, row, strict=True):
            reading = epoch.readings[name]
            assert str(reading.value) == str(float(text))
            exponent = int(text.partition("e")[2] or 0)
            assert reading.half == pytest.approx(
                0.5 * 10.0 ** (exponent - 4) if text not in ("nan", "inf") else 0
            )


@pytest.mark.slow
@pytest.mark.parametrize(
    "between",
    ["", "\nThen I changed the optimizer and trained once more:\n\n", "model.compile(loss='mse')\n"],
)
@FAST
@given(first=RUN, second=RUN)
def test_two_runs_of_one_text(between: str, first: list[Epoch], second: list[Epoch]) -> None:
    log = read(keras_22(first) + between + keras_22(second))
    if len(first) >= len(second) and keras_22(second) in keras_22(first):
        return  # the second is a quotation of the first
    assert [printed(log, i) for i in range(len(log.runs))] == [first, second]


@pytest.mark.slow
@FAST
@given(first=RUN, second=RUN)
def test_runs_of_two_formats(first: list[Epoch], second: list[Epoch]) -> None:
    log = read(keras_22(first) + torch_line(second))
    assert [r.form for r in log.runs] == ["keras", "pytorch"]
    assert [printed(log, 0), printed(log, 1)] == [first, second]


@FAST
@given(run=RUN)
def test_percentages_are_fractions_with_their_digits(run: list[Epoch]) -> None:
    text = "".join(
        f"Epoch {i}: train acc {100 * float(b):.1f}%, val acc {100 * float(d):.1f}%\n"
        for i, (_, b, _, d) in enumerate(run, 1)
    )
    for epoch, (_, _, _, d) in zip(read(text).runs[0].epochs, run, strict=True):
        reading = epoch.readings["val_accuracy"]
        assert reading.text == f"{100 * float(d):.1f}%"
        assert reading.value == float(f"{100 * float(d):.1f}e-2")
        assert reading.half == pytest.approx(0.0005)
