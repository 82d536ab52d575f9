"""Five reports and their counter-twins: with one number, count, order or line changed so that a law no longer
holds, what it proved is proved no more. Figures are those of published reports; prose and code are our own."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import Case
from valscope.case.inputs import Given
from valscope.diagnosis import diagnose
from valscope.nouns.finding import Diagnosis, Finding

REPORTS = Path(__file__).parent / "reports"


def judge(text: str) -> Diagnosis:
    return diagnose(Case((Given("report.txt", "text", content=text.encode()),)))


def report(name: str) -> str:
    return (REPORTS / f"{name}.txt").read_text("utf-8")


def proved(diagnosis: Diagnosis, code: str) -> list[Finding]:
    return [f for f in diagnosis.findings if f.code == code and f.verdict == "PROVED"]


PROVED = {
    "sorted_rows": {"S101", "L101"},
    "prediction_differs": {"L103", "L302", "L303", "L305"},
    "one_answer": {"L101", "L205"},
    "summaries": {"M109"},
    "copied_log": {"L301", "L201", "L101"},
}
SUSPECTED = {
    "sorted_rows": set(),
    "prediction_differs": {"P101", "P102", "P106", "P107", "P108"},
    "one_answer": {"L202", "P103", "P104", "M104", "M107", "S103", "S104"},
    "summaries": {"L208"},
    "copied_log": {"G101"},
}
ACQUITTED = {
    "sorted_rows": {"class_weight", "overfitting"},
    "prediction_differs": {"overfitting"},
    "one_answer": {"overfitting", "binary_crossentropy on exclusive classes"},
    "summaries": {"activation='relu' as an argument instead of a layer"},
    "copied_log": set(),
}


@pytest.mark.parametrize("name", sorted(PROVED))
def test_a_report_is_told_whole_and_nothing_false(name: str) -> None:
    found = judge(report(name))
    assert {f.code for f in found.findings if f.verdict == "PROVED"} == PROVED[name]
    assert {f.code for f in found.findings if f.verdict == "SUSPECTED"} == SUSPECTED[name]
    assert {a.suspect for a in found.acquitted} == ACQUITTED[name]


def test_a_summary_of_the_code_beside_it() -> None:
    def against_code(text: str) -> list[Finding]:
        return [f for f in proved(judge(text), "M109") if f.numbers["between"] == "summary-code"]

    text = report("summaries")
    assert "252 x 252 becomes 126 x 126" in against_code(text)[0].claim
    first, second = text.split("活性化を層にすると", 1)
    assert not against_code(first.replace("pool_size=(2, 2)", "pool_size=(3, 3)") + second)


def test_the_composition_of_a_tail() -> None:
    (cause,) = proved(judge(report("sorted_rows")), "S101")
    n = cause.numbers
    assert n["composition"] == (0, 551, 760)
    assert n["trained"] == 3056
    assert n["order"] == (0, 1, 2)
    assert (n["orders_tried"], n["orders_fit"]) == (6, 1)
    assert (n["figures"], n["limited"], n["within_0.002"]) == (50, 49, 27)
    assert n["ceiling"] == pytest.approx(551 / 1311)
    assert n["best"] == 550


def test_scored_images_that_change_from_epoch_to_epoch() -> None:
    (finding,) = proved(judge(report("prediction_differs")), "L103")
    assert finding.numbers["sizes"] == (640, 616)
    assert "epochs 1 and 22 scored 640, 30 epochs scored 616" in finding.claim


def test_limits_of_a_loss() -> None:
    (finding,) = proved(judge(report("one_answer")), "L205")
    limits = dict(zip(zip(finding.numbers["columns"], finding.numbers["at"]), finding.numbers["limits"]))  # type: ignore[arg-type]
    assert limits["val_loss", 3] == pytest.approx(8.94, abs=0.01)
    assert limits["loss", 2] == pytest.approx(7.01, abs=0.01)


TWINS = [
    ("sorted_rows", "validation_split=0.3", "validation_split=0.25", "S101"),
    ("sorted_rows", "760", "761", "S101"),
    ("sorted_rows", "1472", "1452", "S101"),
    ("sorted_rows", "5.746052631578947", "5.646052631578947", "S101"),
    ("sorted_rows", "2.9667119565217392", "2.7667119565217392", "S101"),
    ("sorted_rows", "val_loss: 54.0184", "val_loss: 64.0184", "S101"),  # more than the wrong answers can cost
    ("sorted_rows", "val_loss: 54.0184", "val_loss: 44.0184", "S101"),  # less than the untrained class costs alone
    ("sorted_rows", "val_acc: 0.4195", "val_acc: 0.4233", "S101"),  # 555 right of 551 that can be
    ("sorted_rows", "val_acc: 0.4195", "val_acc: 0.4194", "S101"),  # no fraction of 1311
    ("sorted_rows", "val_acc: 0.4195", "val_acc: 0.4194", "L101"),
    ("sorted_rows", ", class_weight=weights", "", "S101"),  # then the loss is ten times too large
    ("sorted_rows", "2135 of class 0, 1472 of class 1 and 760", "760 of class 0, 1472 of class 1 and 2135", "S101"),
    ("prediction_differs", "val_acc: 0.9432", "val_acc: 0.9433", "L103"),  # 581.1 of 616, 603.7 of 640
    ("prediction_differs", "batch_size=32", "batch_size=30", "L103"),
    ("prediction_differs", "648", "651", "L103"),
    ("prediction_differs", "478 (79%)", "478 (74%)", "L302"),
    ("prediction_differs", "478 (79%)", "478 (73%)", "L302"),
    ("prediction_differs", "98.8%", "97.8%", "L305"),
    ("prediction_differs", "statt 324, davon stimmen 67.3%", "statt 334, davon stimmen 67.3%", "L305"),
    ("prediction_differs", "auf 98.38%", "auf 97.24%", "L303"),  # the saved epoch itself
    ("prediction_differs", "auf 98.38%", "auf 98.39%", "L303"),
    ("one_answer", "val_acc: 0.5351", "val_acc: 0.5350", "L101"),
    ("one_answer", "val_acc: 0.4632", "val_acc: 0.4633", "L101"),
    ("one_answer", "binary_crossentropy", "mse", "L205"),
    ("one_answer", "Dense(2, activation='softmax')", "Dense(2, activation='softmax', kernel_regularizer=l2(0.1))", "L205"),
    ("copied_log", "loss: 1.3896 - acc: 0.2547", "loss: 1.3897 - acc: 0.2547", "L301"),
    ("copied_log", "val_loss: 1.3964 - val_acc: 0.96", "val_loss: 1.2964 - val_acc: 0.96", "L301"),
    ("copied_log", "val_acc: 0.2469", "val_acc: 0.5469", "L201"),
    ("copied_log", "val_loss: 1.3892 - val_acc: 0.2469", "val_loss: 1.0892 - val_acc: 0.2469", "L201"),
    ("copied_log", "val_acc: 0.7906", "val_acc: 0.7907", "L101"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new", "code"), TWINS)
def test_a_twin_whose_law_fails_proves_nothing(name: str, old: str, new: str, code: str) -> None:
    text = report(name)
    assert old in text
    assert proved(judge(text), code)
    assert not proved(judge(text.replace(old, new)), code)


CODE_TWINS = [
    ("prediction_differs", "picture = img_to_array(load_img(name, target_size=(115, 45)))", "picture = img_to_array(load_img(name, target_size=(115, 45))) / 255.", "P101"),
    ("prediction_differs", "score[0][0] == 1", "score[0][0] > 0.5", "P102"),
    ("prediction_differs", "LOAD_TRUNCATED_IMAGES = True", "LOAD_TRUNCATED_IMAGES = False", "P106"),
    ("one_answer", "pixels / np.max(pixels)", "pixels / 255.", "P103"),
    ("one_answer", "pixels / np.max(pixels)", "preprocess_input(pixels)", "P103"),
    ("one_answer", "layer.trainable = False", "layer.trainable = True", "M104"),
    ("one_answer", "chosen = random.randint(0, len(self.files) - 1)", "chosen = index * self.batch_size + i", "S103"),
    ("one_answer", "val_acc: 0.4632", "val_acc: 0.5632", "L202"),
    ("summaries", "33.33%", "36.33%", "L208"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "code"), CODE_TWINS)
def test_a_twin_of_the_code_is_not_suspected(name: str, old: str, new: str, code: str) -> None:
    text = report(name)
    assert old in text
    assert code in {f.code for f in judge(text).findings}
    assert code not in {f.code for f in judge(text.replace(old, new)).findings}
