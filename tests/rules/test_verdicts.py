"""What rules say together: who acquits whom, and what silences what."""

from __future__ import annotations

import json

import pytest

from valscope.case import Case
from valscope.case.inputs import Given
from valscope.diagnosis import all_rules, diagnose, established
from valscope.nouns.finding import Diagnosis, Finding
from valscope.report.diagnosis_json import diagnosis_json
from valscope.worlds import World
from valscope.worlds.logs import log, rows
from valscope.worlds.scripts import flow, network

RULES = {str(rule.CODE): rule for rule in all_rules()}
CLIP = 16.118095650958319
ROWS = """The classes are uneven (class 0: 500 images, class 1: 300 images, class 2: 200 images).
The weights are {0: 2.0, 1: 3.3333333333333335, 2: 5.0}.
"""


def judge(text: str) -> Diagnosis:
    return diagnose(Case((Given("report.txt", "text", content=text.encode()),)))


def words(world: World) -> str:
    return "\n".join(t for t in world.files.values() if isinstance(t, str))


def sorted_tail(right: tuple[int, ...] = (95, 97, 99, 98, 94, 96, 92, 99)) -> str:
    """1000 sorted rows, 30 % validated: 100 of class 1 and all 200 of class 2; saturated, weighted loss."""
    fit = "model.fit(x, y, epochs=9, validation_split=0.3, class_weight=weights)"
    losses = [(200 * 5.0 + (100 - k) * (10 / 3)) * CLIP / 300 for k in right]
    told = [
        (0.5 / (i + 1), 0.9 + 0.01 * i, x, k / 300)
        for i, (x, k) in enumerate(zip(losses, right, strict=True))
    ]
    return f"{ROWS}{network(more=fit)}\n{log(told, form='keras2', samples=700)}"


def test_a_proved_tail_acquits_weights_and_overfitting() -> None:
    found = judge(sorted_tail())
    assert [f.verdict for f in found.findings if f.code == "S101"] == ["PROVED"]
    assert {a.suspect for a in found.acquitted} == {"class_weight", "overfitting"}
    assert not [f for f in found.findings if f.code in ("S106", "G101")]


def test_a_proved_copy_does_not_silence_another_log() -> None:
    both = f"{words(RULES['L301'].sick())}\n\nAnd this one gets worse.\n\n{words(RULES['G101'].sick())}"
    assert {"L301", "G101"} <= {f.code for f in judge(both).findings}


def apart(trained: list[float], right: list[int], losses: list[float], classes: int = 5) -> str:
    """A log of a training whose two parts go their own ways; 300 images are validated."""
    told = [(1.8 * (1 - a) + 0.02, a, w, k / 300) for a, k, w in zip(trained, right, losses, strict=True)]
    return f"Found 1200 images belonging to {classes} classes.\nFound 300 images belonging to {classes} classes.\n{log(told)}"


TRAINED = [0.5, 0.7, 0.8, 0.87, 0.92, 0.95, 0.97, 0.98, 0.985, 0.99]
CHANCE = [61, 57, 63, 60, 58, 62, 59, 64, 60, 61]


@pytest.mark.parametrize(
    ("right", "losses", "told"),
    [
        (CHANCE, [2.0 + 0.1 * i for i in range(10)], {"L209"}),  # guesses
        ([x + 60 for x in CHANCE], [1.9 + 0.1 * i for i in range(10)], {"L209"}),  # 40 %, never good
        ([x + 120 for x in CHANCE], [1.0] * 10, {"G101"}),  # 60 %, was good and stays so, far behind training
        ([x + 160 for x in CHANCE], [0.9] * 10, set()),  # 73 %: many honest trainings of few images end so
        ([x + 220 for x in CHANCE], [1.7] * 10, set()),  # 93 %: the loss is that of a few certain errors
    ],
)
def test_a_gap_in_a_log_alone_is_named_for_what_it_shows(
    right: list[int], losses: list[float], told: set[str]
) -> None:
    found = judge(apart(TRAINED, right, losses)).findings
    assert {f.code for f in found if not f.minor} == told


