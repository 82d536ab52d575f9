"""The report of a diagnosis: one file that is whole, light, safe, and begins with the answer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from example_diagnoses import (
    CURE,
    FAST,
    NEVER,
    PICTURES,
    SCRIPT,
    TAIL,
    WEIGHTS,
    finding,
    healthy,
    hostile,
    misused,
    sick,
    training,
)
from example_results import HOSTILE, TINY
from page_reader import Reader
from scripts import PREDICTION
from test_contrast import DARK, LIGHT, colour, contrast

from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Diagnosis, NotChecked
from valscope.nouns.pipeline import Pipeline
from valscope.nouns.preparation import Preparation
from valscope.nouns.training import Serving
from valscope.nouns.trial import Change
from valscope.report.diagnosis_html import diagnosis_html

CASES = {
    "sick": sick(),
    "misused": misused(),
    "healthy": healthy(),
    "hostile": hostile(),
    "nothing": Diagnosis(),
}


def text(diagnosis: Diagnosis, **about: object) -> str:
    return Reader(diagnosis_html(diagnosis, **about)).text  # type: ignore[arg-type]


def cells(page: str) -> str:
    """The text of a part of a page, with a blank between the cells of its tables."""
    return re.sub(r"\s+", " ", Reader(re.sub(r"(?=<t[dh])", " ", page)).text)


def section(page: str, name: str) -> str:
    return page.split(f'id="{name}"')[1].split("</section>")[0]


@pytest.mark.parametrize("name", CASES)
def test_the_page_is_whole(name: str) -> None:
    page = diagnosis_html(CASES[name])
    Reader(page)
    page.encode("utf-8")
    for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL):
        assert ElementTree.fromstring(svg).findtext("title")


@pytest.mark.parametrize("name", CASES)
def test_the_page_loads_nothing_and_runs_nothing(name: str) -> None:
    reader = Reader(diagnosis_html(CASES[name]))
    assert not {tag for tag, _ in reader.tags} & {"script", "iframe", "object", "embed", "form", "base"}
    for tag, attributes in reader.tags:
        assert not [key for key in attributes if key.startswith("on")]
        for key in ("src", "href", "xlink:href", "srcset", "data"):
            assert (attributes.get(key) or "data:").startswith("data:"), (tag, attributes)


def test_hostile_names_are_shown_as_text() -> None:
    page = diagnosis_html(hostile(), sources={HOSTILE[0]: HOSTILE[1]}, pictures={HOSTILE[0]: HOSTILE[1]})
    shown = Reader(page).text
    assert "<script>alert(1)</script>" in shown
    assert "{{ 31337 * 3 }}{% raw %}" in shown and "94011" not in shown
    assert not set(page) & set("\x1b\x00\u202e\udce9")


def test_it_begins_with_the_main_cause_and_its_verdict() -> None:
    shown = text(sick())
    first = shown.split("Mended")[0]
    assert (
        "CONFIRMED S101 class never trained Class 2 is never trained: the last 1311 of 4367 rows validate"
        in first
    )
    assert "Mended, the accuracy goes from 61.4 % to 96.7 % on 300 untouched images, 3 seeds" in shown
    assert "2 confirmed · 1 suspected · 1 by the way · 4 acquitted · 2 not checked · 19 checks" in shown


def test_a_healthy_case_says_so_and_what_was_checked() -> None:
    shown = text(healthy())
    assert "Nothing wrong found." in shown
    assert "Checked: class weight, overfits, images scored" in shown
    assert "Nothing in what was given could be judged: looked for logs" in text(Diagnosis())


def test_remarks_alone_are_no_cause() -> None:
    remark = replace(NEVER, minor=True, trial=None)
    assert "No cause of trouble found; only remarks by the way." in text(Diagnosis((remark,), checked=("a",)))


def test_what_an_experiment_confirmed_comes_first() -> None:
    suspected = finding("P101", "scale", "A first suspicion 1.", verdict="SUSPECTED", weight=0.99)
    symptom = finding("L305", "errors", "A symptom 2.", verdict="PROVED", weight=0.4)
    shown = text(Diagnosis((suspected, symptom, NEVER), checked=("a",)))
    assert shown.index("Class 2 is never") < shown.index("A first suspicion") < shown.index("A symptom")


def test_each_finding_has_its_experiment_with_numbers() -> None:
    shown = Reader(section(diagnosis_html(sick(), training=training()), "finding-1")).text
    assert "+34.9 points [+32.0, +37.8]" in shown
    assert "a gap of 57.0 points, of which the change brings 61 %" in shown
    assert "300 untouched images, 3 seeds" in shown
    assert "108 images only after, 3 only before" in shown
    assert "p < 0.0001 (exact McNemar over all seeds); p < 0.0001 after Holm's correction" in shown
    assert "1.3 points between seeds of one arm" in shown
    assert "reproduced by the control within its interval" in shown
    assert "reported 41.9 %" in shown


def test_the_lines_that_it_rests_on_are_quoted() -> None:
    shown = Reader(section(diagnosis_html(sick()), "finding-1")).text
    assert "train.py:20 validation_split=0.3," in shown
    many = replace(NEVER, evidence=tuple(Source("log.txt", i, f"line {i}") for i in range(1, 30)))
    assert "and 17 more lines" in text(Diagnosis((many,), checked=("a",)))


def test_an_image_that_it_rests_on_is_shown() -> None:
    assert f'<img src="{TINY}"' in diagnosis_html(sick(), pictures=PICTURES)
    assert "<img" not in diagnosis_html(sick())
    forged = dict.fromkeys(PICTURES, "https://example.org/x.png")
    assert "<img" not in diagnosis_html(sick(), pictures=forged)


def test_the_remedy_is_a_diff_of_the_recipe_and_a_patch_of_the_code() -> None:
    page = section(diagnosis_html(sick(), training=training(), sources={"train.py": SCRIPT}), "finding-2")
    shown = cells(page)
    assert "learning rate 0.01 0.0001" in shown
    assert '<span class="removed">-model.compile(optimizer=Adam(lr=0.01), loss=' in page
    assert '<span class="added">+model.compile(optimizer=Adam(lr=0.0001), loss=' in page
    assert 'class="patch"' not in diagnosis_html(sick(), training=training())


def test_a_fault_of_use_is_patched_where_the_code_predicts() -> None:
    loads, trains = PREDICTION.split("\n").index("    test_image = image.img_to_array(test_image)"), 1
    said = (
        ("preparation.scale", Source("p.py", trains, "import os")),
        ("served.preparation", Source("p.py", loads, "load_img")),
    )
    pipeline = Pipeline(Preparation(115, 45))
    serving = Serving(
        "m.keras", "photos", pipeline, pipeline.but(preparation=Preparation(115, 45, scale="none")), said=said
    )
    page = diagnosis_html(misused(), serving=serving, sources={"p.py": PREDICTION})
    assert '<span class="added">+    test_image = test_image / 255.0' in page
    assert page.count('class="added"') == 1


def test_acquittals_tell_their_numbers_once_and_have_their_picture() -> None:
    page = section(diagnosis_html(sick()), "acquitted")
    shown = Reader(page).text
    assert "58.0 to 57.9 % [-2.2, +2.0], less than a quarter of the gap of 57.0 points" in shown
    assert page.count("<svg") == 3 and "by arithmetic" in shown
    told = Acquittal(
        "class weights",
        "tried without them, 58.0 to 57.9 % [-2.2, +2.0]: not the cause.",
        "REFUTED",
        trial=WEIGHTS,
    )
    again = section(diagnosis_html(Diagnosis((NEVER,), (told,), checked=("a",))), "acquitted")
    assert Reader(again).text.count("[-2.2, +2.0]") == 1


def test_what_was_not_checked_says_what_would_settle_it() -> None:
    shown = cells(section(diagnosis_html(sick()), "not-checked"))
    assert "what was saved no model was given the saved model (.keras or .h5)" in shown


def test_assumptions_stand_once() -> None:
    shown = text(sick(), training=training())
    assert shown.count("Keras' default initialisation was used") == 1
    assert "Weights start as Keras draws them; the script names no seed." in shown
    assert "Assumed for this experiment alone: Rows keep the order" in shown


def test_a_trial_that_decided_nothing_says_why() -> None:
    weak = replace(TAIL, ruling="SUSPECTED", words="mended, 61.4 to 96.3 %: too weak a trial")
    shown = text(Diagnosis((replace(NEVER, verdict="SUSPECTED", trial=weak),), checked=("a",)))
    assert "too weak a trial" in shown and "that does not settle it" in shown


def test_the_cure_is_shown_first() -> None:
    page = diagnosis_html(sick())
    assert page.index("All remedies together") < page.index('id="finding-1"')
    assert CURE.n == 300


def test_without_a_cure_the_main_causes_own_trial_is_shown_first() -> None:
    page = diagnosis_html(replace(sick(), cure=None))
    assert "All remedies together" not in page
    assert page.index("Before and after") < page.index('id="finding-1"')


def test_one_tried_finding_is_not_judged_by_the_cure() -> None:
    """The cure of a single finding is its own trial again, less certain: the page must not contradict the verdict."""
    unsure = replace(CURE, ruling="SUSPECTED", words="all remedies together decide nothing")
    alone = Diagnosis((NEVER,), checked=("a",), cure=unsure)
    for shown in (diagnosis_html(alone), text(alone)):
        assert "that does not settle it" not in shown and "decide nothing" not in shown


def test_what_fix_trained_is_told() -> None:
    shown = text(sick())
    assert "Mended: trained again as mended/run by mended/mended.json: 97.9 %" in shown
    assert "Mended: trained again" in text(replace(sick(), cure=None))


def test_proved_and_confirmed_are_both_said() -> None:
    both = Diagnosis((replace(NEVER, verdict="PROVED"),), checked=("a",))
    assert text(both).count("PROVED CONFIRMED") == 2


def test_an_acquittal_because_something_is_there_shows_both_arms() -> None:
    shown = cells(section(diagnosis_html(sick()), "acquitted"))
    assert (
        "nothing to learn a linear probe learns the labels to 98 %, dealt-out labels to 34 %. Accuracy of"
        in shown
    )


@pytest.mark.slow
@pytest.mark.parametrize("length", [1, 3000])
def test_even_many_long_findings_stay_below_one_megabyte(length: int) -> None:
    words: Sequence[str] = ["<&>\"' " * length] * 30
    changes = tuple(Change(w, w, w) for w in words)
    bad = replace(
        FAST, claim=words[0], remedy=words[0], cannot_tell=words[0], explains=tuple(words),
        evidence=tuple(Source(w, i, w) for i, w in enumerate(words)), trial=replace(TAIL, changes=changes, assumed=tuple(words)),
    )  # fmt: skip
    page = diagnosis_html(
        Diagnosis(
            (bad,) * 200,
            (Acquittal(words[0], words[0]),) * 200,
            (NotChecked(*words[:3]),) * 200,
            tuple(words),
        )
    )
    assert len(page.encode()) < 1_000_000
    assert "more outcomes would make this page too large; the JSON has all" in Reader(page).text


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("letters", "over"), [("accent", "hit"), ("warn", "miss")])
def test_lines_of_a_patch_can_be_read(theme: dict[str, str], letters: str, over: str) -> None:
    tint, paper = colour(theme[over]), colour(theme["faint"])
    ground = tuple(0.09 * t + 0.91 * p for t, p in zip(tint, paper, strict=True))
    assert contrast(colour(theme[letters]), ground) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_verdicts_can_be_read(theme: dict[str, str]) -> None:
    assert contrast(colour(theme["on-miss"]), colour(theme["warn"])) >= 4.5
