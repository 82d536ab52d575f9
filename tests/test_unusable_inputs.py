"""What cannot be used is refused in one sentence: what it is, what was found in it, what to do."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from valscope.case import open_case
from valscope.case.inputs import given
from valscope.case.unusable import refuse_useless
from valscope.cli import run
from valscope.data.sources.looks_like import looks_like
from valscope.errors import InputError


def refused(capsys: pytest.CaptureFixture[str], path: Path) -> str:
    assert run(["diagnose", str(path)]) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("valscope: ") and said.err.count("\n") == 1
    return said.err.replace(str(path), path.name)


def archive(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        for name, data in members.items():
            packed.writestr(name, data)
    return made.getvalue()


KERAS = archive({"config.json": b"{}", "model.weights.h5": b"x" * 400})
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 9\n"


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("m.keras", b"", "it is empty"),
        ("m.h5", b"", "it is empty"),
        ("m.weights.h5", b"", "it is empty"),
        ("m.keras", bytes([1, 2, 3, 250]) * 100, "it is 400 bytes of nothing known (they begin with 01 02 03 fa"),
        ("m.keras", b"\0" * 900, "it is 900 bytes, and zeros from the first on"),
        ("m.h5", b"Epoch 1/2 loss: 3", "it is 17 bytes of text ('Epoch 1/2 loss: 3')"),
        ("m.keras", LFS, "it is a Git LFS pointer and not the file itself (git lfs pull fetches it)"),
        ("m.h5", b"<!DOCTYPE html><p>404", "it is 21 bytes of a web page"),
        ("m.keras", KERAS[:200], "its archive of 200 bytes is damaged"),
        ("m.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 90, "it is a damaged HDF5 file"),
    ],
)  # fmt: skip
def test_a_model_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(data)
    said = refused(capsys, tmp_path / name)
    assert said.startswith(f"valscope: {name} cannot be read as a model: {found}")
    assert "save the model again" in said


def arrays(save: str) -> bytes:
    made = io.BytesIO()
    if save == "npz":
        np.savez(made, x=np.zeros((40, 8, 8, 3), np.uint8), y=np.arange(40) % 2)
    else:
        np.save(made, np.zeros((40, 8, 8, 3), np.uint8))
    return made.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.npz", b"", "it is empty;"),
        ("a.npz", arrays("npz")[:300], "it is a zip archive of 300 bytes, damaged or cut short"),
        ("a.npy", arrays("npy")[:500], "it is a NumPy array file of 500 bytes, damaged or cut short"),
        ("a.npy", b"1, 2, 3", "it is 7 bytes of text ('1, 2, 3')"),
    ],
)
def test_arrays_that_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes, found: str
) -> None:
    (tmp_path / name).write_bytes(data)
    said = refused(capsys, tmp_path / name)
    assert f"{name} cannot be read as NumPy arrays: {found}" in said
    assert "copy it again, or save it again with numpy.savez" in said


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40)).save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (picture(), "a.jpg is one image of 60 x 40 pixels"),
        (picture()[:300], "a.jpg cannot be read as an image ("),
        (b"", "a.jpg cannot be read as an image (its 0 bytes are no image format"),
        (LFS, "it is a Git LFS pointer, so run"),
    ],
)
def test_one_image(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, found: str) -> None:
    (tmp_path / "a.jpg").write_bytes(data)
    said = refused(capsys, tmp_path / "a.jpg")
    assert found in said
    assert "give a folder that holds one folder of them for each class" in said


def test_archives_that_are_no_arrays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packed = archive({"cat/1.jpg": picture(), "dog/1.jpg": picture()})
    (tmp_path / "photos.zip").write_bytes(packed)
    (tmp_path / "cut.zip").write_bytes(packed[:100])
    assert "is a zip archive (cat/1.jpg, dog/1.jpg); unpack it and give the folder." in refused(
        capsys, tmp_path / "photos.zip"
    )
    assert "is a zip archive of 100 bytes that is damaged" in refused(capsys, tmp_path / "cut.zip")


def test_an_empty_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photos").mkdir()
    said = refused(capsys, tmp_path / "photos")
    assert "photos is empty: looked for scripts and notebooks (.py, .ipynb), logs and posts" in said
    assert "saved models (.keras, .h5)" in said and "give the files of one training" in said


def test_a_folder_of_other_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "work/more").mkdir(parents=True)
    (tmp_path / "work/.venv").mkdir()
    for name in ("a.docx", "b.pdf", "more/c.pptx", ".hidden.py", ".venv/x.py"):
        (tmp_path / "work" / name).write_bytes(b"x")
    said = refused(capsys, tmp_path / "work")
    assert "work holds only a.docx, b.pdf, more/c.pptx: looked for scripts" in said


def test_a_folder_above_the_one_that_is_meant(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "work/src").mkdir(parents=True)
    (tmp_path / "work/src/train.py").write_text("import keras")
    said = refused(capsys, tmp_path / "work")
    assert "work itself holds nothing to diagnose, but work/src does; give that folder." in said


def test_a_saved_model_of_tensorflow(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model/saved_model.pb").write_bytes(b"x")
    assert "model is a TensorFlow SavedModel folder, not a model file; save the model as .keras" in refused(
        capsys, tmp_path / "model"
    )


def test_an_empty_file_among_others_is_passed_over_and_said(tmp_path: Path) -> None:
    from valscope.diagnosis import diagnose

    (tmp_path / "train.py").write_text("model.fit(x, y, validation_split=0.2)")
    (tmp_path / "best.keras").touch()
    kinds = {i.path.name: i.kind for i in given([str(tmp_path)]) if i.path}
    assert kinds == {"train.py": "text", "best.keras": "empty"}
    missing = diagnose(open_case([str(tmp_path)])).not_checked
    assert [m.reason for m in missing if m.name.endswith("best.keras")] == ["the file is empty"]


def test_bytes_of_text_in_any_script_are_text() -> None:
    head = "Эпоха 1: точность 0,9".encode() * 9
    assert looks_like(head[:64], len(head)).startswith(f"{len(head)} bytes of text ('Эпоха 1")


def test_links_to_folders_are_followed_and_loops_end(tmp_path: Path) -> None:
    """Data sets are often linked into a project's folder."""
    real = tmp_path / "store" / "cats"
    real.mkdir(parents=True)
    (real / "1.png").write_bytes(b"x")
    project = tmp_path / "data"
    project.mkdir()
    (project / "cats").symlink_to(real, target_is_directory=True)
    (project / "again").symlink_to(project, target_is_directory=True)
    refuse_useless(project, {".py"}, {".npz"})
    (real / "1.png").unlink()
    with pytest.raises(InputError, match="is empty"):
        refuse_useless(project, {".py"}, {".npz"})


