"""Folders, arrays and class lists as facts."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from valscope.codec import from_plain, to_plain
from valscope.errors import DataError
from valscope.evidence.images import label_order, measure
from valscope.nouns.images import DataFacts


def picture(path: Path, value: int, size: tuple[int, int] = (12, 8), mode: str = "RGB") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new(mode, size, value if mode == "L" else (value, 0, 9)).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        picture(tmp_path / "train" / "cat" / f"c{number}.png", number)
        picture(tmp_path / "train" / "dog" / f"d{number}.png", 100 + number, mode="L")
    picture(tmp_path / "val" / "cat" / "same.png", 2)  # the bytes of train/cat/c2.png
    picture(tmp_path / "val" / "fox" / "f0.png", 200, size=(20, 10))
    (tmp_path / "val" / "dog").mkdir()
    return tmp_path


def test_a_folder_with_parts(folder: Path) -> None:
    facts = measure(folder)
    assert facts.kind == "folder" and facts.classes == ("cat", "dog", "fox")
    train, val = facts.parts
    assert (train.name, train.counts, train.total) == ("train", (4, 4, 0), 8)
    assert (val.counts, val.own_classes) == ((1, 0, 1), ("cat", "fox"))
    assert facts.missing == (("train", "fox"), ("val", "dog"))
    assert facts.empty == ("val/dog",)
    assert facts.sizes == (((8, 12), 9), ((10, 20), 1)) and dict(facts.modes) == {"RGB": 6, "L": 4}
    assert facts.order is None  # a folder is listed class by class whatever was done with it


def test_identical_files_across_parts_come_first(folder: Path) -> None:
    picture(folder / "train" / "cat" / "copy.png", 0)
    first, second = measure(folder).twins
    assert first.names == ("train/cat/c2.png", "val/cat/same.png") and first.parts == ("train", "val")
    assert second.parts == ("train", "train") and second.labels == ("cat", "cat")


def test_damaged_images_are_left_out_of_the_sizes(folder: Path) -> None:
    (folder / "train" / "cat" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    facts = measure(folder)
    assert facts.looked_at == 10 and facts.parts[0].counts[0] == 5


def test_arrays(tmp_path: Path) -> None:
    images = np.arange(6 * 4 * 4, dtype=np.uint8).reshape(6, 4, 4)
    images[5] = images[0]
    np.savez(tmp_path / "set.npz", x=images, y=np.array([0, 0, 0, 1, 1, 2]))
    facts = measure(tmp_path / "set.npz")
    assert facts.kind == "arrays" and facts.parts[0].counts == (3, 2, 1)
    assert facts.order and facts.order.value.sorted and facts.order.value.sequence == (0, 1, 2)
    assert facts.value_range == (0.0, 79.0) and facts.dtype == "uint8"
    assert facts.twins[0].names == ("row 1", "row 6")


def test_class_indices(tmp_path: Path) -> None:
    path = tmp_path / "class_indices.json"
    path.write_text(json.dumps({"dog": 1, "cat": 0, "fox": 2}))
    assert measure(path).classes == ("cat", "dog", "fox")
    for wrong in ('{"a": 1, "b": 2}', "[1, 2]", '{"a": "x"}', "{"):
        path.write_text(wrong)
        with pytest.raises(DataError):
            measure(path)


def test_sorted_and_shuffled_labels() -> None:
    ordered = label_order([2] * 30 + [0] * 20 + [1] * 10)
    assert ordered.sorted and ordered.sequence == (2, 0, 1) and ordered.runs == 3
    mixed = label_order([0, 1] * 30)
    assert not mixed.sorted and mixed.runs == 60 and mixed.expected == 31
    assert not label_order([0] * 9).sorted


@given(st.lists(st.integers(0, 3), max_size=60))
def test_runs_never_exceed_the_rows(labels: list[int]) -> None:
    order = label_order(labels)
    assert len(set(labels)) <= order.runs <= order.rows == len(labels) or not labels
    assert order.sorted == (len(set(labels)) > 1 and order.runs == len(set(labels)))


def test_the_expected_runs_are_those_of_random_orders() -> None:
    labels = np.repeat([0, 1, 2], [40, 25, 10])
    generator = np.random.default_rng(3)
    seen = [label_order(generator.permutation(labels).tolist()).runs for _ in range(400)]
    assert np.mean(seen) == pytest.approx(label_order(labels.tolist()).expected, abs=0.6)


def test_facts_survive_json(folder: Path) -> None:
    facts = measure(folder)
    assert from_plain(DataFacts, to_plain(facts)) == facts


@pytest.mark.data
def test_real_folders() -> None:
    root = os.environ.get("VALSCOPE_DATA")
    if not root:
        pytest.skip("VALSCOPE_DATA names no folder of real images")
    facts = measure(Path(root) / "trashnet")
    assert len(facts.classes) == 6 and sum(facts.parts[0].counts) == 2527
    assert all(len(set(twins.labels)) == 2 for twins in facts.twins) and len(facts.twins) == 3
