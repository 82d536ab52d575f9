"""Functions as people write them: the known edits are named with their numbers, errors are one sentence."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from path_pictures import draw
from PIL import Image

from valscope import compare_paths
from valscope.errors import DataError, UsageError
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation

Function = Callable[[str], object]


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return draw(tmp_path_factory.mktemp("functions"))


def load(file: str, size: tuple[int, int] = (24, 24), kernel: int = Image.Resampling.BILINEAR) -> np.ndarray:
    """As load_img does: RGB, resized to (width, height)."""
    return np.asarray(Image.open(file).convert("RGB").resize(size, kernel), np.float32)


def unit(file: str) -> np.ndarray:
    return load(file) / 255


def own(file: str) -> np.ndarray:
    """What no preparation does."""
    return np.sqrt(load(file)) / 16


@pytest.mark.slow
@pytest.mark.parametrize(
    ("second", "stage", "words"),
    [
        (lambda f: load(f), "scale", "0..255 as they are"),
        (lambda f: load(f) / 127.5 - 1, "scale", "x / 127.5 - 1"),
        (lambda f: load(f) / 255 / 255, "scale", "divided by 255 twice"),
        (lambda f: load(f) / load(f).max(), "scale", "each image's own maximum"),
        (lambda f: load(f) / 100 + 3, "scale", "x * 2.55 + 3"),
        (lambda f: unit(f)[..., ::-1], "channel order", "BGR"),
        (lambda f: unit(f).transpose(1, 0, 2), "axes", "rows and columns exchanged"),
        (lambda f: unit(f)[:, ::-1], "turn", "mirrored left to right"),
        (lambda f: np.rot90(unit(f), 2), "turn", "180 degrees"),
        (lambda f: unit(f).transpose(2, 0, 1), "layout", "(3, 24, 24)"),
        (lambda f: load(f, kernel=Image.Resampling.NEAREST) / 255, "resize", "nearest"),
        (lambda f: load(f, size=(32, 24)) / 255, "size", "24 x 32"),
        (lambda f: np.floor(unit(f)), "dtype", "fractions cut off"),
    ],
)
def test_the_first_stage_is_named(files: list[str], second: Function, stage: str, words: str) -> None:
    found = compare_paths(unit, second, files)
    assert found.stages[0].stage == stage and words in found.stages[0].second
    assert found.explained and len(found.stages) == 1
    assert found.verdict == "PROVED" and stage in found.sentence and found.exit_code == 1


def test_numbers_are_those_of_the_tensors(files: list[str]) -> None:
    found = compare_paths(unit, load, files)
    apart = [np.abs(unit(f) - load(f)) for f in files]
    assert found.gap is not None
    assert found.gap.most == pytest.approx(max(a.max() for a in apart))
    assert found.gap.mean == pytest.approx(np.mean(apart), rel=1e-5)
    assert found.gap.file == files[int(np.argmax([a.max() for a in apart]))]
    assert found.pictures[0].difference.startswith("data:image/jpeg;base64,")


@pytest.mark.slow
def test_two_stages_come_in_the_order_of_the_way(files: list[str]) -> None:
    found = compare_paths(unit, lambda f: load(f)[..., ::-1], files)
    assert [s.stage for s in found.stages] == ["channel order", "scale"]
    deep = compare_paths(unit, lambda f: load(f, kernel=Image.Resampling.NEAREST)[..., ::-1], files)
    assert [s.stage for s in deep.stages] == ["resize", "channel order", "scale"] and deep.explained


@pytest.mark.slow
def test_what_no_preparation_does_can_still_be_compared(files: list[str]) -> None:
    found = compare_paths(own, lambda f: own(f)[..., ::-1] * 2, files)
    assert [s.stage for s in found.stages] == ["channel order", "scale"] and found.explained


@pytest.mark.slow
def test_what_nothing_explains_is_said(files: list[str]) -> None:
    found = compare_paths(unit, own, files)
    assert found.stages[0].stage == "unknown" and not found.explained and found.left == found.gap
    assert "no known edit leads" in found.sentence


def test_the_same_is_equal_whatever_its_form(files: list[str]) -> None:
    assert compare_paths(unit, lambda f: unit(f)[None], files).equal
    rounding = compare_paths(unit, lambda f: load(f) * np.float32(1 / 255), files)
    assert rounding.equal and "which is rounding" in rounding.sentence and rounding.exit_code == 0
    types = compare_paths(load, lambda f: load(f).astype(np.uint8), files)
    assert types.equal and any("uint8" in note for note in types.notes)


def test_a_function_against_a_stored_preparation(files: list[str]) -> None:
    stored = Preparation(24, 24, exif=False, alpha="drop", fast_decode=False)
    assert compare_paths(stored, unit, files).equal
    nearest = compare_paths(Pipeline(stored.but(kernel="nearest")), unit, files)
    assert [s.stage for s in nearest.stages] == ["resize"] and nearest.second.recognised


@pytest.mark.slow
def test_another_library_is_recognised_and_what_is_left_is_said(files: list[str]) -> None:
    noise = np.random.default_rng(0).integers(-1, 2, (24, 24, 3))
    found = compare_paths(unit, lambda f: np.clip(load(f) + noise, 0, 255)[..., ::-1] / 255, files)
    assert [s.stage for s in found.stages] == ["channel order"] and not found.explained
    assert (
        found.left is not None
        and found.left.most < 0.01
        and any("grey levels" in note for note in found.notes)
    )


def test_resized_and_then_cut_is_told_by_its_geometry(files: list[str]) -> None:
    def cut(file: str) -> np.ndarray:
        image = Image.open(file).convert("RGB")
        factor = 28 / min(image.size)
        size = [round(side * factor) for side in image.size]
        left, top = (size[0] - 24) // 2, (size[1] - 24) // 2
        resized = image.resize((size[0], size[1]), Image.Resampling.BILINEAR)
        return np.asarray(resized.crop((left, top, left + 24, top + 24)), np.float32) / 255

    found = compare_paths(cut, lambda f: cut(f)[..., ::-1] * 255, files)
    assert [s.stage for s in found.stages] == ["channel order", "scale"] and found.explained


@pytest.mark.slow
def test_a_divisor_of_its_own_is_not_taken_for_a_common_one(files: list[str]) -> None:
    found = compare_paths(unit, lambda f: load(f, kernel=Image.Resampling.NEAREST) / 256, files)
    assert [s.stage for s in found.stages] == ["resize", "scale"]
    assert found.stages[1].second.startswith("x * 0.0039")


def test_a_function_that_augments_is_found_out(files: list[str]) -> None:
    rng = np.random.default_rng(0)
    found = compare_paths(lambda f: unit(f) * rng.uniform(0.5, 1), unit, files)
    assert found.stages[0].stage == "random" and "at random" in found.sentence


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (lambda f: 1 / 0, "ZeroDivisionError"),
        (lambda f: np.zeros(5), "shape (5,)"),
        (lambda f: np.zeros((2, 8, 8, 3)), "shape (2, 8, 8, 3)"),
        (lambda f: "x", "no array of numbers"),
        (lambda f: None, "gives"),
    ],
)
def test_errors_of_functions_are_one_sentence(files: list[str], second: Function, words: str) -> None:
    with pytest.raises(DataError) as error:
        compare_paths(unit, second, files)
    assert words in str(error.value) and "\n" not in str(error.value)


def test_what_is_no_way_and_what_are_no_files(files: list[str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="A way is a function"):
        compare_paths(3, unit, files)
    with pytest.raises(UsageError, match="stores no preparation"):
        compare_paths(files[0], unit, files)
    with pytest.raises(UsageError, match="does not exist"):
        compare_paths(tmp_path / "train.py", unit, files)
    with pytest.raises(DataError, match="no images"):
        compare_paths(unit, unit, tmp_path)
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\nx")
    found = compare_paths(unit, unit, [*files, broken])
    assert found.n == len(files) and any("broken.png" in note for note in found.notes)
