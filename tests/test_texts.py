"""Twenty-two further texts in twelve languages and every form of log, with what each must bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from valscope.case import open_case
from valscope.diagnosis import diagnose

TEXTS = Path(__file__).parent / "texts"

# name: (form of the log, epochs), findings with their verdict, acquittals. Minor findings stand among the others.
EXPECTED: dict[str, tuple[tuple[str, int] | None, set[tuple[str, str]], set[str]]] = {
    "01_en_keras2_healthy": (("keras", 12), set(), set()),
    "02_de_keras3_healthy": (("keras", 14), set(), set()),
    "03_fr_csv_healthy": (("csv", 16), set(), set()),
    "04_es_pytorch_healthy": (("pytorch", 14), set(), set()),
    "05_pt_fastai_healthy": (("fastai", 9), set(), set()),
    "06_ru_lightning_healthy": (("lightning", 6), set(), set()),
    "07_ja_history_healthy": (("history", 6), set(), set()),
    "08_ko_verbose2_saturated": (("keras-verbose2", 6), {("L204", "PROVED")}, set()),
    "09_zh_sorted_unweighted": (("keras", 10), {("S101", "SUSPECTED"), ("S106", "SUSPECTED"), ("L203", "PROVED")}, {"overfitting"}),
    "10_pl_sorted_weighted": (("keras", 14), {("S101", "PROVED"), ("L101", "PROVED")}, {"class_weight", "overfitting"}),
    "11_tr_permuted_labels": (("keras", 6), {("L203", "PROVED")}, {"overfitting"}),
    "12_it_torch_softmax": (None, {("T103", "SUSPECTED")}, set()),
    "13_en_cv2_path": (None, {("P101", "SUSPECTED"), ("P105", "SUSPECTED"), ("P115", "SUSPECTED")}, set()),
    "14_de_shuffled_matrix": (None, {("P110", "SUSPECTED")}, set()),
    "15_es_softmax_one_unit": (("keras", 6), {("M101", "SUSPECTED"), ("L202", "SUSPECTED")}, set()),
    "16_fr_zero_loss": (("keras", 4), {("L206", "PROVED")}, set()),
    "17_ru_elementwise": (("keras", 7), {("L207", "PROVED"), ("M111", "SUSPECTED")}, set()),
    "18_ja_csv_overfit": (("csv", 30), {("G101", "SUSPECTED"), ("L101", "PROVED")}, set()),
    "19_ko_collapse": (("keras", 9), {("T101", "SUSPECTED"), ("L201", "PROVED")}, set()),
    "20_zh_partly_scored": (("keras", 12), {("L103", "PROVED"), ("L302", "PROVED")}, set()),
    "21_en_same_images": (("keras", 6), {("S102", "PROVED")}, set()),
    "22_en_glued_healthy": (("keras", 6), set(), set()),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_text(name: str) -> None:
    log, findings, acquitted = EXPECTED[name]
    case = open_case([str(TEXTS / f"{name}.txt")])
    assert [(run.form, len(run.epochs)) for run in case.runs] == ([log] if log else [])
    told = diagnose(case)
    assert {(f.code, f.verdict) for f in told.findings} == findings
    assert {a.suspect for a in told.acquitted} == acquitted
    assert told.checked


def test_every_text_is_in_the_table() -> None:
    assert {p.stem for p in TEXTS.glob("*.txt")} == set(EXPECTED)
