"""Numbers as words: as many digits as the images deserve, and never a rounded lie."""

from __future__ import annotations

import pytest
from example_results import share as counted
from hypothesis import given
from hypothesis import strategies as st

from valscope.nouns.result import Share
from valscope.words.plain import clean, count, duration, interval, listing, number, percent, share, shorten


def test_a_share_shows_its_exact_interval() -> None:
    assert share(counted(331, 379)) == "87.3 % [83.6, 90.5]"


@pytest.mark.parametrize(("n", "words"), [(20, "85 %"), (99, "85 %"), (100, "85.0 %"), (10_000, "85.00 %")])
def test_digits_are_about_as_fine_as_one_image(n: int, words: str) -> None:
    assert percent(0.85, n) == words


@pytest.mark.parametrize(
    ("k", "n", "words"),
    [(9_999, 10_000, "99.99 %"), (99_999, 100_000, ">99.99 %"), (1, 100_000, "<0.01 %"), (50, 50, "100 %"), (0, 50, "0 %")],
)  # fmt: skip
def test_almost_all_is_not_all(k: int, n: int, words: str) -> None:
    assert percent(k / n, n) == words


@given(st.integers(1, 200_000), st.data())
def test_100_and_0_percent_are_printed_only_when_true(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    words = percent(k / n, n)
    assert (words.startswith("100")) == (k == n)
    assert (float(words.strip("<> %")) == 0) == (k == 0)


def test_nothing_counted_is_a_dash() -> None:
    assert share(Share(None, 0.0, 1.0, 0, 0)) == "–"
    assert percent(float("nan"), 10) == "–"


def test_an_interval_in_percent() -> None:
    assert interval(0.8412, 0.9019, 379) == "[84.1, 90.2]"


def test_counts_lists_and_times() -> None:
    assert (count(1, "image"), count(1939, "image"), count(2, "class", "classes")) == (
        "1 image", "1,939 images", "2 classes",
    )  # fmt: skip
    assert listing(["a"]) == "a"
    assert listing(["a", "b", "c"]) == "a, b and c"
    assert listing(list("abcdefg")) == "a, b, c, d and 3 more"
    assert [duration(s) for s in (8.44, 59.98, 252, 3599.7, 11_100)] == [
        "8.4 s", "1 min 00 s", "4 min 12 s", "1 h 00 min", "3 h 05 min",
    ]  # fmt: skip
    assert (number(0.0012123), number(float("inf"))) == ("0.00121", "not finite")


def test_a_long_name_keeps_both_ends() -> None:
    assert shorten("x" * 50 + "_0017.jpg", 20) == "xxxxxxxxxx…_0017.jpg"
    assert shorten("short") == "short"


@given(st.text(), st.integers(5, 60))
def test_a_shortened_name_fits(name: str, most: int) -> None:
    assert len(shorten(name, most)) <= most


@given(st.text(st.characters()))
def test_a_cleaned_name_is_one_line_that_can_be_written(name: str) -> None:
    cleaned = clean(name)
    cleaned.encode("utf-8")
    assert not set(cleaned) & set("\x1b\n\r\t\x00\u202e\u2066\x9b")


def test_cleaning_leaves_ordinary_names_of_any_script_alone() -> None:
    for name in ("naïve café", "飛行機", "عربي", "👩‍🌾", "می‌خواهم", "{{7*7}} & <b>"):
        assert clean(name) == name
