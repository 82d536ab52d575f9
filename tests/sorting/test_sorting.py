"""Sorting images into folders by class, and taking it back."""

from __future__ import annotations

import errno
import json
import os
import sys
from pathlib import Path

import pytest

from valscope.errors import DataError, InputError, UsageError
from valscope.nouns.prediction import Prediction
from valscope.sorting import By, Sorter, disk, sort_into, undo
from valscope.sorting.journal import NAME

CLASSES = ("cat", "dog")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Two folders with an image of the same name, and one more."""
    for name in ("one/a.jpg", "two/a.jpg", "two/b.jpg"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode())
    return tmp_path / "photos"


def predictions(photos: Path) -> list[Prediction]:
    return [
        Prediction(str(photos / "one/a.jpg"), "cat", 0.9),
        Prediction(str(photos / "two/a.jpg"), "cat", 0.8),
        Prediction(str(photos / "two/b.jpg"), "dog", 0.5, unsure=True),
    ]


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, the journal left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != NAME
    }


SORTED = {"cat/a.jpg": b"one/a.jpg", "cat/a-2.jpg": b"two/a.jpg", "unsure/b.jpg": b"two/b.jpg"}


@pytest.mark.parametrize("by", ["copy", "move", "link"])
def test_images_go_to_their_class_and_doubtful_ones_to_unsure(photos: Path, tmp_path: Path, by: By) -> None:
    before = tree(photos)
    placed = list(sort_into(tmp_path / "out", predictions(photos), CLASSES, by))
    assert [p.target for p in placed] == ["cat/a.jpg", "cat/a-2.jpg", "unsure/b.jpg"]
    assert tree(tmp_path / "out") == SORTED
    assert tree(photos) == ({} if by == "move" else before)


@pytest.mark.parametrize("by", ["copy", "move", "link"])
def test_undo_leaves_everything_as_it_was(photos: Path, tmp_path: Path, by: By) -> None:
    before = tree(photos)
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, by))
    done = undo(tmp_path / "out")
    assert (done.restored, done.removed) == ((3, 0) if by == "move" else (0, 3))
    assert done.kept == ()
    assert tree(photos) == before
    assert not (tmp_path / "out").exists()


def test_a_dry_run_says_the_same_names_and_touches_nothing(photos: Path, tmp_path: Path) -> None:
    placed = list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move", dry_run=True))
    assert [p.target for p in placed] == list(SORTED)
    assert not (tmp_path / "out").exists()
    assert len(tree(photos)) == 3


def test_a_dry_run_gives_no_name_twice(tmp_path: Path) -> None:
    for name in ("x/a.jpg", "y/a.jpg", "x/a-2.jpg"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    given = [Prediction(str(tmp_path / n), "cat", 0.9) for n in ("x/a.jpg", "y/a.jpg", "x/a-2.jpg")]
    planned = [p.target for p in sort_into(tmp_path / "out", given, CLASSES, dry_run=True)]
    assert planned == [p.target for p in sort_into(tmp_path / "out", given, CLASSES)]
    assert len(set(planned)) == 3


def test_what_was_there_before_is_never_overwritten(photos: Path, tmp_path: Path) -> None:
    mine = tmp_path / "out" / "cat" / "a.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    placed = list(sort_into(tmp_path / "out", predictions(photos), CLASSES))
    assert [p.target for p in placed] == ["cat/a-2.jpg", "cat/a-3.jpg", "unsure/b.jpg"]
    undo(tmp_path / "out")
    assert tree(tmp_path / "out") == {"cat/a.jpg": b"mine"}


def test_an_image_that_could_not_be_read_stays_where_it_is(photos: Path, tmp_path: Path) -> None:
    broken = Prediction(str(photos / "one/a.jpg"), "", float("nan"), error="it is broken")
    assert list(sort_into(tmp_path / "out", [broken], CLASSES, "move")) == []
    assert (photos / "one/a.jpg").exists()


def test_an_image_that_vanished_is_named(photos: Path, tmp_path: Path) -> None:
    (photos / "two/b.jpg").unlink()
    with Sorter(tmp_path / "out", CLASSES) as sorter:
        placed = [sorter.place(p) for p in predictions(photos)]
    assert placed[2] is None
    assert sorter.problems == [f"{photos / 'two/b.jpg'} is no longer there and was not sorted."]


# Undo is careful


def test_a_copy_that_was_edited_is_kept_and_said(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES))
    (tmp_path / "out/cat/a.jpg").write_bytes(b"cropped by hand")
    done = undo(tmp_path / "out")
    assert done.removed == 2
    assert done.kept == ((str(tmp_path / "out/cat/a.jpg"), "it was changed since"),)
    assert tree(tmp_path / "out") == {"cat/a.jpg": b"cropped by hand"}
    assert (tmp_path / "out" / NAME).exists()  # so that a second undo can try again


@pytest.mark.parametrize("by", ["copy", "link"])
def test_the_last_copy_is_never_deleted(photos: Path, tmp_path: Path, by: By) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, by))
    (photos / "one/a.jpg").unlink()
    done = undo(tmp_path / "out")
    assert done.kept == ((str(tmp_path / "out/cat/a.jpg"), f"its original {photos / 'one/a.jpg'} is gone"),)
    assert tree(tmp_path / "out") == {"cat/a.jpg": b"one/a.jpg"}


@pytest.mark.parametrize("by", ["copy", "move", "link"])
def test_an_original_that_became_a_link_to_the_sorted_image_is_no_original(
    photos: Path, tmp_path: Path, by: By
) -> None:
    list(sort_into(tmp_path / "out", predictions(photos)[:1], CLASSES, by))
    (photos / "one/a.jpg").unlink(missing_ok=True)
    (photos / "one/a.jpg").symlink_to(tmp_path / "out/cat/a.jpg")
    assert len(undo(tmp_path / "out").kept) == 1
    assert (photos / "one/a.jpg").read_bytes() == b"one/a.jpg"


def test_a_moved_image_does_not_overwrite_what_took_its_place(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    (photos / "one/a.jpg").write_bytes(b"a newer photograph")
    done = undo(tmp_path / "out")
    assert done.restored == 2
    assert done.kept == (
        (str(tmp_path / "out/cat/a.jpg"), f"something else is at {photos / 'one/a.jpg'} now"),
    )
    assert (photos / "one/a.jpg").read_bytes() == b"a newer photograph"


def test_a_moved_image_comes_back_also_when_it_was_edited_or_its_folder_is_gone(
    photos: Path, tmp_path: Path
) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    (tmp_path / "out/cat/a.jpg").write_bytes(b"turned")
    (photos / "one").rmdir()
    assert undo(tmp_path / "out").restored == 3
    assert (photos / "one/a.jpg").read_bytes() == b"turned"


def test_a_moved_image_that_somebody_took_away_is_said(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    (tmp_path / "out/cat/a.jpg").unlink()
    ((path, why),) = undo(tmp_path / "out").kept
    assert path.endswith("a.jpg")
    assert why == "it is no longer there, so it cannot be moved back"


def test_other_files_in_the_folders_stay(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES))
    (tmp_path / "out/cat/notes.txt").write_bytes(b"mine")
    assert undo(tmp_path / "out").kept == ()
    assert tree(tmp_path / "out") == {"cat/notes.txt": b"mine"}


def test_undo_can_be_asked_what_it_would_do(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    before = tree(tmp_path / "out")
    assert undo(tmp_path / "out", dry_run=True).restored == 3
    assert tree(tmp_path / "out") == before


def test_there_must_be_something_to_take_back(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="has sorted nothing there"):
        undo(tmp_path)


# Links


def test_a_moved_link_leads_where_it_led_and_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "real.jpg").write_bytes(b"real")
    (tmp_path / "in/a.jpg").symlink_to("../real.jpg")
    list(sort_into(tmp_path / "out", [Prediction(str(tmp_path / "in/a.jpg"), "cat", 0.9)], CLASSES, "move"))
    assert (tmp_path / "out/cat/a.jpg").is_symlink()
    assert (tmp_path / "out/cat/a.jpg").read_bytes() == b"real"
    undo(tmp_path / "out")
    assert str((tmp_path / "in/a.jpg").readlink()) == "../real.jpg"


def test_where_the_disk_has_no_second_names_a_symbolic_link_is_made(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk.os, "link", refuse(errno.EXDEV))
    placed = list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "link"))
    assert {p.how for p in placed} == {"symlink"}
    assert tree(tmp_path / "out") == SORTED
    assert undo(tmp_path / "out").removed == 3
    assert len(tree(photos)) == 3


def test_nothing_is_put_through_a_link_that_leads_out(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/cat").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="cat is a link"):
        list(sort_into(tmp_path / "out", predictions(photos), CLASSES))
    assert tree(tmp_path / "elsewhere") == {}


def test_a_file_with_the_name_of_a_class_is_in_the_way(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/cat").write_bytes(b"")
    with pytest.raises(DataError, match="cat is no folder"):
        list(sort_into(tmp_path / "out", predictions(photos), CLASSES))


# Other disks


def refuse(number: int) -> object:
    def call(*args: object, **more: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


def test_a_move_to_another_disk_copies_before_it_deletes(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.link

    def other_disk(source: Path, target: Path) -> None:
        if Path(source).parent != Path(target).parent:
            raise OSError(errno.EXDEV, "another disk")
        real(source, target)

    monkeypatch.setattr(disk.os, "link", other_disk)
    before = tree(photos)
    os.utime(photos / "one/a.jpg", ns=(1, 12345678))
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    assert tree(tmp_path / "out") == SORTED
    assert tree(photos) == {}
    assert (tmp_path / "out/cat/a.jpg").stat().st_mtime_ns == 12345678
    assert undo(tmp_path / "out").restored == 3
    assert tree(photos) == before


@pytest.mark.parametrize("by", ["copy", "move"])
def test_disks_without_second_names_serve_as_well(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: By
) -> None:
    monkeypatch.setattr(disk.os, "link", refuse(errno.EPERM))
    before = tree(photos)
    mine = tmp_path / "out/cat/a.jpg"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, by))
    assert mine.read_bytes() == b"mine"
    undo(tmp_path / "out")
    assert tree(photos) == before
    assert tree(tmp_path / "out") == {"cat/a.jpg": b"mine"}


def test_a_name_that_is_taken_at_the_last_moment_is_not_overwritten(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = disk._copy_bytes

    def someone_is_faster(source: Path, target: Path, sync: bool) -> None:
        rival = target.with_name("a.jpg")
        if not rival.exists():
            rival.write_bytes(b"rival")
        real(source, target, sync)

    monkeypatch.setattr(disk, "_copy_bytes", someone_is_faster)
    placed = list(sort_into(tmp_path / "out", predictions(photos)[:1], CLASSES))
    assert placed[0].target == "cat/a-2.jpg"
    assert (tmp_path / "out/cat/a.jpg").read_bytes() == b"rival"
    undo(tmp_path / "out")
    assert tree(tmp_path / "out") == {"cat/a.jpg": b"rival"}


def test_a_full_disk_is_said_and_loses_nothing(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tree(photos)
    real, calls = disk._copy_bytes, []

    def full_at_the_second(source: Path, target: Path, sync: bool) -> None:
        calls.append(source)
        if len(calls) == 2:
            target.write_bytes(b"hal")
            raise OSError(errno.ENOSPC, "No space left on device")
        real(source, target, sync)

    monkeypatch.setattr(disk, "_copy_bytes", full_at_the_second)
    with pytest.raises(DataError, match="is full after 1 images; free some space"):
        list(sort_into(tmp_path / "out", predictions(photos), CLASSES))
    assert tree(tmp_path / "out") == {"cat/a.jpg": b"one/a.jpg"}
    placed = list(sort_into(tmp_path / "out", predictions(photos), CLASSES))  # there is room again
    assert [(p.target, p.how) for p in placed] == [
        ("cat/a.jpg", "kept"), ("cat/a-2.jpg", "copy"), ("unsure/b.jpg", "copy"),
    ]  # fmt: skip
    undo(tmp_path / "out")
    assert tree(photos) == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_said_before_anything_is_done(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o500)
    with pytest.raises(DataError, match="cannot be written"):
        Sorter(tmp_path / "out", CLASSES)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS])
def test_a_destination_that_forbids_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("valscope.sorting.resume.Journal", refuse(number))
    with pytest.raises(DataError, match=r"out cannot be written .*; sort into another folder"):
        Sorter(tmp_path / "out", CLASSES)


def test_images_in_a_read_only_folder_are_not_lost_by_a_move(
    photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.unlink

    def read_only(self: Path, missing_ok: bool = False) -> None:
        if photos in self.parents:
            raise OSError(errno.EROFS, "Read-only file system")
        real(self, missing_ok)

    monkeypatch.setattr(Path, "unlink", read_only)
    monkeypatch.setattr("valscope.sorting.trouble._writable", lambda folder: False)
    with pytest.raises(DataError, match="its folder is read-only; use --by copy"):
        list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    monkeypatch.undo()
    assert len(tree(photos)) == 3
    assert tree(tmp_path / "out") == {}


# One run, one rule, one process


def test_a_folder_is_sorted_by_one_run_at_a_time(photos: Path, tmp_path: Path) -> None:
    with Sorter(tmp_path / "out", CLASSES, run="a") as sorter:
        sorter.place(predictions(photos)[0])
    with pytest.raises(UsageError, match="take that back with  valscope undo"):
        Sorter(tmp_path / "out", CLASSES, run="b")
    undo(tmp_path / "out")
    Sorter(tmp_path / "out", CLASSES, run="b").close()


@pytest.mark.skipif(sys.platform == "win32", reason="no flock")
def test_two_processes_do_not_sort_one_folder(tmp_path: Path) -> None:
    with Sorter(tmp_path / "out", CLASSES), pytest.raises(UsageError, match="Another valscope"):
        Sorter(tmp_path / "out", CLASSES)


def test_new_images_join_those_sorted_before(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos)[:1], CLASSES))
    placed = list(sort_into(tmp_path / "out", predictions(photos), CLASSES))
    assert [p.how for p in placed] == ["kept", "copy", "copy"]
    assert tree(tmp_path / "out") == SORTED
    undo(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_image_that_lies_in_its_folder_already_stays(photos: Path, tmp_path: Path) -> None:
    (tmp_path / "out/cat").mkdir(parents=True)
    (photos / "one/a.jpg").rename(tmp_path / "out/cat/a.jpg")
    there = Prediction(str(tmp_path / "out/cat/a.jpg"), "cat", 0.9)
    (placed,) = sort_into(tmp_path / "out", [there], CLASSES, "move")
    assert (placed.target, placed.how) == ("cat/a.jpg", "kept")


# Journals that are not ours


def test_a_copied_folder_is_no_licence_to_move_files(photos: Path, tmp_path: Path) -> None:
    list(sort_into(tmp_path / "out", predictions(photos), CLASSES, "move"))
    (tmp_path / "copy").mkdir()
    (tmp_path / "copy" / NAME).write_bytes((tmp_path / "out" / NAME).read_bytes())
    with pytest.raises(InputError, match="of which this one is a copy"):
        undo(tmp_path / "copy")


@pytest.mark.parametrize("target", ["../victim.txt", "/etc/passwd", "a/b/c", "cat/..", "..", "x\\..\\y"])
def test_a_journal_that_names_something_outside_is_refused(photos: Path, tmp_path: Path, target: str) -> None:
    list(sort_into(tmp_path / "out", predictions(photos)[:1], CLASSES))
    (tmp_path / "victim.txt").write_bytes(b"")
    step = {"number": 99, "act": "copy", "source": str(photos / "one/a.jpg"), "target": target}
    with (tmp_path / "out" / NAME).open("a") as file:
        file.write(json.dumps({"step": step}) + "\n")
    with pytest.raises(InputError, match="lies outside"):
        undo(tmp_path / "out")
    assert (tmp_path / "victim.txt").exists()


@pytest.mark.parametrize(
    "garbage", [b"\x00\xff\n", b"[1, 2]\n", b'{"done": 1}\n', b'{"step": 3}\n', b'{"ste']
)
def test_a_torn_or_damaged_line_does_not_hide_the_others(
    photos: Path, tmp_path: Path, garbage: bytes
) -> None:
    before = tree(photos)
    list(sort_into(tmp_path / "out", predictions(photos)[:1], CLASSES, "move"))
    with (tmp_path / "out" / NAME).open("ab") as file:
        file.write(garbage)
    list(sort_into(tmp_path / "out", predictions(photos)[1:], CLASSES, "move"))
    assert undo(tmp_path / "out").restored == 3
    assert tree(photos) == before


@pytest.mark.skipif(sys.platform != "linux", reason="file names of bytes that are no text")
def test_file_names_that_are_no_text_come_back(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\n\x01 'a\".jpg")
    (tmp_path / name).write_bytes(b"x")
    list(sort_into(tmp_path / "out", [Prediction(str(tmp_path / name), "cat", 0.9)], CLASSES, "move"))
    assert not (tmp_path / name).exists()
    assert undo(tmp_path / "out").restored == 1
    assert (tmp_path / name).read_bytes() == b"x"


def test_a_name_too_long_for_a_number_is_cut(tmp_path: Path) -> None:
    long = "x" * 251 + ".jpg"
    for folder in "ab":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / long).write_bytes(folder.encode())
    given = [Prediction(str(tmp_path / folder / long), "cat", 0.9) for folder in "ab"]
    placed = list(sort_into(tmp_path / "out", given, CLASSES))
    assert placed[1].target == "cat/" + "x" * 249 + "-2.jpg"