def test_a_validation_at_chance_is_none_where_training_learns_nothing_either() -> None:
    both = judge(apart([0.2, 0.21, 0.19, 0.2, 0.21, 0.2], CHANCE[:6], [1.62] * 6)).findings
    assert "L209" not in {f.code for f in both}


def test_softmax_over_two_units_with_binary_crossentropy_is_probably_innocent() -> None:
    found = judge(network(2, "softmax", "binary_crossentropy"))
    assert found.findings == ()
    assert "probably innocent" in found.acquitted[0].claim


def test_class_numbers_are_the_answers_of_a_single_output() -> None:
    """0 and 1 stand for themselves; for two outputs they would have to be one-hot."""
    fit = "model.fit(train, epochs=9)"
    for units, activation, told in ((1, "sigmoid", False), (2, "sigmoid", True)):
        code = flow(mode="sparse") + network(units, activation, "binary_crossentropy", fit)
        assert ("M106" in {f.code for f in judge(code).findings}) is told


def test_binarised_labels_of_two_classes_are_class_numbers() -> None:
    """LabelBinarizer gives one column of 0 and 1 for two classes, one-hot rows for more."""
    fit = "y = LabelBinarizer().fit_transform(y)\nmodel.fit(x, y, epochs=9)"
    for units, told in ((2, False), (3, True)):
        code = network(units, loss="sparse_categorical_crossentropy", more=fit)
        assert ("M106" in {f.code for f in judge(code).findings}) is told


def test_class_weights_of_balanced_classes_change_nothing() -> None:
    assert "class_weight" in {a.suspect for a in judge(words(RULES["D103"].sick())).acquitted}


def test_established_numbers_alone_are_no_finding() -> None:
    found = judge(words(RULES["L101"].sick()))
    assert not found.findings
    assert any("images_scored" in name and "39" in name for name in found.checked)


def test_a_healthy_log_has_no_finding() -> None:
    text = log(rows("0.9 0.6 0.8 0.65 / 0.6 0.75 0.6 0.74 / 0.4 0.85 0.5 0.80 / 0.3 0.9 0.4 0.83"))
    assert judge(text).findings == ()


def test_weight_zero_means_established() -> None:
    assert established(Finding("L101", "x", "PROVED", "c", weight=0.0))


def test_a_finding_is_told_whole_in_json() -> None:
    told = json.loads(diagnosis_json(judge(sorted_tail())))
    assert told["schema_version"]
    wanted = {
        "code",
        "name",
        "verdict",
        "claim",
        "numbers",
        "evidence",
        "explains",
        "cannot_tell",
        "remedy",
        "next_step",
    }
    assert all(wanted <= set(finding) for finding in told["findings"])


@pytest.mark.parametrize(
    ("weights", "acquitted"),
    [
        ("{0: 1, 1: 1, 2: 200}", False), ("weights", False), ("{0: 1.0, 1: 1.05, 2: 1.1}", True), ("{0: 2, 1: 2, 2: 2}", True),
        ("dict(enumerate(compute_class_weight('balanced', classes=np.unique(y), y=y)))", True),
    ],
)  # fmt: skip
def test_weights_of_balanced_classes_are_acquitted_where_they_are_known_to_be_equal(
    weights: str, acquitted: bool
) -> None:
    said = (
        "There are three classes: class 0 has 300 images, class 1 has 300 images, class 2 has 300 images.\n"
    )
    found = judge(said + network(more=f"model.fit(x, y, epochs=9, class_weight={weights})"))
    assert ("class_weight" in {a.suspect for a in found.acquitted}) is acquitted


def test_the_gap_of_overfitting_is_that_of_the_last_three_epochs() -> None:
    """The log ends at 73.3 %; the mean of its last three epochs is 72.0 %."""
    right = [150, 180, 210, 218, 210, 220, 212, 216, 220]
    losses = [1.2, 0.9, 0.8, 0.9, 1.1, 1.3, 1.5, 1.7, 1.9]
    (finding,) = [f for f in judge(apart(TRAINED[:9], right, losses)).findings if f.code == "G101"]
    assert (
        "over the last 3 epochs accuracy is 97.8% in training and 72.0% in validation on average"
        in finding.claim
    )
