"""What a finding tells the user to write: it runs on images, and in the names of the user's own code."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from valscope.case import open_case
from valscope.nouns.finding import Finding
from valscope.rules import class_order_differs, copied_before_split

HEAD = "import numpy as np\nimages, targets = np.load('images.npy'), np.load('targets.npy')\n"
SPLIT = "{} = train_test_split(images, targets, test_size=0.2, stratify=targets)\n"
FIT = "model.fit({}, {}, epochs=3)\n"
MORE = {
    "drawn again": "images, targets = RandomOverSampler().fit_resample(images, targets)\n",
    "repeated": "images, targets = np.repeat(images, 3, axis=0), np.repeat(targets, 3, axis=0)\n",
    "beside its original": "images, targets = np.concatenate([images, images[:, :, ::-1]]), np.concatenate([targets, targets])\n",
    "interpolated": "images, targets = ADASYN().fit_resample(images, targets)\n",
}  # fmt: skip


def next_step(folder: Path, how: str, parts: str = "xa, xb, ya, yb", said: str = "xa, ya") -> str:
    script = HEAD + MORE[how] + SPLIT.format(parts) + FIT.format(*said.split(", "))
    (folder / "train.py").write_text(script)
    (finding,) = copied_before_split.check(open_case([str(folder / "train.py")]))
    assert isinstance(finding, Finding)
    return finding.next_step


def after(code: str, **names: object) -> dict[str, object]:
    """The names after the code has run."""
    space: dict[str, object] = {"np": np, **names}
    exec(code.split("   (")[0], space)
    return space


@pytest.fixture
def part() -> dict[str, np.ndarray]:
    """Images of 9, 3 and 2 of three classes."""
    labels = np.repeat([0, 1, 2], (9, 3, 2))
    images = np.arange(14)[:, None, None, None] * np.ones((1, 6, 5, 3), np.uint8)
    return {"xa": images, "ya": labels}


def test_rare_classes_are_drawn_again_by_row_numbers(tmp_path: Path, part: dict[str, np.ndarray]) -> None:
    first, code = next_step(tmp_path, "drawn again").split("; then  ")
    assert first == "train_test_split (line 4) on the rows as they are before line 3"
    made = after(code, **part)
    x, y = np.asarray(made["xa"]), np.asarray(made["ya"])
    assert x.shape == (27, 6, 5, 3) and np.bincount(y).tolist() == [9, 9, 9]
    assert set(x[:, 0, 0, 0].astype(int)) == set(range(14))
    assert (part["ya"][x[:, 0, 0, 0].astype(int)] == y).all()


@pytest.mark.parametrize(("how", "n"), [("repeated", 42), ("beside its original", 28)])
def test_labels_are_multiplied_with_their_images(
    tmp_path: Path, part: dict[str, np.ndarray], how: str, n: int
) -> None:
    code = next_step(tmp_path, how).split("; then  ")[1]
    made = after(code, changed=part["xa"], **part)
    x, y = np.asarray(made["xa"]), np.asarray(made["ya"])
    assert x.shape == (n, 6, 5, 3)
    assert (part["ya"][x[:, 0, 0, 0].astype(int)] == y).all()


def test_rows_of_numbers_are_given_to_what_takes_no_images(
    tmp_path: Path, part: dict[str, np.ndarray]
) -> None:
    code = next_step(tmp_path, "interpolated").split("; then  ")[1]

    def fit_resample(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        assert x.ndim == 2
        return np.concatenate([x, x[:4]]), np.concatenate([y, y[:4]])

    made = after(code, ADASYN=lambda: SimpleNamespace(fit_resample=fit_resample), **part)
    assert np.asarray(made["xa"]).shape == (18, 6, 5, 3) and len(np.asarray(made["ya"])) == 18


def test_parts_without_names_of_their_own_are_introduced(tmp_path: Path) -> None:
    script = (
        HEAD
        + MORE["repeated"]
        + "np.random.shuffle(images)\nmodel.fit(images, targets, validation_split=0.2)\n"
    )
    (tmp_path / "train.py").write_text(script)
    for finding in copied_before_split.check(open_case([str(tmp_path / "train.py")])):
        assert isinstance(finding, Finding)
        assert finding.next_step.startswith(
            "divide the rows as they are before line 3 into x_train, y_train and x_val, y_val; then  x_train, y_train ="
        )
        return
    raise AssertionError("nothing found")


def test_the_list_of_names_keeps_its_name_and_all_its_names(tmp_path: Path) -> None:
    right = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu", "hen", "ibis"]
    wrong = [right[1], right[0], *right[2:]]
    (tmp_path / "indices.json").write_text(json.dumps({name: i for i, name in enumerate(right)}))
    (tmp_path / "predict.py").write_text(
        f"import numpy as np\nfrom keras.models import load_model\nmodel = load_model('m.h5')\nspecies = {wrong}\n"
        "print(species[np.argmax(model.predict(x))])\n"
    )
    found = [
        f
        for f in class_order_differs.check(
            open_case([str(tmp_path / n) for n in ("indices.json", "predict.py")])
        )
        if isinstance(f, Finding)
    ]
    assert [f.next_step for f in found] == [f"species = {right!r}"]
    assert found[0].verdict == "PROVED"
