"""The pipeline in use as the script was seen to have it, in the place of what reading its code gave."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from seeing import CLASSES, TRUE, Formula, drawn

import valscope
from valscope.cli import run as command
from valscope.errors import UsageError
from valscope.reconciling.axes import with_value
from valscope.report.reconcile_text import reconcile_lines

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "paths"))
from script_folder import script

pytestmark = pytest.mark.slow  # programs are really run and models scored, many seconds in all

READS = """
    import glob
    import numpy as np
    import keras
    from PIL import Image
    from prep import finish
    model = keras.load_model("model.keras")
    for path in sorted(glob.glob("{photos}/*/*.png")):
        x = np.asarray(Image.open(path).convert("RGB").resize((16, 16), Image.BILINEAR), "float32")
        x = finish(x)
        print(model.predict(x[None]).argmax())
"""
SCALED = "def finish(x):\n    return x / 255.0"
UNSCALED = "def finish(x):\n    return x"


@pytest.fixture(scope="module")
def photos(tmp_path_factory) -> Path:
    at = tmp_path_factory.mktemp("photos")
    dataset = drawn(120)
    for i, (values, label) in enumerate(zip(dataset.content.values, dataset.labels, strict=True)):
        noise = np.random.default_rng(i).integers(0, 9, values.shape)  # so that no picture is another
        (at / CLASSES[label]).mkdir(exist_ok=True)
        Image.fromarray(values + noise.astype(np.uint8)).save(at / CLASSES[label] / f"{i}.png")
    return at


def reconciled(folder: Path, photos: Path, prep: str, run: bool = True, factor: float = 1.0, **more):
    path = script(folder, READS.format(photos=photos), factor, prep=prep)
    return valscope.reconcile(Formula(), photos, predict_script=path, run_script=run, **more)


def test_what_reading_cannot_see_is_measured_and_the_measured_wins(tmp_path, photos):
    read = reconciled(tmp_path, photos, SCALED, run=False)
    assert read.served.preparation.scale == "none" and read.verdict == "fault", (
        "reading does not see the module"
    )
    found = reconciled(tmp_path, photos, SCALED)
    assert found.served.preparation.scale == "unit" and found.verdict == "equal", found.sentence
    notes = " ".join(found.notes)
    assert (
        "48 images of known files had reached its model" in notes
        and "explains their tensors exactly" in notes
    )
    assert "scale: divided by 255, not 0..255 as they are); what was measured is used" in notes
    assert "not scaled" not in notes, "what reading assumed is not said of what was measured"
    assert "The reference: as the script was seen to do" in reconcile_lines(found)


def test_a_fault_in_another_module_is_named(tmp_path, photos):
    found = reconciled(tmp_path, photos, UNSCALED, trained=TRUE)
    (fall,) = (f for f in found.waterfalls[0].falls if f.sure)
    assert (found.verdict, fall.step.axis, found.served_from) == ("fault", "scale", "measured")
    wrong = reconciled(tmp_path, photos, "def finish(x):\n    return x[..., ::-1] / 255.0", trained=TRUE)
    (fall,) = (f for f in wrong.waterfalls[0].falls if f.sure)
    assert fall.step.axis == "channel order"


def test_a_line_that_another_module_undoes_is_not_quoted(tmp_path, photos):
    code = READS.format(photos=photos).replace("x = finish(x)", "x = finish(x)\n        x = x / 255.0")
    path = script(tmp_path, code, prep="def finish(x):\n    return x * 255")
    other = with_value("scale", "none", TRUE)
    read = valscope.reconcile(Formula(), photos, predict_script=path, trained=other)
    (fall,) = (f for f in read.waterfalls[0].falls if f.step.axis == "scale")
    assert read.served.preparation.scale == "unit" and "/ 255.0" in fall.line.quote
    found = valscope.reconcile(Formula(), photos, predict_script=path, run_script=True, trained=TRUE)
    (fall,) = (f for f in found.waterfalls[0].falls if f.sure)
    assert fall.step.axis == "scale" and fall.line is None


def test_training_mode_is_seen(tmp_path, photos):
    model = Formula(modes=("moving", "batch", "dropout"))
    code = READS.format(photos=photos).replace("model.predict(x[None])", "model(x[None], training=True)")
    path = script(tmp_path, code, prep=SCALED)
    found = valscope.reconcile(model, photos, predict_script=path, run_script=True)
    assert found.served.mode == "batch"


def test_a_script_with_another_model_is_said_so(tmp_path, photos):
    assert "is not the one given" not in " ".join(reconciled(tmp_path / "a", photos, SCALED).notes)
    other = reconciled(tmp_path / "b", photos, SCALED, factor=0.5)
    assert "The model of the script is not the one given" in " ".join(other.notes)


def test_a_scale_without_a_name_is_told_with_what_it_costs(tmp_path, photos):
    found = reconciled(tmp_path, photos, "def finish(x):\n    return x / 100.0 + 3")
    (item,) = [one for one in found.not_checked if one.name == "running predict.py"]
    assert "scales grey levels x by x * 0.01 + 3, which no pipeline of the grid does" in item.reason
    assert found.served is None, "what reading gave is known to be wrong"
    assert "With the script's own tensors the model has 30 of 48 images right" in " ".join(found.notes)


def test_where_running_fails_reading_goes_on(tmp_path, photos):
    found = reconciled(tmp_path, photos, "import nowhere_to_be_found\n" + SCALED)
    assert found.served.preparation.scale == "none" and found.served_from == "script"
    (item,) = [one for one in found.not_checked if one.name == "running predict.py"]
    assert "No module named 'nowhere_to_be_found' (prep.py:1)" in item.reason


def test_without_leave_the_script_is_not_run(tmp_path, photos):
    marks = "open('ran', 'w').close()\n" + SCALED
    for leave in (False, True):
        reconciled(tmp_path, photos, marks, run=leave)
        assert (tmp_path / "ran").exists() == leave


def test_leave_without_a_script_is_refused(photos, capsys):
    with pytest.raises(UsageError, match="--run-script runs the script that predicts"):
        valscope.reconcile(Formula(), photos, run_script=True)
    assert command(["reconcile", "m.keras", str(photos), "--run-script", "--quiet"]) == 3
    assert "give it with --predict-script" in capsys.readouterr().err


REAL = """
    import sys
    import numpy as np
    from keras.models import load_model
    from keras.utils import image_dataset_from_directory
    model = load_model(sys.argv[1])
    images = image_dataset_from_directory(sys.argv[2], image_size=(16, 16), batch_size=8, shuffle=True, seed=1)
    images = images.map(lambda x, y: (x / 255.0, y))
    print(model.predict(images).shape)
"""


@pytest.mark.slow
@pytest.mark.keras
def test_a_real_model_asked_with_a_shuffled_dataset_of_tensorflow(tmp_path, photos):
    from valscope.engines.keras_engine.backend import keras

    k = keras()
    k.Sequential([k.Input((16, 16, 3)), k.layers.Flatten(), k.layers.Dense(4, activation="softmax")]).save(
        tmp_path / "model.keras"
    )
    path = tmp_path / "predict.py"
    path.write_text("\n".join(line[4:] for line in REAL.splitlines()))
    found = valscope.reconcile(
        tmp_path / "model.keras", photos, predict_script=path, run_script=True, most=40,
        arguments=[str(tmp_path / "model.keras"), str(photos)],
    )  # fmt: skip
    notes = " ".join(found.notes)
    assert "48 images of known files had reached its model" in notes, found.not_checked
    assert "is not the one given" not in notes and with_value("scale", "unit", found.served) == found.served
