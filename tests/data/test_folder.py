import os
from pathlib import Path

import numpy as np
import pytest
from drawn import encoded, photo

from valscope.data.sources.open import open_dataset
from valscope.data.sources.parts import part_of
from valscope.errors import DataError, UsageError

PIXEL = encoded(photo(4, 4))


def folder(root: Path, *names: str) -> Path:
    """A tree of tiny images; a name that ends in "/" is an empty folder, one with "=" has that text in it."""
    for name in names:
        name, _, text = name.partition("=")
        path = root / name
        (path if name.endswith("/") else path.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            path.write_bytes(text.encode() if text else PIXEL)
    return root


def codes(dataset):
    return [notice.code for notice in dataset.notices]


def notice(dataset, code):
    return next(notice for notice in dataset.notices if notice.code == code)


def test_a_folder_of_class_folders(tmp_path):
    dataset = open_dataset(folder(tmp_path, "dog/b.png", "dog/a.png", "cat/c.JPG", "cat/deep/d.png"))
    assert dataset.classes == ("cat", "dog")
    assert dataset.names == ("cat/c.JPG", "cat/deep/d.png", "dog/a.png", "dog/b.png")
    assert dataset.labels.tolist() == [0, 0, 1, 1]
    assert dataset.content.paths[0] == str(tmp_path / "cat" / "c.JPG")
    assert (dataset.parts, dataset.groups, dataset.notices) == (None, None, ())


def test_class_order_is_lexicographic_as_keras_has_it_and_says_so_for_numbers(tmp_path):
    dataset = open_dataset(folder(tmp_path, *(f"{n}/x{n}.png" for n in (1, 2, 10))))
    assert dataset.classes == ("1", "10", "2")
    assert "output 1 is class 10" in notice(dataset, "text_order").message


def test_class_order_can_be_given_and_leaves_others_out_with_a_notice(tmp_path):
    folder(tmp_path, "a/1.png", "b/2.png", "c/3.png")
    dataset = open_dataset(tmp_path, classes=["c", "a"])
    assert dataset.classes == ("c", "a")
    assert dataset.labels.tolist() == [1, 0]
    assert notice(dataset, "unknown_class").items == ("b/2.png",)
    assert notice(open_dataset(tmp_path, classes=["a", "b", "c", "d"]), "missing_class").items == ("d",)
    with pytest.raises(DataError, match="No item has one of the classes x, y"):
        open_dataset(tmp_path, classes=["x", "y"])
    with pytest.raises(DataError, match="named twice"):
        open_dataset(tmp_path, classes=["a", "a"])


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (("train", "val", "test"), ("train", "val", "test")),
        (("Training_Set", "Validation-Set", "TestSet"), ("train", "val", "test")),
        (("seg_train", "dev"), ("train", "val")),
        (("TRAIN", "valid_images"), ("train", "val")),
        (("train2017", "test2017"), ("train", "test")),
    ],
)
def test_parts_under_any_usual_spelling(tmp_path, names, parts):
    dataset = open_dataset(folder(tmp_path, *(f"{name}/{c}/{name}{c}.png" for name in names for c in "xy")))
    assert dataset.classes == ("x", "y")
    assert {name.split("/")[0]: part for name, part in zip(dataset.names, dataset.parts)} == dict(
        zip(names, parts)
    )


def test_words_that_only_resemble_a_part_are_none():
    assert [part_of(n) for n in ("trainer", "contest", "valley", "testing", "latest", "trains", "1", "")] == [
        None, None, None, "test", None, None, None, None,
    ]  # fmt: skip


def test_each_part_may_be_wrapped_once_more(tmp_path):
    names = [f"{part}/{part}/{c}/{part}{c}.png" for part in ("training_set", "test_set") for c in "xy"]
    dataset = open_dataset(folder(tmp_path, *names))
    assert dataset.classes == ("x", "y")
    assert sorted(set(dataset.parts)) == ["test", "train"]


def test_parts_inside_each_class(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, *(f"{c}/{p}/{c}{p}.png" for c in ("cat", "dog") for p in ("train", "test")))
    )
    assert dataset.classes == ("cat", "dog")
    assert dataset.parts == ("test", "train", "test", "train")


def test_a_train_can_be_a_class_among_vehicles(tmp_path):
    dataset = open_dataset(folder(tmp_path, "train/1a.png", "bus/2a.png", "car/3a.png"))
    assert dataset.classes == ("bus", "car", "train")
    assert dataset.parts is None


def test_one_part_alone_is_no_split(tmp_path):
    dataset = open_dataset(folder(tmp_path, "train/x/1a.png", "train/y/2a.png"))
    assert dataset.classes == ("x", "y")
    assert dataset.parts is None


def test_a_flat_test_folder_beside_is_named_and_not_read(tmp_path):
    dataset = open_dataset(folder(tmp_path, "train/x/1a.png", "train/y/2a.png", "test/0001.png"))
    assert dataset.classes == ("x", "y")
    assert notice(dataset, "not_a_part").items == ("test",)


