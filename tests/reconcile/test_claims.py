"""Numbers that somebody saw: on how many images, whether on these, and whether the code in use gives them."""

from __future__ import annotations

import pytest
from seeing import TRUE, Formula, drawn

import valscope
from valscope.errors import UsageError
from valscope.reconciling.axes import with_value
from valscope.reconciling.claims import Said, elsewhere, may_give, parsed
from valscope.report.reconcile_html import reconcile_html
from valscope.report.reconcile_text import reconcile_lines
from valscope.scoring import share

pytestmark = pytest.mark.slow  # runs are trained and models scored, many seconds in all

FLAT = with_value("scale", "none", TRUE)  # a quarter is right: every image is taken for the first class


@pytest.mark.parametrize(
    ("text", "value", "n"),
    [("0.984", 0.984, None), ("98.4%", 0.984, None), ("98,4 %", 0.984, None), ("37/111", 37 / 111, 111),
     ("37 of 111", 37 / 111, 111), ("1 out of 10", 0.1, 10)],
)  # fmt: skip
def test_a_claim_is_read_with_the_images_that_it_counts(text, value, n):
    said = parsed(text)
    assert (said.value, said.n) == (pytest.approx(value), n)


@pytest.mark.parametrize("text", ["3/4", "112 of 111", "101%", "good", "-0.1"])
def test_what_is_no_accuracy_is_refused(text):
    with pytest.raises(UsageError, match="--claimed takes"):
        parsed(text)


def test_a_number_of_few_images_may_be_a_measured_one_that_the_same_number_of_many_may_not():
    measured = share(100, 400)
    assert may_give(Said(0.37, n=40), measured) and not may_give(Said(0.37, n=4000), measured)


def test_a_share_that_no_count_of_images_gives_was_seen_on_others():
    assert elsewhere(parsed("98.49 %"), 400) and not elsewhere(parsed("98.5 %"), 400)
    assert elsewhere(parsed("37/111"), 400) and not elsewhere(parsed("100/400"), 400)
    assert not elsewhere(parsed(0.25), 400)


def test_the_pipeline_in_use_is_the_first_way_to_a_number_that_it_gives():
    served = with_value("channel order", "bgr", with_value("class order", (1, 0, 3, 2), FLAT))
    found = valscope.reconcile(Formula(), drawn(), trained=TRUE, served=served, claimed=["28 of 111"])
    (claim,) = found.claims
    names = {v.name: v for v in found.variants}
    assert names[claim.matches[0]].pipeline == served, claim.matches
    assert (claim.n, claim.elsewhere) == (111, True)
    text = " ".join(" ".join(reconcile_lines(found)).split())
    assert (
        "25.2 % 28 of 111 images, others than the 160 looked at the pipeline in use (channel order: BGR"
        in text
    )
    page = reconcile_html(found)
    assert (
        "the pipeline in use (channel order: BGR" in page and "28 of 111 images, others than the 160" in page
    )


def test_a_number_that_neither_pipeline_gives_is_said_not_to_be_explained():
    found = valscope.reconcile(Formula(), drawn(), trained=TRUE, served=TRUE, claimed=["28/111"])
    assert (found.verdict, found.exit_code) == ("unmatched", 2)
    assert found.sentence.startswith(
        "25.2 % of 111 other images is not what the code in use gives on these images (8"
    )
    assert "what would give it: 9 of scale and" in found.sentence and "same pipeline" in found.sentence
    true = found.variants[0].accuracy.value
    well = valscope.reconcile(Formula(), drawn(), trained=TRUE, served=TRUE, claimed=[true])
    assert (well.verdict, well.exit_code) == ("equal", 0)


def test_a_fault_is_told_although_it_is_not_what_the_number_came_from():
    found = valscope.reconcile(Formula(), drawn(), trained=TRUE, served=FLAT, claimed=["0.6"])
    assert found.verdict == "fault" and "scale" in found.sentence
    assert any(note.startswith("60.0 % is not what the code in use gives") for note in found.notes)


def test_numbers_of_a_log_are_read_once_and_with_their_count(tmp_path):
    log = tmp_path / "log.txt"
    log.write_text("37 of 111 files were loaded\nright: 28 of 111\nAccuracy of prediction: 0.252\n")
    found = valscope.reconcile(Formula(), drawn(), log=log)
    assert [(round(c.value, 3), c.n) for c in found.claims] == [(0.252, 111)]


def test_what_cannot_be_told_from_the_reference_is_no_further_way(tmp_path):
    found = valscope.reconcile(Formula(), drawn(size=(20, 28)), trained=TRUE)
    found = valscope.reconcile(
        Formula(), drawn(size=(20, 28)), trained=TRUE, claimed=[found.variants[0].accuracy.value]
    )
    assert set(found.claims[0].matches) & (set(found.tied) - {"reference"})
    lines = reconcile_lines(found)
    at = lines.index("Which pipeline gives the number")
    said = lines[at + 2 : lines.index("", at)]
    assert said[0] == "      reference" and not {line.strip() for line in said[1:]} & set(found.tied)
