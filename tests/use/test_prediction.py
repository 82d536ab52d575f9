"""Classifying images with a run: whatever they are given as, in their order, with nothing lost."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from toyruns import COLOURS, SMALL, draw, toy_run

from valscope.data.pixels.prepare import pixels
from valscope.errors import DataError, UsageError
from valscope.nouns.dataset import Notice
from valscope.nouns.prediction import Prediction
from valscope.prediction import images_of, predict
from valscope.run import Run
from valscope.scoring import softmax
from valscope.training.observer import Silent


def said(predictions: list[Prediction]) -> list[tuple[str, str]]:
    return [(p.path, p.name) for p in predictions]


class Heard(Silent):
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.messages: list[str] = []
        self.total = self.done = 0

    def message(self, text: str) -> None:
        self.messages.append(text)

    def phase(self, name: str, total: int) -> None:
        self.total = total

    def advance(self, count: int, **numbers: float) -> None:
        self.done += count


# Files


def test_a_folder_is_classified_with_everything_below_it(colours: Run, here: Path) -> None:
    draw(here / "new/b/2.png", "red")
    draw(here / "new/a.png", "green")
    draw(here / "new/b/1.jpg", "blue")
    assert said(list(predict(colours, "new"))) == [
        ("new/a.png", "green"), ("new/b/1.jpg", "blue"), ("new/b/2.png", "red"),
    ]  # fmt: skip


def test_a_prediction_has_the_calibrated_probabilities_of_all_classes(tmp_path: Path) -> None:
    run = toy_run(tmp_path / "run", temperature=3.0)
    path = draw(tmp_path / "a.png", "red")
    (found,) = predict(run, path)
    logits = run.net.logits(run.inputs(pixels(path, SMALL)[None]))
    assert found.probabilities == pytest.approx(softmax(logits, 3.0)[0])
    assert found.probability == max(found.probabilities)
    assert sum(found.probabilities) == pytest.approx(1)


def test_globs_are_expanded_where_no_shell_did(colours: Run, here: Path) -> None:
    for name in ("x/1.png", "x/y/2.png", "z.png"):
        draw(here / name, "red")
    assert [p.path for p in predict(colours, "x/**/*.png")] == ["x/1.png", "x/y/2.png"]
    assert [p.path for p in predict(colours, ["*.png"])] == ["z.png"]


def test_a_file_whose_name_looks_like_a_glob_is_itself(colours: Run, here: Path) -> None:
    draw(here / "photo[1].png", "red")
    assert said(list(predict(colours, "photo[1].png"))) == [("photo[1].png", "red")]


def test_files_given_twice_count_once(colours: Run, here: Path) -> None:
    draw(here / "a/1.png", "red")
    heard = Heard()
    found = list(predict(colours, ["a/1.png", "./a/1.png", "a", here / "a" / "1.png"], observer=heard))
    assert [p.path for p in found] == ["a/1.png"]
    assert heard.messages == ["3 files were given twice and count once."]


def test_two_names_of_one_file_are_two_images(colours: Run, here: Path) -> None:
    draw(here / "1.png", "red")
    (here / "2.png").symlink_to("1.png")
    assert len(list(predict(colours, ["1.png", "2.png"]))) == 2


def test_a_table_names_its_images_relative_to_itself(colours: Run, here: Path) -> None:
    draw(here / "data/images/1.png", "red")
    (here / "data/list.csv").write_text("id,file\n7,images/1.png\n8,images/gone.png\n")
    found = list(predict(colours, "data/list.csv"))
    assert [p.path for p in found] == ["data/images/1.png", "data/images/gone.png"]
    assert found[0].name == "red"
    assert found[1].error == "data/images/gone.png cannot be read: No such file or directory."


def test_or_relative_to_the_current_folder_if_they_are_there(colours: Run, here: Path) -> None:
    draw(here / "images/1.png", "red")
    (here / "lists").mkdir()
    (here / "lists/list.csv").write_text("path,label\nimages/1.png,x\n")
    assert said(list(predict(colours, "lists/list.csv"))) == [("images/1.png", "red")]


def test_the_path_column_can_be_named(colours: Run, here: Path) -> None:
    draw(here / "1.png", "red")
    (here / "t.csv").write_text("before,after\n0.png,1.png\n")
    assert images_of("t.csv", colours, path_column="after").paths == ("1.png",)
    with pytest.raises(DataError, match="lacks the column other; it has before, after"):
        images_of("t.csv", colours, path_column="other")


def test_a_table_without_paths_is_named(colours: Run, here: Path) -> None:
    (here / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(
        DataError, match=r"lacks a column of image paths; it has a, b. Name it with --path-column"
    ):
        predict(colours, "t.csv")


def test_a_table_among_images_that_is_none_gets_a_row(colours: Run, here: Path) -> None:
    """As when a shell expands photos/*."""
    draw(here / "1.png", "red")
    (here / "t.csv").write_text("a,b\n1,2\n")
    (here / "notes.txt").write_text("buy film\n")
    found = list(predict(colours, ["1.png", "notes.txt", "t.csv"]))
    assert [bool(p.error) for p in found] == [False, True, True]


def test_a_data_frame_of_paths(colours: Run, here: Path) -> None:
    draw(here / "1.png", "red")
    frame = pd.DataFrame({"path": ["1.png", None], "n": [1, 2]})
    heard = Heard()
    assert said(list(predict(colours, frame, observer=heard))) == [("1.png", "red")]
    assert heard.messages == ["1 rows of DataFrame name no file and are left out."]


@pytest.mark.parametrize("separator", [b"\n", b"\r\n", b"\0"])
def test_a_list_on_standard_input(
    colours: Run, here: Path, monkeypatch: pytest.MonkeyPatch, separator: bytes
) -> None:
    draw(here / "1.png", "red")
    draw(here / "two words.png", "blue")
    data = separator.join([b"1.png", b"two words.png", b""])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert said(list(predict(colours, "-"))) == [("1.png", "red"), ("two words.png", "blue")]


def test_a_text_file_with_a_path_a_line(colours: Run, here: Path) -> None:
    draw(here / "a, b.png", "red")
    (here / "list.txt").write_text("a, b.png\n\ngone.png\n")
    found = list(predict(colours, "list.txt"))
    assert [(p.path, p.name, bool(p.error)) for p in found] == [
        ("a, b.png", "red", False),
        ("gone.png", "", True),
    ]


def test_a_text_file_that_lists_nothing_is_no_list(colours: Run, here: Path) -> None:
    (here / "notes.txt").write_text("buy film\n")
    with pytest.raises(DataError, match="no list of images: none of its lines names a file that exists"):
        predict(colours, "notes.txt")


def test_what_was_sorted_before_is_left_out_of_the_folder_around_it(colours: Run, here: Path) -> None:
    draw(here / "new/1.png", "red")
    draw(here / "new/sorted/red/1.png", "red")
    images = images_of("new", colours, skip="new/sorted")
    assert images.paths == ("new/1.png",)
    assert [n.code for n in images.notices] == ["sorted_before"]
    assert images_of("new/sorted", colours, skip="new/sorted").paths == ("new/sorted/red/1.png",)


@pytest.mark.skipif(sys.platform != "linux", reason="file names of bytes that are no text")
def test_file_names_that_are_no_text(colours: Run, here: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.png")
    draw(here / "a.png", "red").rename(here / name)
    (found,) = predict(colours, here)
    assert (Path(found.path).name, found.name) == (name, "red")


# What cannot be read


def test_damaged_images_are_rows_that_say_why(colours: Run, here: Path) -> None:
    good = draw(here / "in/a.png", "red").read_bytes()
    (here / "in/b.png").write_bytes(good[:60])
    (here / "in/c.jpg").write_bytes(b"")
    (here / "in/d.jpg").symlink_to("nowhere.jpg")
    (here / "in/e.jpg").write_bytes(b"<html>not found</html>")
    draw(here / "in/f.png", "blue")
    found = list(predict(colours, "in"))
    assert [(p.path[3:4], p.name) for p in found] == [
        ("a", "red"), ("b", ""), ("c", ""), ("d", ""), ("e", ""), ("f", "blue"),
    ]  # fmt: skip
    assert "cannot be decoded" in found[1].error
    assert found[2].error == "in/c.jpg is empty (0 bytes); delete it or fetch it again."
    assert "No such file" in found[3].error
    assert "it looks like a web page" in found[4].error
    assert np.isnan(found[1].probability)
    assert found[1].probabilities == ()
    assert not found[1].unsure


def test_other_files_in_a_folder_are_counted(colours: Run, here: Path) -> None:
    draw(here / "in/a.png", "red")
    (here / "in/notes.docx").write_bytes(b"x")
    heard = Heard()
    assert len(list(predict(colours, "in", observer=heard))) == 1
    assert len(heard.messages) == 1
    assert "1 .docx" in heard.messages[0]


def test_nothing_to_classify_is_said(colours: Run, here: Path) -> None:
    (here / "empty").mkdir()
    with pytest.raises(DataError, match="There are no images in empty"):
        predict(colours, "empty")
    with pytest.raises(UsageError, match="There is nothing to classify"):
        predict(colours, [])


# Arrays, bytes and Pillow images


def red(*shape: int) -> np.ndarray:
    return np.full((*shape, 3), COLOURS["red"], np.uint8)


@pytest.mark.parametrize(
    "given",
    [
        red(12, 9),
        red(2, 12, 9),
        [red(12, 9), red(5, 7)],
        red(12, 9).astype(np.float32),  # levels 0..255 as floats, as Keras' img_to_array gives them
        red(12, 9) / 255,
        np.moveaxis(red(2, 12, 9), 3, 1),
        Image.fromarray(red(12, 9)),
        [Image.fromarray(red(12, 9)).convert("P"), Image.fromarray(red(8, 8)).convert("CMYK")],
    ],
    ids=["one", "several", "sizes", "levels", "unit", "channels first", "pillow", "pillow modes"],
)  # fmt: skip
def test_arrays_and_images_in_memory(colours: Run, given: object) -> None:
    found = list(predict(colours, given))
    assert {p.name for p in found} == {"red"}
    assert [p.path for p in found] == [f"row {i + 1}" for i in range(len(found))]


def test_bytes_of_files_damaged_ones_included(colours: Run, tmp_path: Path) -> None:
    data = draw(tmp_path / "a.png", "green").read_bytes()
    found = list(predict(colours, [data, b"nonsense", data]))
    assert [p.name for p in found] == ["green", "", "green"]
    assert found[1].error.startswith("row 2 cannot be decoded")


def test_files_arrays_and_bytes_of_one_image_agree(colours: Run, tmp_path: Path) -> None:
    path = draw(tmp_path / "a.png", "green", (31, 17), seed=3)
    ways = [path, path.read_bytes(), np.asarray(Image.open(path)), Image.open(path)]
    results = [next(iter(predict(colours, [way]))).probabilities for way in ways]
    assert results == [results[0]] * 4


def test_an_array_file(colours: Run, here: Path) -> None:
    np.save("x.npy", red(3, 8, 8))
    np.savez("x.npz", images=red(2, 8, 8), y=np.zeros(2))
    assert len(list(predict(colours, "x.npy"))) == 3
    assert len(list(predict(colours, ["x.npz"]))) == 2
    with pytest.raises(UsageError, match=r"one .npy or .npz file at a time"):
        predict(colours, ["x.npy", "x.npz"])
    np.savez("z.npz", a=red(2, 8, 8), b=red(2, 8, 8))
    with pytest.raises(DataError, match="holds a, b; name the items x in it"):
        predict(colours, "z.npz")


def test_floats_in_an_unknown_scale_are_refused_not_guessed(colours: Run) -> None:
    with pytest.raises(DataError, match=r"numbers from -1 to 1, but .* was trained on levels of 0..255"):
        predict(colours, red(4, 8, 8) / 127.5 - 1)


def test_a_black_picture_is_black_whatever_it_is_given_as(colours: Run, tmp_path: Path) -> None:
    dark = np.zeros((8, 8, 3), np.uint8)
    dark[::2] = 1  # would be white if the picture's own maximum decided
    Image.fromarray(dark).save(tmp_path / "dark.png")
    (as_file,) = predict(colours, tmp_path / "dark.png")
    for given in (dark, dark[None], [dark], Image.fromarray(dark)):
        assert next(iter(predict(colours, given))).probabilities == as_file.probabilities


def test_a_run_on_zeros_and_ones_takes_zeros_and_ones(tmp_path: Path) -> None:
    run = toy_run(tmp_path / "run", notices=(Notice("binary_pixels", "Pixels were only 0 and 1."),))
    mask = (red(8, 8) > 0).astype(np.uint8)
    (found,) = predict(run, mask)
    assert found.name == "red"


def test_a_run_on_floats_takes_floats_in_its_own_scale_only(tmp_path: Path, here: Path) -> None:
    run = toy_run(tmp_path / "run", floats=True)
    own = red(8, 8).astype(np.float32) / 7 - 3
    assert next(iter(predict(run, own))).name == "red"
    with pytest.raises(DataError, match=r"holds uint8, but .* was trained on float pixels"):
        predict(run, red(8, 8))
    draw(here / "a.png", "red")
    with pytest.raises(DataError, match="a scale that only their owner knows"):
        predict(run, "a.png")


@pytest.mark.parametrize(
    "given", [np.array(["a", "b"]), np.zeros((2, 3, 4, 5, 6)), np.zeros((0, 8, 8, 3)), [object()], 7]
)
def test_what_is_no_image_is_refused(colours: Run, given: object) -> None:
    with pytest.raises((DataError, UsageError)):
        predict(colours, given)


# Feature vectors


def test_a_run_on_vectors(tmp_path: Path, here: Path) -> None:
    run = toy_run(tmp_path / "run", preparation=None, vectors=4)
    x = np.eye(3, 4, dtype=np.float32) * 2
    for given in (x, list(x), pd.DataFrame(x, columns=list("abcd"))):
        assert [p.name for p in predict(run, given)] == ["blue", "green", "red"]
    np.save("x.npy", x)
    pd.DataFrame(x, columns=list("abcd")).assign(label=[7, 8, 9]).to_csv("x.csv")
    assert [p.name for p in predict(run, "x.npy")] == ["blue", "green", "red"]
    pd.DataFrame(x, columns=list("abcd")).assign(label=[7, 8, 9]).to_csv("x.csv", index=False)
    assert [p.name for p in predict(run, "x.csv")] == ["blue", "green", "red"]
    assert [p.name for p in predict(run, x[1])] == ["green"]


@pytest.mark.parametrize("given", ["photos", b"bytes", np.zeros((2, 5)), np.full((2, 4), np.nan)])
def test_a_run_on_vectors_says_what_it_takes(tmp_path: Path, given: object) -> None:
    run = toy_run(tmp_path / "run", preparation=None, vectors=4)
    with pytest.raises(DataError, match=r"vectors|finite"):
        predict(run, given)


# Batches


@pytest.mark.parametrize("batch", [1, 3, 7, 64])
def test_the_batch_changes_nothing(colours: Run, tmp_path: Path, batch: int) -> None:
    for i in range(7):
        draw(tmp_path / f"{i}.png", list(COLOURS)[i % 3], seed=i)
    whole = list(predict(colours, tmp_path))
    found = list(predict(colours, tmp_path, batch=batch))
    assert said(found) == said(whole)
    np.testing.assert_allclose([p.probabilities for p in found], [p.probabilities for p in whole], atol=1e-6)


def test_every_batch_has_one_shape(colours: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another shape would make TensorFlow build its graph again."""
    for i in range(7):
        draw(tmp_path / f"{i}.png", "red", seed=i)
    sizes = []
    real = colours.net.logits
    monkeypatch.setattr(colours.net, "logits", lambda x: sizes.append(len(x)) or real(x))
    assert len(list(predict(colours, tmp_path, batch=3))) == 7
    assert sizes == [3, 3, 3]


def test_images_are_read_as_they_are_needed(colours: Run, tmp_path: Path) -> None:
    """Only a few batches are in memory, however many images there are."""
    for i in range(60):
        draw(tmp_path / f"{i:02}.png", "red", seed=i)
    stream = predict(colours, tmp_path, batch=2)
    next(stream)
    for i in range(30, 60):
        (tmp_path / f"{i:02}.png").unlink()
    assert sum(bool(p.error) for p in stream) == 30


def test_whoever_watches_hears_how_far_it_is(colours: Run, tmp_path: Path) -> None:
    for i in range(5):
        draw(tmp_path / f"{i}.png", "red", seed=i)
    heard = Heard()
    list(predict(colours, tmp_path, batch=2, observer=heard))
    assert (heard.done, heard.total) == (5, 5)


def test_a_batch_holds_at_least_one_image(colours: Run, tmp_path: Path) -> None:
    draw(tmp_path / "a.png", "red")
    with pytest.raises(UsageError, match="A batch holds 1 image or more; got 0"):
        predict(colours, tmp_path, batch=0)