def test_parts_without_class_folders_are_never_taken_for_classes(tmp_path):
    with pytest.raises(DataError, match="no class folders in them"):
        open_dataset(folder(tmp_path, "train/cat.1.png", "test/0001.png"))


def test_class_sets_that_differ_between_parts_are_named(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, *(f"train/{c}/1{c}.png" for c in "abc"), "val/a/2a.png", "val/d/3a.png")
    )
    assert dataset.classes == ("a", "b", "c", "d")
    lacking = {n.message.split()[2]: n.items for n in dataset.notices if n.code == "class_sets_differ"}
    assert lacking == {"train": ("d",), "val": ("b", "c")}


def test_a_wrapped_folder_is_descended_with_a_notice(tmp_path):
    dataset = open_dataset(folder(tmp_path, "archive/photos/cat/1a.png", "archive/photos/dog/2a.png"))
    assert dataset.classes == ("cat", "dog")
    assert notice(dataset, "descended").items == ("archive/photos",)


def test_folders_without_images_beside_the_one_that_has_them(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, "images/pie/1a.png", "images/soup/2a.png", "meta/classes.txt=pie", "docs/")
    )
    assert dataset.classes == ("pie", "soup")
    assert notice(dataset, "descended").items == ("images",)


def test_a_level_too_high_is_said(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, *(f"{s}/{c}/{s}{c}.png" for s in ("grey", "colour") for c in ("cat", "dog")))
    )
    assert dataset.classes == ("colour", "grey")
    assert "cat, dog" in notice(dataset, "subfolders").message


def test_what_systems_leave_behind_is_ignored_and_counted(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, "a/1x.png", "b/2x.png", "a/.hidden.png", ".ipynb_checkpoints/x.png", "__MACOSX/a/._1.png",
               "b/Thumbs.db", "desktop.ini", "a/@eaDir/1x.png")
    )  # fmt: skip
    assert len(dataset) == 2
    assert codes(dataset) == ["ignored"]
    assert set(notice(dataset, "ignored").items) == {
        "a/.hidden.png", ".ipynb_checkpoints", "__MACOSX", "b/Thumbs.db", "desktop.ini", "a/@eaDir",
    }  # fmt: skip


def test_other_files_empty_files_and_loose_images_are_counted_and_named(tmp_path):
    folder(tmp_path, "a/1x.png", "b/2x.png", "a/notes.txt=hello", "b/list.csv=1", "lost.png", "c/")
    (tmp_path / "a" / "zero.jpg").touch()
    dataset = open_dataset(tmp_path)
    assert dataset.classes == ("a", "b")
    assert notice(dataset, "not_images").items == ("a/notes.txt", "b/list.csv")
    assert "1 .txt, 1 .csv" in notice(dataset, "not_images").message
    assert notice(dataset, "zero_byte").items == ("a/zero.jpg",)
    assert notice(dataset, "loose_images").items == ("lost.png",)
    assert notice(dataset, "empty_class").items == ("c",)


def test_images_are_known_by_their_first_bytes_where_the_name_does_not_tell(tmp_path):
    dataset = open_dataset(folder(tmp_path, "a/0001", "a/photo.image", "b/2x.png"))
    assert dataset.names == ("a/0001", "a/photo.image", "b/2x.png")
    assert dataset.notices == ()


def test_names_that_occur_twice(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, "a/cat_on_sofa.png", "b/cat_on_sofa.png", "b/Other.png", "b/other.png")
    )
    assert notice(dataset, "duplicate_name").items == ("a/cat_on_sofa.png", "b/cat_on_sofa.png")
    assert notice(dataset, "case_names").items == ("b/Other.png", "b/other.png")
    counted = open_dataset(folder(tmp_path / "counted", "a/0001.png", "b/0001.png"))
    assert counted.notices == ()


def test_classes_that_look_alike(tmp_path):
    dataset = open_dataset(
        folder(tmp_path, "Cat/1x.png", "cat/2x.png", "caf\u00e9/3x.png", "cafe\u0301/4x.png", "dog/5x.png")
    )
    assert len(dataset.classes) == 5
    assert len(notice(dataset, "alike_classes").items) == 4


def test_hostile_names_are_read_and_escaped_in_sentences(tmp_path):
    names = [
        "a\nb",
        "-rf",
        "<script>alert(1)</script>".replace("/", "_"),
        "\U0001f600",
        "'; DROP TABLE x",
        "a b",
        "%s{n}",
    ]
    dataset = open_dataset(folder(tmp_path, *(f"{name}/{name}x.png" for name in names), "a\nb/note.{x}=t"))
    assert set(dataset.classes) == set(names)
    for found in dataset.notices:
        assert "\n" not in found.message


@pytest.mark.skipif(os.name == "nt", reason="Windows names are always text")
def test_names_that_are_no_text_can_be_read_and_written(tmp_path):
    dataset = open_dataset(folder(tmp_path, os.fsdecode(b"a\xff/\xfe1x.png"), "b/2x.png"))
    assert len(dataset) == 2
    assert dataset.classes == ("a\\udcff", "b")
    "".join(dataset.names).encode("utf-8")
    assert Path(dataset.content.paths[0]).exists()


