"""Exporting: what is written, what is checked, what is left behind. The formats themselves are in
test_exporting_keras.py."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from toyruns import SMALL, toy_run

from valscope.cli import run as cli
from valscope.data.pixels import scale
from valscope.data.pixels.prepare import pixels
from valscope.errors import MissingExtra, ModelError, ProbeMismatch, UsageError
from valscope.exporting import FORMATS, export
from valscope.exporting.about import code
from valscope.exporting.snippet import imports, pixels_code
from valscope.nouns.preparation import Preparation
from valscope.run import Run
from valscope.scoring import softmax

WRITER_OF = "valscope.exporting.write.writer_of"


class Stub:
    """Writes the toy network's arrays, and serves them as an exported graph would; `spoil` makes it lie."""

    def __init__(self, run: Run, spoil: float = 0.0) -> None:
        self.run, self.spoil, self.asked = run, spoil, ()

    def write(self, to: str, net: Any, preparation: Any, temperature: float, path: Path, about: Any) -> None:
        self.asked = (to, preparation, temperature, dict(about))
        path.write_bytes(b"network")

    def read(self, to: str, path: Path) -> Callable[[Any], Any]:
        assert path.read_bytes() == b"network"
        _, preparation, temperature, _ = self.asked

        def serve(x: Any) -> Any:
            assert x.dtype == np.float32
            values = x if preparation is None else scale.apply(x.astype(np.uint8), preparation)
            return softmax(self.run.net.logits(values), temperature) + self.spoil

        return serve


@pytest.fixture
def stub(colours: Run, monkeypatch: pytest.MonkeyPatch) -> Stub:
    made = Stub(colours)
    monkeypatch.setattr(WRITER_OF, lambda run: made)
    return made


# What is written


def test_a_folder_with_the_network_its_description_and_its_readme(
    colours: Run, here: Path, stub: Stub
) -> None:
    done = export(colours, "onnx", "out/net")
    assert sorted(p.name for p in Path("out/net").iterdir()) == [
        "README.md",
        "model.onnx",
        "preparation.json",
    ]
    assert done.model == Path("out/net/model.onnx")
    assert done.difference < 1e-6
    assert done.n == 3 * 4 + 8  # probes, mirrored, negative, noise
    found = json.loads(Path("out/net/preparation.json").read_text())
    assert found["classes"] == ["blue", "green", "red"]
    assert found["inside"] == ["order", "scale", "temperature", "softmax"]
    assert Preparation(**found["preparation"]) == SMALL
    assert json.loads(stub.asked[3]["classes"]) == ["blue", "green", "red"]


@pytest.mark.parametrize(
    ("to", "name"), [("onnx", "net.onnx"), ("litert", "net.TFLITE"), ("keras", "net.keras")]
)
def test_or_a_file_with_the_others_beside_it(
    colours: Run, here: Path, stub: Stub, to: str, name: str
) -> None:
    export(colours, to, name)
    assert sorted(p.name for p in here.iterdir()) == sorted([name, "net.README.md", "net.preparation.json"])


def test_temperature_is_part_of_what_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = toy_run(tmp_path / "run", temperature=4.0)
    made = Stub(run)
    monkeypatch.setattr(WRITER_OF, lambda run: made)
    assert export(run, "keras", tmp_path / "out").difference < 1e-6
    assert made.asked[2] == 4.0


@pytest.mark.parametrize("kind", ["floats", "vectors"])
def test_runs_whose_scale_only_their_owner_knows_have_no_scale_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    how: dict[str, Any] = {"floats": True} if kind == "floats" else {"preparation": None}
    run = toy_run(tmp_path / "run", **how)
    made = Stub(run)
    monkeypatch.setattr(WRITER_OF, lambda run: made)
    export(run, "keras", tmp_path / "out")
    assert made.asked[1] is None
    text = (tmp_path / "out/README.md").read_text()
    assert "def predict(items):" in text
    assert "scaling and channel order are inside" not in text


