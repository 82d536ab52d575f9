"""Errors in a text, held against the code beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import seen_error

LOG = """Epoch 1/15
Traceback (most recent call last):
  File "train.py", line 5, in <module>
    model.fit(x, y, epochs=15)
ValueError: dtype='string' is not a valid dtype for Keras type promotion.
"""
CODE = """from keras.layers import Dense, Flatten
from keras.models import Sequential
model = Sequential([Flatten(input_shape=(64, 64, 3)), Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", {metrics}["accuracy"])
model.fit(x, y, epochs=15)
"""


@pytest.mark.parametrize(("metrics", "lines"), [("", [5, 4]), ("metrics=", [5])])
def test_a_third_argument_of_compile_is_named(metrics: str, lines: list[int], tmp_path: Path) -> None:
    (tmp_path / "train.log").write_text(LOG)
    (tmp_path / "train.py").write_text(CODE.format(metrics=metrics))
    (finding,) = seen_error.check(open_case([str(tmp_path / "train.log"), str(tmp_path / "train.py")]))
    assert isinstance(finding, Finding)
    assert [s.line for s in finding.evidence] == lines
    assert ("Line 4 does so." in finding.claim) is (len(lines) == 2)


IGNORED = """Epoch-free text
Exception ignored in: <function Pool.__del__ at 0x7f1>
Traceback (most recent call last):
  File "train.py", line 9, in train
    pool.close()
AttributeError: 'NoneType' object has no attribute 'put'
"""
EVALUATED = """Traceback (most recent call last):
  File "evaluate.py", line 9, in <module>
    score = count(names)
TypeError: 'int' object is not iterable
"""
FOREIGN = """Traceback (most recent call last):
  File "/usr/lib/python3.11/site-packages/keras/train.py", line 9, in <module>
    import tensorrt
ModuleNotFoundError: No module named 'tensorrt'
"""


@pytest.mark.parametrize("text", [IGNORED, EVALUATED, FOREIGN])
def test_what_stopped_no_training_is_left_alone(text: str, tmp_path: Path) -> None:
    (tmp_path / "said.txt").write_text(text, "utf-8")
    assert list(seen_error.check(open_case([str(tmp_path / "said.txt")]))) == []
