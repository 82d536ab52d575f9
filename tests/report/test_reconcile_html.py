"""The pages of reconcile and compare-paths: whole, safe, and true to what was found."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from example_reconciliations import bare, difference, equal, hostile, sample
from example_results import HOSTILE, TINY
from page_reader import Reader

from valscope.report.charts.grid import grid_chart
from valscope.report.charts.waterfall import waterfall_chart
from valscope.report.path_html import path_html
from valscope.report.path_text import path_lines
from valscope.report.reconcile_html import reconcile_html
from valscope.report.reconcile_text import reconcile_lines

BAD = HOSTILE[0] + HOSTILE[1]
PAGES = {
    "sample": reconcile_html(sample(), {"/photos/cat/1.jpg": TINY}),
    "bare": reconcile_html(bare()),
    "hostile": reconcile_html(hostile(), {BAD: f'{TINY}" onload="x'}),
    "paths": path_html(difference()),
    "equal paths": path_html(equal()),
    "hostile paths": path_html(difference(BAD)),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_whole_and_runs_nothing(name: str) -> None:
    html = PAGES[name]
    reader = Reader(html)
    html.encode("utf-8")
    assert len(html) < 1_000_000
    assert not [
        tag for tag, _ in reader.tags if tag in ("script", "iframe", "object", "link") and tag != "link"
    ]
    assert not [value for _, given in reader.tags for key, value in given.items() if key.startswith("on")]
    sources = [given.get("src") or "" for tag, given in reader.tags if tag == "img"]
    assert all(source.startswith("data:image/") for source in sources)
    for svg in re.findall(r"<svg.*?</svg>", html, re.DOTALL):
        assert ElementTree.fromstring(svg).findtext("title")


def test_both_ends_and_every_step_are_shown() -> None:
    text = Reader(PAGES["sample"]).text
    assert "as trained90.7 % [86.8, 93.7]" in text and "as used24.7 % [19.9, 29.9]" in text
    assert "channel order -40.7 [-46.0, -35.0] points" in text
    assert "resize -0.3 [-2.0, +1.0] points, within chance" in text
    assert (
        "channel order and scale are not additive: together they lose 35.0 points [30.0, 40.0] less" in text
    )


def test_the_line_to_change_is_quoted_with_what_to_write() -> None:
    html = PAGES["sample"]
    patch = re.findall(r'<pre class="patch">(.*?)</pre>', html, re.DOTALL)
    assert len(patch) == 3  # steps beyond chance; the third is within
    assert "gen = ImageDataGenerator(rescale=1./255)   # training" in patch[1]
    assert '<span class="removed">- img = cv2.imread(path)</span>' in patch[1]
    assert '<span class="added">+ x = x.astype(&#x27;float32&#x27;) / 255.0</span>' in patch[1]
    assert "predict.py:6" in Reader(html).text


def test_the_snippet_keeps_its_lines() -> None:
    block = re.search(r"<pre>(.*?)</pre>", PAGES["sample"], re.DOTALL)
    assert block is not None and block[1].splitlines()[-1] == "    pass" and "if a &lt; b:" in block[1]


def test_the_grid_has_axes_as_rows_and_marks_ties_and_claims() -> None:
    table = ElementTree.fromstring(grid_chart(sample().variants, {"scale: 0..255 as they are": [0.25]}))
    rows = {row.findtext("h3"): ["".join(cell.itertext()) for cell in row.iter("li")] for row in table}
    assert list(rows) == [
        "reference",
        "scale",
        "channel order",
        "resize",
        "EXIF",
        "several at once",
        "metric",
    ]
    assert rows["scale"] == ["0..255 as they are25.0 % [20.2, 30.3]claimed 25.0 %"]
    assert rows["channel order"][0].endswith("of 32")
    assert rows["resize"][0].endswith("tied") and rows["EXIF"][0].endswith("same answers")
    kinds = {cell.attrib["class"] for cell in table.iter("li")}
    assert {"s8 best", "s8 tied", "s2", "s5"} <= kinds


def test_a_more_accurate_cell_is_darker() -> None:
    cells = re.findall(r'class="s(\d).*?"value">([\d.]+) %', reconcile_html(sample()))
    by_accuracy = [int(shade) for shade, _ in sorted(cells, key=lambda cell: float(cell[1]))]
    assert len(cells) == len(sample().variants) and by_accuracy == sorted(by_accuracy)
    assert len(set(by_accuracy)) == 3


def test_bars_of_the_waterfall_hang_on_one_another() -> None:
    svg = ElementTree.fromstring(waterfall_chart(sample().waterfalls[0]))
    bars = [(r.attrib["class"], float(r.attrib["x"]), float(r.attrib["width"])) for r in svg.iter("rect")]
    assert [kind for kind, _, _ in bars] == ["kept", "lost", "lost", "chance", "kept"]
    (_, x0, w0), (_, x1, w1), (_, x2, w2), *_ = bars
    assert x1 + w1 == pytest.approx(x0 + w0, abs=0.1) and x2 + w2 == pytest.approx(x1, abs=0.1)


def test_a_step_that_gains_is_not_drawn_as_a_loss() -> None:
    whole = sample().waterfalls[0]
    up = replace(whole.falls[0], accuracy=whole.start, lost=-0.4, low=-0.45, high=-0.35)
    raised = replace(whole, start=whole.end, falls=(up,))
    assert "gained" in waterfall_chart(raised) and "+40.0 [+35.0, +45.0]" in waterfall_chart(raised)


def test_a_claim_that_nothing_explains_is_said() -> None:
    text = Reader(PAGES["sample"]).text
    assert "98.4 %as given nothing that was tried" in text
    assert "25.0 %train.log:12 scale: 0..255 as they are" in text


def test_changed_images_have_both_answers_and_their_picture() -> None:
    html = PAGES["sample"]
    assert html.count(f'src="{TINY}"') == 1 and html.count("no picture") == 1
    assert "as trained a as used b" in Reader(html).text


def test_a_forged_picture_is_left_out() -> None:
    assert "<img" not in PAGES["hostile"]
    assert "javascript" not in PAGES["paths"]


def test_the_page_of_paths_names_each_stage_with_its_numbers_and_line() -> None:
    text = Reader(PAGES["paths"]).text
    assert "The two ways part at channel order, then at scale and size" in text
    assert "RGB → BGR" in text and "max |diff| 0.7, mean 0.1, 60 % of all values" in text
    assert "predict.py:6 img = cv2.imread(path)" in text
    assert "up to 1.2 is left" in text and "recognised as RGB" in text


def test_equal_paths_are_said_to_be_equal() -> None:
    text = Reader(PAGES["equal paths"]).text
    assert "PROVED EQUAL" in text and "Where they part" not in text


def test_the_lines_of_paths() -> None:
    lines = path_lines(difference())
    assert lines[0] == "PROVED  The two ways part at channel order."
    assert "  channel order     max |diff| 0.7, mean 0.1" in lines
    assert "      code  predict.py:6  img = cv2.imread(path)" in lines
    assert any("the shape" in line for line in lines)


def test_the_cell_of_the_pipeline_in_use_is_marked() -> None:
    used = replace(sample().variants[1], pipeline=sample().served or sample().reference)
    found = replace(sample(), variants=(sample().variants[0], used, *sample().variants[2:]))
    assert reconcile_html(found).count('class="mark used">in use<') == 1
    assert 'class="mark used"' not in PAGES["sample"]
    assert (
        [line for line in reconcile_lines(found) if line.endswith("in use")]
        == [line for line in reconcile_lines(found) if "0..255 as they are   in use" in line]
        != []
    )


@pytest.mark.parametrize("name", ["falls", "mends"])
def test_a_long_line_of_code_scrolls_by_itself_and_not_the_page(name: str) -> None:
    rule = re.search(rf"\.{name} {{([^}}]*)}}", PAGES["sample"])
    assert rule is not None and "grid-template-columns: minmax(0, 1fr)" in rule[1]