# What is checked


def test_other_probabilities_leave_nothing_behind(colours: Run, here: Path, stub: Stub) -> None:
    stub.spoil = 0.002
    with pytest.raises(
        ProbeMismatch, match=r"differ by up to 0\.002, .* \(at most 0\.001 and 1 % are allowed\), so it was"
    ):
        export(colours, "onnx", "out")
    assert list(here.iterdir()) == []


def test_a_network_that_is_always_sure_cannot_hide_a_wrong_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its probabilities are 0 or 1 to six digits, also at another temperature."""
    run = toy_run(tmp_path / "run", temperature=0.1)
    made = Stub(run)
    monkeypatch.setattr(WRITER_OF, lambda run: made)
    monkeypatch.setattr(
        made, "write", lambda to, net, p, t, path, about: Stub.write(made, to, net, p, 0.09, path, about)
    )
    with pytest.raises(ProbeMismatch, match=r"by up to 0\.000\d+, their logarithms by \d"):
        export(run, "onnx", tmp_path / "out")


def test_nor_can_one_that_is_never_sure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = toy_run(tmp_path / "run", temperature=50.0)
    made = Stub(run, spoil=0.002)  # logarithms differ by less than 1 %
    monkeypatch.setattr(WRITER_OF, lambda run: made)
    with pytest.raises(ProbeMismatch, match=r"by up to 0\.002, their logarithms by 0\.\d"):
        export(run, "onnx", tmp_path / "out")


@pytest.mark.parametrize("spoil", [float("nan"), float("inf")])
def test_numbers_that_are_none_never_pass(colours: Run, here: Path, stub: Stub, spoil: float) -> None:
    stub.spoil = spoil
    with pytest.raises(ProbeMismatch):
        export(colours, "onnx", "out")


def test_a_missing_order_of_channels_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = toy_run(tmp_path / "run", preparation=SMALL.but(order="bgr"))
    made = Stub(run)
    monkeypatch.setattr(WRITER_OF, lambda run: made)
    monkeypatch.setattr(
        made,
        "write",
        lambda to, net, p, t, path, about: Stub.write(made, to, net, p.but(order="rgb"), t, path, about),
    )
    with pytest.raises(ProbeMismatch):
        export(run, "onnx", tmp_path / "out")


@pytest.mark.parametrize(
    ("error", "expected", "sentence"),
    [
        (ValueError("Layer X is\nnot known."), ModelError, "cannot be exported as onnx: Layer X is not known."),
        (ModuleNotFoundError("No module named 'onnx'", name="onnx"), MissingExtra, r"pip install 'valscope\[onnx\]'"),
        (MissingExtra("Exporting to ONNX", "onnx"), MissingExtra, "needs an optional dependency"),
        (OSError(28, "No space left on device"), UsageError, "out cannot be written .No space left on device"),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_a_sentence_and_leaves_nothing_behind(
    colours: Run, here: Path, stub: Stub, monkeypatch: pytest.MonkeyPatch,
    error: Exception, expected: type[Exception], sentence: str,
) -> None:  # fmt: skip
    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(stub, "write", fail)
    with pytest.raises(expected, match=sentence):
        export(colours, "onnx", "out")
    assert list(here.iterdir()) == []


def test_nothing_is_overwritten(colours: Run, here: Path, stub: Stub) -> None:
    Path("net.README.md").write_text("mine")
    with pytest.raises(UsageError, match=r"net\.README\.md exists already; give --out another name"):
        export(colours, "onnx", "net.onnx")
    Path("out").mkdir()
    with pytest.raises(UsageError, match="out exists already"):
        export(colours, "onnx", "out")


def test_requests_that_are_wrong(colours: Run, here: Path) -> None:
    with pytest.raises(
        UsageError, match="There is no format 'pickle'; the formats are keras, onnx, savedmodel, litert"
    ):
        export(colours, "pickle", "out")
    with pytest.raises(UsageError, match="A run of the engine toy cannot be exported"):
        export(colours, "keras", "out")
    assert list(here.iterdir()) == []


# The command


def test_the_command(colours: Run, here: Path, stub: Stub, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli(["export", str(colours.folder), "--to", "litert", "--out", "net"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("net/model.tflite: as litert. Loaded again, its probabilities differ by at most ")
    assert err == "How to use it: net/README.md\n"
    assert cli(["export", str(colours.folder), "--to", "litert", "--out", "other", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema_version"], found["to"], found["model"]) == (1, "litert", "other/model.tflite")
    assert cli(["export", str(colours.folder), "--to", "litert", "--out", "other"]) == 3


# The code in the README prepares exactly as valscope does


def photos(folder: Path) -> list[Path]:
    """Files of all kinds that a preparation treats differently."""
    rng = np.random.default_rng(0)
    big = rng.integers(0, 255, (12, 16, 3)).astype(np.uint8)
    wide = Image.fromarray(big).resize((700, 400), Image.Resampling.BICUBIC)
    exif = Image.Exif()
    made = {
        "wide.jpg": wide,
        "tall.jpg": wide.resize((210, 630)),
        "grey.jpg": wide.convert("L"),
        "small.png": wide.resize((9, 7)),
    }
    made["clear.png"] = Image.fromarray(rng.integers(0, 255, (60, 50, 4)).astype(np.uint8))
    made["palette.png"] = wide.resize((40, 60)).convert("P")
    made["letters.png"] = wide.resize((40, 60)).convert("L").convert("LA")
    made["print.jpg"] = wide.convert("CMYK")
    paths = [folder / name for name in made]
    for path, image in zip(paths, made.values(), strict=True):
        image.save(path)
    for turn in (3, 6):
        exif[0x0112] = turn
        wide.save(folder / f"turned{turn}.jpg", exif=exif)
        paths.append(folder / f"turned{turn}.jpg")
    return paths


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return photos(tmp_path_factory.mktemp("photos"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("geometry", "colour", "kernel"),
    list(product(["stretch", "crop", "pad"], ["rgb", "grey"], ["nearest", "bilinear", "lanczos"])),
)
@pytest.mark.parametrize(
    ("exif", "alpha", "fast"), [(True, "white", True), (False, "drop", True), (True, "black", False)]
)
def test_the_code_gives_the_same_pixels(
    files: list[Path], exif: bool, alpha: Any, fast: bool, geometry: Any, colour: Any, kernel: Any
) -> None:
    preparation = Preparation(
        24, 37, colour=colour, exif=exif, alpha=alpha, kernel=kernel, geometry=geometry, fast_decode=fast
    )
    space: dict[str, Any] = {}
    exec("\n".join([*imports(preparation), pixels_code(preparation)]), space)
    for path in files:
        np.testing.assert_array_equal(space["pixels"](path), pixels(path, preparation), err_msg=path.name)


def test_a_resampling_that_only_valscope_has_is_taken_from_it(files: list[Path], here: Path) -> None:
    preparation = Preparation(24, 37, antialias=False)
    Path("preparation.json").write_text(
        json.dumps({"preparation": {"height": 24, "width": 37, "antialias": False}})
    )
    space: dict[str, Any] = {}
    exec("\n".join([*imports(preparation), pixels_code(preparation)]), space)
    np.testing.assert_array_equal(space["pixels"](files[0]), pixels(files[0], preparation))


@pytest.mark.parametrize("to", FORMATS)
def test_the_code_is_python_whatever_the_classes_are_called(tmp_path: Path, to: str) -> None:
    run = toy_run(tmp_path / "run", ('"""', "\\", "a\nb\u202e"), steps=1)
    compile(code(run, FORMATS[to], "m", "p.json", False), "README", "exec")
