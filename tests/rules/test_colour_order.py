"""Red and blue exchanged: the advice undoes what the one side does and the other does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import colour_order

CODE = """import cv2
import numpy as np
from PIL import Image
from keras.layers import Dense, Flatten
from keras.models import Sequential
model = Sequential([Flatten(input_shape=(64, 64, 3)), Dense(3, activation="softmax")])
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
x = np.array([cv2.resize({trained}, (64, 64)) / 255.0 for name in names])
model.fit(x, y, epochs=9)
one = cv2.resize({used}, (64, 64)) / 255.0
print(model.predict(np.expand_dims(one, 0)))
"""
PLAIN, TURNED = "cv2.imread(name)", "cv2.cvtColor(cv2.imread(name), cv2.COLOR_BGR2RGB)"
PIL = "np.array(Image.open(name).convert('RGB'))"
AGAIN = "; or cv2.cvtColor(image, cv2.COLOR_BGR2RGB) after cv2.imread in training too, and train again."


def found(trained: str, used: str, folder: Path) -> list[Finding]:
    (folder / "both.py").write_text(CODE.format(trained=trained, used=used))
    return [o for o in colour_order.check(open_case([str(folder / "both.py")])) if isinstance(o, Finding)]


@pytest.mark.parametrize(
    ("trained", "used", "remedy"),
    [
        (PLAIN, TURNED, f"Leave the conversion of line 10 out of prediction, for training has none{AGAIN}"),
        (PLAIN, PIL, f"Read in prediction with the reader of training (cv2){AGAIN}"),
        (TURNED, PLAIN, "Convert in prediction as training does in line 8."),
        (
            PIL,
            PLAIN,
            "cv2.cvtColor(image, cv2.COLOR_BGR2RGB) after cv2.imread in prediction, or one reader for all.",
        ),
        (
            PIL,
            f"{PIL}[..., ::-1]",
            "Leave the conversion of line 10 out of prediction, for training has none.",
        ),
    ],
)
def test_the_advice_goes_the_right_way(trained: str, used: str, remedy: str, tmp_path: Path) -> None:
    (finding,) = found(trained, used, tmp_path)
    assert finding.remedy == remedy
    assert len(finding.evidence) == len(set(finding.evidence))
    assert ("undoes line 10" in finding.next_step) is ("Leave the" in remedy)


@pytest.mark.parametrize("both", [PLAIN, TURNED, PIL])
def test_one_order_on_both_sides_is_none(both: str, tmp_path: Path) -> None:
    assert found(both, both, tmp_path) == []
