"""`valscope diagnose` from end to end: what it prints, the exit codes, bad input, the start."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from valscope.case import Case, open_case
from valscope.case.inputs import Given, given
from valscope.cli import run
from valscope.cli.diagnose import diagnose as command
from valscope.cli.judge import Asked, exit_code, plainly
from valscope.diagnosis import diagnose
from valscope.diagnosis.order import ordered
from valscope.errors import InputError
from valscope.nouns.fact import Source
from valscope.nouns.finding import Acquittal, Diagnosis, Finding, NotChecked
from valscope.report.diagnosis_json import diagnosis_object
from valscope.report.diagnosis_text import diagnosis_lines, diagnosis_text

REPORTS = Path(__file__).parent / "reports"
HEALTHY = "".join(
    f"Epoch {i}/5\n60/60 ━━━━━━━━━━━━━━━━━━━━ 3s 50ms/step - accuracy: {a} - loss: {x} - val_accuracy: {v} - val_loss: {y}\n"
    for i, (a, x, v, y) in enumerate(
        [(0.5512, 0.69, 0.6133, 0.65), (0.7043, 0.58, 0.7267, 0.55), (0.8211, 0.42, 0.8033, 0.44), (0.8809, 0.31, 0.8467, 0.37), (0.9120, 0.25, 0.8533, 0.36)],
        1,
    )
)  # fmt: skip


@pytest.fixture
def healthy(tmp_path: Path) -> Path:
    path = tmp_path / "training.log"
    path.write_text(HEALTHY, encoding="utf-8")
    return path


def test_a_healthy_log_gets_one_line(healthy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(str(healthy)) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 1
    assert printed[0].startswith(f"Nothing wrong found in {healthy}")
    assert "saturated_output" in printed[0]


def test_a_sick_report_is_told_with_its_lines(capsys: pytest.CaptureFixture[str]) -> None:
    report = REPORTS / "sorted_rows.txt"
    assert command(str(report)) == 1
    printed = capsys.readouterr().out
    first = printed.splitlines()[0]
    assert first == "PROVED  S101 class_never_trained"
    assert f"{report}:14  net.fit(" in printed
    assert (
        printed.index("PROVED")
        < printed.index("By the way")
        < printed.index("Acquitted")
        < printed.index("Checked:")
    )


def test_json_is_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert command(str(REPORTS / "copied_log.txt"), json=True) == 1
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        "schema_version", "findings", "acquitted", "not_checked", "checked", "read", "cure", "assumed",
        "mended",
    }  # fmt: skip
    finding = told["findings"][0]
    assert finding["code"] == "L301"
    assert finding["numbers"]["lines"] == 4
    assert finding["evidence"][0]["line"] == 6
    assert {"name", "reason", "would_settle"} == set(told["not_checked"][0])


def test_what_was_not_given_is_said_with_what_would_settle_it(healthy: Path) -> None:
    missing = {n.name: n.would_settle for n in diagnose(open_case([str(healthy)])).not_checked}
    assert "the training script" in missing["what the code does"]
    assert "what the digits prove" not in missing


FINDINGS = {
    "proved": Finding("L1", "a", "PROVED", "c 1."),
    "suspected": Finding("P1", "b", "SUSPECTED", "c 2."),
    "minor": Finding("P2", "c", "SUSPECTED", "c 3.", minor=True, weight=0.1),
}


@pytest.mark.parametrize(
    ("finding", "fail_on", "code"),
    [
        ("proved", "proved", 1), ("proved", "suspected", 1), ("proved", "never", 0), ("suspected", "proved", 0),
        ("suspected", "suspected", 1), ("suspected", "minor", 1), ("minor", "suspected", 0), ("minor", "minor", 1),
    ],
)  # fmt: skip
def test_exit_codes(finding: str, fail_on: str, code: int) -> None:
    told = Diagnosis(findings=(FINDINGS[finding],), checked=("x",))
    assert exit_code(told, fail_on) == code  # type: ignore[arg-type]


def test_nothing_to_judge_is_exit_code_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    poem = tmp_path / "poem.txt"
    poem.write_text("The rose is red.\n")
    assert command(str(poem)) == 2
    assert "could be judged" in capsys.readouterr().out


def test_the_standard_input_is_read(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(HEALTHY.encode())))
    assert command("-") == 0
    assert "<stdin>" in capsys.readouterr().out


def test_a_file_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(InputError, match=r"There is no file or folder 'nowhere.txt'; give posts"):
        open_case(["nowhere.txt"])


def test_text_and_code_in_several_files_make_one_case(tmp_path: Path) -> None:
    text = (REPORTS / "prediction_differs.txt").read_text("utf-8")
    start, end = text.index("import numpy"), text.index("Epoch 1/32")
    (tmp_path / "train.py").write_text(text[start:end])
    (tmp_path / "log.txt").write_text(text[:start] + text[end:])
    together = diagnose(open_case([str(tmp_path / "log.txt"), str(tmp_path / "train.py")]))
    assert {"L103", "L302", "L305"} <= {f.code for f in together.findings}
    alone = diagnose(open_case([str(tmp_path / "log.txt")]))
    assert "L103" not in {f.code for f in alone.findings}


def test_inputs_are_told_apart_by_content(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"\x89HDF\r\n\x1a\n" + b"\0" * 40)
    (tmp_path / "b.bin").write_bytes(b"\x93NUMPY\x01\x00")
    (tmp_path / "c.bin").write_text("Epoch 1/2")
    (tmp_path / "d.json").write_text('{"cat": 0, "dog": 1}')
    (tmp_path / "e.json").write_text('{"loss": [0.5, 0.4]}')
    (tmp_path / "f.txt").write_text("")
    kinds = {i.path.name: i.kind for i in given([str(p) for p in tmp_path.iterdir()]) if i.path}
    assert kinds == {
        "a.bin": "model",
        "b.bin": "data",
        "c.bin": "text",
        "d.json": "data",
        "e.json": "text",
        "f.txt": "empty",
    }


def test_a_folder_of_logs_is_read_file_by_file_and_a_folder_of_images_whole(
    tmp_path: Path, healthy: Path
) -> None:
    photos = tmp_path / "photos" / "cat"
    photos.mkdir(parents=True)
    (photos / "1.jpg").write_bytes(b"\xff\xd8\xff")
    assert [i.kind for i in given([str(tmp_path / "photos")])] == ["data"]
    logs = tmp_path / "logs"
    logs.mkdir()
    (logs / "a.log").write_text(HEALTHY)
    (logs / "b.py").write_text("import keras")
    assert [(i.path.name, i.kind) for i in given([str(logs)]) if i.path] == [
        ("a.log", "text"),
        ("b.py", "text"),
    ]


def test_minor_findings_stand_by_the_way_and_quotes_are_shortened() -> None:
    long = Source("post.txt", 7, "x" * 300)
    told = diagnosis_lines(
        Diagnosis(
            findings=(Finding("L1", "a", "PROVED", "Claim 1.", evidence=(long,) * 6), FINDINGS["minor"]),
            acquitted=(Acquittal("overfitting", "never good."),),
            not_checked=(NotChecked("labels", "no labels", "labels.npy"),),
            checked=("a", "b"),
        )
    )
    assert told[0] == "PROVED  L1 a"
    assert max(map(len, told)) <= 130
    assert "and 2 more lines" in "\n".join(told)
    assert told[told.index("By the way") + 1] == "  P2 c: c 3."
    assert "  overfitting: never good." in told
    assert "  labels: no labels. To settle it: labels.npy." in told


def test_a_terminal_gets_the_same_words_in_colour() -> None:
    told = Diagnosis(findings=(FINDINGS["proved"],), checked=("a",))
    text = diagnosis_text(told)
    assert text.plain == "\n".join(diagnosis_lines(told, terminal=True))
    assert text.plain.partition("Checked")[0] == "\n".join(diagnosis_lines(told)).partition("Checked")[0]
    assert text.spans


def test_a_terminal_lists_what_was_checked_in_columns_that_are_read_downwards() -> None:
    told = Diagnosis(checked=tuple("abcde"), read=("log.txt",))
    assert (
        diagnosis_lines(told, width=10, terminal=True)[-3:] == ["Checked, 5", "  a  d", "  b  e", "  c"][-3:]
    )
    assert diagnosis_lines(told) == ["Nothing wrong found in log.txt; checked a, b, c, d, e."]


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (["a.txt", "--json", "b.py"], Asked(("a.txt", "b.py"), True)),
        (["--fail-on", "proved", "-"], Asked(("-",), False, "proved")),
        ([], Asked(())),
        (["a.txt", "--fail-on", "often"], None),  # the parser says what is wrong
        (["--help"], None),
    ],
)
def test_a_plain_call_needs_no_argument_parser(arguments: list[str], asked: Asked | None) -> None:
    assert plainly(arguments) == asked


def test_the_parser_gives_the_same(healthy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain = run(["diagnose", str(healthy)]), capsys.readouterr().out
    parsed = run(["diagnose", "--fail-on=suspected", str(healthy)]), capsys.readouterr().out
    assert plain == parsed
    assert run(["diagnose", str(healthy), "--fail-on", "often"]) == 3
    assert "often" in capsys.readouterr().err


def test_facts_are_computed_once_and_only_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case((Given("x", "text", content=HEALTHY.encode()),))
    assert "posts" not in vars(case)
    assert case.runs is case.runs
    assert "scripts" not in vars(case)
    assert diagnosis_object(diagnose(case))["findings"] == []


def test_the_text_path_imports_nothing_heavy() -> None:
    script = (
        "import sys, contextlib, io\n"
        "from valscope.cli.judge import Asked, plain\n"
        f"with contextlib.redirect_stdout(io.StringIO()): plain(Asked(({str(REPORTS / 'one_answer.txt')!r},)))\n"
        "heavy = ('tensorflow', 'keras', 'torch', 'jax', 'scipy', 'sklearn', 'pandas', 'PIL', 'h5py', 'rich', 'numpy')\n"
        "print(*[m for m in heavy if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_what_a_script_and_its_model_both_show_is_told_once_with_both_places() -> None:
    one = replace(FINDINGS["suspected"], evidence=(Source("train.py", 3, "x"),))
    other = replace(one, evidence=(Source("model.keras"),))
    (told,) = ordered([one, other], ())
    assert [s.file for s in told.evidence] == ["train.py", "model.keras"]
    assert len(ordered([one, replace(other, claim="Another.")], ())) == 2


def test_a_folder_of_work_is_its_files_and_the_images_that_its_code_names(tmp_path: Path) -> None:
    for part in ("photos/train/cat", "photos/val/cat", "old/cat"):
        (tmp_path / part).mkdir(parents=True)
        (tmp_path / part / "1.png").write_bytes(b"x")
    (tmp_path / "report").mkdir()
    (tmp_path / "train.py").write_text("load('photos/train')\n")
    (tmp_path / "training.log").write_text("loss: 1\n")
    seen = [(i.path.name, i.kind) for i in given([str(tmp_path)]) if i.path]
    assert seen == [("train.py", "text"), ("training.log", "text"), ("photos", "data")]