def test_links_in_circles_and_broken_ones(tmp_path):
    folder(tmp_path, "a/1x.png", "b/2x.png")
    (tmp_path / "a" / "loop").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "b" / "self.png").symlink_to(tmp_path / "b" / "self.png")
    (tmp_path / "b" / "gone.png").symlink_to(tmp_path / "nowhere.png")
    dataset = open_dataset(tmp_path)
    assert len(dataset) == 2
    assert notice(dataset, "link_loop").items == ("a/loop",)
    assert notice(dataset, "unreadable").items == ("b/gone.png", "b/self.png")


def test_a_linked_class_folder_is_followed(tmp_path):
    folder(tmp_path, "data/a/1x.png", "elsewhere/2x.png")
    (tmp_path / "data" / "b").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert open_dataset(tmp_path / "data").classes == ("a", "b")


@pytest.mark.skipif(os.name == "nt", reason="no named pipes")
def test_a_pipe_among_the_images_does_not_hang(tmp_path):
    folder(tmp_path, "a/1x.png", "b/2x.png")
    os.mkfifo(tmp_path / "a" / "pipe.png")
    assert notice(open_dataset(tmp_path), "not_images").items == ("a/pipe.png",)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ((), "one folder of images for each class"),
        (("1.png", "2.png"), "2 images outside"),
        (("1.png", "labels.csv=x"), "labels.csv"),
        (("data.npz=x",), "data.npz"),
        (("a/1.png",), "only the class a in 1 items"),
        (("a/1.png", "a/2.png", "b/"), "only the class a in 2 items"),
        (("a/1.txt=x", "b/2.txt=x"), "2 other"),
    ],
)
def test_folders_that_cannot_be_used_get_a_sentence(tmp_path, names, words):
    with pytest.raises(DataError, match=words) as caught:
        open_dataset(folder(tmp_path, *names))
    assert str(caught.value).endswith(".")


def test_one_class_will_do_where_the_caller_says_so(tmp_path):
    folder(tmp_path, "a/1.png", "a/2.png")
    assert open_dataset(tmp_path, fewest_classes=1).classes == ("a",)
    assert open_dataset(tmp_path, classes=["a", "b"]).labels.tolist() == [0, 0]


def test_a_source_that_is_not_there_or_is_one_image(tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        open_dataset(tmp_path / "nowhere")
    with pytest.raises(DataError, match="is one image"):
        open_dataset(folder(tmp_path, "one.png") / "one.png")
    with pytest.raises(DataError, match="no folder, table"):
        open_dataset(folder(tmp_path, "one.xyz=1") / "one.xyz")


def test_group_by_takes_the_first_group_of_the_pattern_or_the_whole_match(tmp_path):
    folder(tmp_path, "a/anna_1.png", "a/ben_1.png", "b/anna_2.png", "b/odd.png")
    dataset = open_dataset(tmp_path, group_by=r"^([a-z]+)_")
    assert dataset.groups == ("anna", "ben", "anna", "b/odd.png")
    assert notice(dataset, "ungrouped").items == ("b/odd.png",)
    assert open_dataset(tmp_path, group_by=r"[a-z]+").groups == ("anna", "ben", "anna", "odd")


def test_group_by_may_match_folders_of_the_path(tmp_path):
    folder(tmp_path, "a/person7/x.png", "b/person7/y.png", "b/person8/z.png")
    assert open_dataset(tmp_path, group_by=r"person(\d+)").groups == ("7", "7", "8")


def test_group_by_that_cannot_be_meant(tmp_path):
    folder(tmp_path, "a/1x.png", "b/2x.png")
    with pytest.raises(UsageError, match="regular expression"):
        open_dataset(tmp_path, group_by="(")
    with pytest.raises(DataError, match="matches none of 2 names"):
        open_dataset(tmp_path, group_by="patient")
    with pytest.raises(UsageError, match="one an item"):
        open_dataset(tmp_path, group_by=["p1"])
    assert open_dataset(tmp_path, group_by=["p1", "p2"]).groups == ("p1", "p2")


def test_validation_from_another_folder(tmp_path):
    folder(tmp_path, "one/a/1x.png", "one/b/2x.png", "two/a/3x.png", "two/c/4x.png")
    dataset = open_dataset(tmp_path / "one", validation=tmp_path / "two")
    assert dataset.classes == ("a", "b", "c")
    assert dataset.parts == ("train", "train", "val", "val")
    assert dataset.names == ("train/a/1x.png", "train/b/2x.png", "val/a/3x.png", "val/c/4x.png")
    assert dataset.labels.tolist() == [0, 1, 0, 2]
    assert codes(dataset).count("class_sets_differ") == 2


def test_taking_rows_keeps_everything_in_step(tmp_path):
    folder(tmp_path, "train/a/1x.png", "train/b/2x.png", "test/a/3x.png", "test/b/4x.png")
    dataset = open_dataset(tmp_path, group_by=r"(\d)x").take(np.array([3, 0]))
    assert dataset.names == ("train/b/2x.png", "test/a/3x.png")
    assert dataset.groups == ("2", "3")
    assert dataset.parts == ("train", "test")
    assert dataset.labels.tolist() == [1, 0]