DAMAGED = [
    ("m.keras", KERAS[:200]), ("m.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 90), ("a.npz", arrays("npz")[:300]),
    ("a.npy", b"1, 2, 3"), ("m.keras", b""), ("run.csv", b""), ("events.out.tfevents.1", bytes(range(256)) * 9),
]  # fmt: skip


@pytest.mark.parametrize(("name", "data"), DAMAGED)
def test_a_damaged_file_in_a_folder_is_told_and_the_others_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, data: bytes
) -> None:
    """Nobody gave it by name: the folder's script and log are diagnosed all the same."""
    from valscope.rules import last_layer
    from valscope.worlds import write

    write(last_layer.sick(), tmp_path)
    (tmp_path / name).write_bytes(data)
    assert run(["diagnose", str(tmp_path)]) == 1
    said = " ".join(capsys.readouterr().out.split())
    assert "M101" in said
    assert f"{tmp_path / name}: " in said.partition("Not checked")[2]
    case = open_case([str(tmp_path)])
    assert [unread.name for unread in case.unread] == [str(tmp_path / name)]


def test_a_folder_of_nothing_but_damaged_files_is_not_judged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "m.keras").write_bytes(KERAS[:200])
    (tmp_path / "m.h5").write_bytes(b"")
    assert run(["diagnose", str(tmp_path)]) in (2, 3)
    said = capsys.readouterr()
    assert "damaged" in said.out + said.err
