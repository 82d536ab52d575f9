"""The report of a training: one file that is whole, light, safe and true to its result."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest
from example_results import HOSTILE, TINY, TRASH, history, hostile, mistakes, recipe, sample, scores, share
from page_reader import Reader

from valscope.nouns.dataset import Notice
from valscope.nouns.preparation import Preparation
from valscope.nouns.recipe import ModelSpec
from valscope.nouns.result import Baseline, Result
from valscope.report.run_html import run_html
from valscope.words.plain import percent
from valscope.words.plain import share as shown


def page(result: Result, rows: list[dict[str, Any]] | None = None, **changes: Any) -> str:
    return run_html(result, recipe(result.classes, **changes), history(31) if rows is None else rows)


CASES: dict[str, tuple[Result, list[dict[str, Any]]]] = {
    "six classes": (sample(), history(31, (("head", 10), ("all", 99)))),
    "two classes, one epoch": (sample(("yes", "no"), n=50, validation=None), history(1)),
    "one image": (sample(("yes", "no"), counts=((1, 0), (0, 0)), mistakes=(), optimism=None), history(2)),
    "all right": (sample(("yes", "no"), counts=((40, 0), (0, 50)), mistakes=()), history(5)),
    "nothing scored": (
        sample(("yes", "no"), counts=((0, 0), (0, 0)), n=0, mistakes=(), baselines=(), unsure=None), [],
    ),
    "bare": (
        sample(baselines=(), optimism=None, calibration=None, unsure=None, validation=None, split=(), notes=(),
               versions={}, mistakes=(), parameters=0, seconds=0.0, epochs=0,
               scores=scores(TRASH, sample().scores.confusion)), [],
    ),
    "diverged": (sample(), [{"epoch": i, "stage": "all", "loss": float("nan"), "accuracy": 0.2, "val_loss": None,
                             "val_accuracy": 0.1, "rate": 1.0, "seconds": 1.0} for i in (1, 2, 3)]),
    "200 epochs": (sample(tuple("鳥猫鹿犬蛙馬船"), n=10_000), history(200)),
    "hostile": (hostile(), [row | {"stage": HOSTILE[row["epoch"] % 8]} for row in history(30)]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_whole(name: str) -> None:
    result, rows = CASES[name]
    html = page(result, rows)
    Reader(html)
    html.encode("utf-8")
    svgs = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert [ElementTree.fromstring(svg).findtext("title") for svg in svgs].count("") == 0


@pytest.mark.parametrize("name", CASES)
def test_the_page_loads_nothing_and_runs_nothing(name: str) -> None:
    reader = Reader(page(*CASES[name]))
    assert not {tag for tag, _ in reader.tags} & {
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "audio",
        "video",
    }
    for tag, attributes in reader.tags:
        assert not [key for key in attributes if key.startswith("on")]
        for key in ("src", "href", "xlink:href", "action", "srcset", "data"):
            assert (attributes.get(key) or "data:").startswith("data:"), (tag, attributes)
    policy = next(a["content"] for t, a in reader.tags if t == "meta" and a.get("http-equiv"))
    assert policy and policy.startswith("default-src 'none'")


def test_no_address_stands_anywhere_in_the_page() -> None:
    html = page(sample())
    assert "://" not in html and "url(" not in html and "@import" not in html


def test_hostile_names_are_shown_as_text() -> None:
    html = page(*CASES["hostile"], data=HOSTILE[1])
    text = Reader(html).text
    assert "<script>alert(1)</script>" in text
    assert "\"><img src=x onerror='alert(1)'>" in text
    assert "{{ 31337 * 3 }}{% raw %}" in text and "94011" not in text
    assert not set(html) & set("\x1b\x00\u202e\udce9")


def test_forty_classes_and_24_thumbnails_stay_below_one_megabyte() -> None:
    names = tuple(f"class number {i} with quite a long name" for i in range(40))
    result = sample(names, n=4000, accuracy=0.75)
    picture = "data:image/jpeg;base64," + base64.b64encode(bytes(4096)).decode()
    result = replace(result, mistakes=mistakes(names, result.scores.confusion, 24, picture))
    html = page(result, history(200))
    assert html.count(picture) == 24
    assert len(html.encode()) < 1_000_000


@pytest.mark.slow
def test_even_a_thousand_classes_long_names_and_large_pictures_stay_below_one_megabyte() -> None:
    names = tuple(f"{i:04d} {'ü' * 400}" for i in range(1000))
    result = sample(names, n=20_000, accuracy=0.5)
    picture = "data:image/png;base64," + base64.b64encode(bytes(60_000)).decode()
    result = replace(
        result,
        mistakes=mistakes(names, result.scores.confusion, 300, picture),
        notices=tuple(Notice("damaged", "x" * 5_000, names) for _ in range(40)),
    )
    config = json.dumps({"layers": ["x" * 50] * 5_000})
    html = page(result, history(5_000), model=ModelSpec("config", config=config))
    assert len(html.encode()) < 1_000_000
    assert 1 < html.count(picture) < 10
    assert "100 classes of 1,000" in html


def test_the_number_stands_first_with_its_interval_and_its_images() -> None:
    result = sample()
    text = Reader(page(result)).text
    number = shown(result.scores.accuracy)
    assert number in text.split("balanced accuracy")[0]
    assert f"{result.scores.n} test images that chose nothing" in text
    assert f"{shown(result.scores.balanced)} balanced accuracy" in text
    for baseline in result.baselines:
        assert shown(baseline.accuracy) in text


def test_the_tables_show_the_results_own_numbers() -> None:
    result = sample()
    html = page(result)
    for c in result.scores.per_class:
        row = re.search(
            rf"<tr><th scope=\"row\"><bdi>{c.name}</bdi></th><td class=\"n\">.*?</tr>", html, re.DOTALL
        )
        assert row is not None
        text = Reader(f"<table>{row[0]}</table>").text
        assert f"{c.n}" in text
        assert re.findall(r"<span>(.*?)</span>", row[0]) == [shown(c.recall), shown(c.precision)]
    for name, *counts in zip(result.classes, *(row.counts for row in result.split), strict=True):
        cells = "".join(f'<td class="n">{n:,}</td>' for n in [*counts, sum(counts)])
        assert f"<bdi>{name}</bdi></th>{cells}" in html
    table = re.search(r"<table class=\"matrix.*?</table>", html, re.DOTALL)
    assert table is not None
    body = ElementTree.fromstring(table[0]).find("tbody")
    assert body is not None
    cells_shown = [[int(cell.text or 0) for cell in row.iter("td")] for row in body]
    assert cells_shown == [list(row) for row in result.scores.confusion]


def test_the_worst_recall_comes_first() -> None:
    result = sample()
    html = page(result).split('id="classes"')[1].split("</section>")[0]
    order = re.findall(r"<bdi>(\w+)</bdi></th>", html)
    recalls = {c.name: c.recall.value or 0.0 for c in result.scores.per_class}
    assert order == sorted(order, key=lambda name: recalls[name]) and len(order) == 6


def test_mistakes_have_name_truth_prediction_and_probability() -> None:
    result = sample()
    html = page(result)
    text = Reader(html).text
    assert html.count(f'src="{TINY}"') == len(result.mistakes) == 24
    first = result.mistakes[0]
    assert f"called {first.predicted} {percent(first.probability, 50)} is {first.true} {first.name}" in text
    wrong = result.scores.n - result.scores.accuracy.k
    assert f"{wrong} images of 379 named wrong; the 24 it was surest of." in text


def test_without_a_mistake_it_says_so() -> None:
    assert "None: all 90 images were named right." in Reader(page(*CASES["all right"])).text


def test_a_thumbnail_that_is_no_picture_is_left_out() -> None:
    for forged in (
        "https://x.org/a.png",
        "data:text/html,<b>",
        'data:image/png;base64,AAAA" onload="x',
        "javascript:1",
    ):
        result = sample(mistakes=mistakes(TRASH, sample().scores.confusion, 1, forged))
        html = page(result)
        assert "<img" not in html and "no picture" in html


def test_what_choosing_the_epoch_adds_is_said() -> None:
    text = Reader(page(sample())).text
    assert "Epoch 22 of 31 was kept" in text and "1.3 points too good" in text


def test_stages_are_named_where_they_begin() -> None:
    charts = page(*CASES["six classes"]).split('id="curves"')[1].split("</section>")[0]
    assert charts.count(">head only<") == charts.count(">all layers<") == 2
    assert ">all layers<" not in page(sample(), history(31)).split('id="curves"')[1].split("</section>")[0]


def test_the_epoch_with_the_lowest_validation_loss_is_marked() -> None:
    rows = history(31)
    lowest = min(rows, key=lambda row: row["val_loss"])["epoch"]
    assert page(sample(), rows).count(f">lowest validation loss: epoch {lowest}<") == 2


@pytest.mark.parametrize(
    ("hits", "words"),
    [(200, "above the best baseline, “rival”, and the intervals do not overlap."),
     (320, "above the best baseline, “rival”, but the intervals overlap"),
     (400, "The network is no better than the baseline “rival”")],
)  # fmt: skip
def test_the_network_is_weighed_against_its_best_baseline(hits: int, words: str) -> None:
    result = sample(("yes", "no"), counts=((170, 30), (30, 170)))
    rivals = (Baseline("weak", share(10, 400), ""), Baseline("rival", share(hits, 400), ""))
    assert words in Reader(page(replace(result, baselines=rivals))).text


def test_the_temperature_is_told_with_what_it_changes() -> None:
    text = Reader(page(sample())).text
    assert "temperature 1.42, fitted on 379 validation images" in text
    assert "misses by 2.1 points on average, without the temperature by 8.1 points" in text


def test_epochs_without_a_number_are_said() -> None:
    assert "No finite number in 3 of 3 epochs, first in epoch 1." in Reader(page(*CASES["diverged"])).text


def test_groups_are_counted_instead_of_images() -> None:
    result = sample()
    grouped = replace(result, scores=replace(result.scores, groups=41))
    assert "counts 41 groups and not 379 images" in Reader(page(grouped)).text


def test_the_whole_recipe_can_be_read_back() -> None:
    made = recipe(TRASH, preparation=Preparation(45, 115, colour="grey"))
    html = run_html(sample(), made, [])
    block = re.search(r"as JSON</summary>\s*<pre>(.*?)</pre>", html, re.DOTALL)
    assert block is not None and "\n" in block[1]
    from html import unescape

    from valscope.codec import from_plain
    from valscope.nouns.recipe import Recipe

    assert from_plain(Recipe, json.loads(unescape(block[1]))) == made


def test_the_sentence_about_new_images() -> None:
    text = Reader(page(sample(n=379))).text
    assert "Of 100 new images like these, expect about 89 to be named right; " in text
    assert "the evidence allows anything from 85 to 92." in text
    nearly = sample(("yes", "no"), counts=((495, 5), (3, 497)))
    assert "Of 1,000 new images like these, expect about 8 to be named wrong" in Reader(page(nearly)).text
    perfect = sample(("yes", "no"), counts=((20, 0), (0, 0)), mistakes=())
    low = round(100 * share(20, 20).low)
    assert f"All 20 images were named right; even so, as few as {low} of 100" in Reader(page(perfect)).text
