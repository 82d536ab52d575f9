"""A folder for each class, whatever a class is called."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valscope.sorting.names import folder_names, numbered, safe_name, same


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("cat", "cat"),
        ("Grünes Blatt", "Grünes Blatt"),
        ("苹果", "苹果"),
        ("می‌خواهم", "می‌خواهم"),  # joiners shape the word and stay
        ("a/b", "a_b"),
        ("a\\b", "a_b"),
        ("..", "_"),
        ("../../etc", "__.._etc"),
        (".git", "_git"),
        (". .x", "_x"),
        ("", "_"),
        ("   ", "_"),
        ("dot.", "dot"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("COM¹", "_COM¹"),
        ("concert", "concert"),
        ('<b>"x"|?*:', "_b__x_____"),
        ("tab\there\n", "tab_here_"),
        ("gpj\u202eexe", "gpj_exe"),  # would read backwards
        ("\udcff", "_"),
        ("-rf", "-rf"),
    ],
)
def test_names_become_folders(name: str, folder: str) -> None:
    assert safe_name(name) == folder


def test_two_classes_never_share_a_folder() -> None:
    assert folder_names(("a/b", "a_b", "A_B")) == ("a_b-3", "a_b", "A_B-2")
    assert folder_names(("é", "e\u0301")) == ("é", "é-2")


def test_a_class_called_unsure_does_not_take_the_folder_of_unsure_images() -> None:
    assert folder_names(("cat", "unsure", "Unsure")) == ("cat", "unsure-2", "Unsure-3")


def test_numbers_stand_before_the_extension_and_fit_into_a_name() -> None:
    assert numbered("a.jpg", 1) == "a.jpg"
    assert numbered("a.jpg", 2) == "a-2.jpg"
    assert numbered("archive", 3) == "archive-3"
    assert len(numbered("ü" * 120 + ".jpg", 12).encode()) <= 255


hostile = st.text(st.characters(), max_size=300) | st.sampled_from(
    [
        "con",
        "CON.",
        "a/b",
        "a_b",
        "A_b",
        "unsure",
        "ﬁ",
        "fi",
        "Straße",
        "STRASSE",
        "é",
        "e\u0301",
        "x ",
        " x",
        ".",
    ]
)


@pytest.mark.slow
@given(st.lists(hostile, min_size=1, max_size=12, unique=True))
def test_any_classes_get_folders_that_every_file_system_takes(classes: list[str]) -> None:
    folders = folder_names(classes)
    assert len({same(name) for name in folders} | {same("unsure")}) == len(classes) + 1
    for name in folders:
        assert 0 < len(name.encode("utf-8")) <= 255
        assert not set(name) & set('<>:"/\\|?*\0')
        assert all(unicodedata.category(c) != "Cc" for c in name)
        assert name[0] != "."
        assert name[-1] not in ". "
        assert name.split(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1", "lpt9"}


@given(hostile)
def test_a_safe_name_stays_as_it_is(name: str) -> None:
    assert safe_name(safe_name(name)) == safe_name(name)
