"""A script that is run with leave: what reaches its model is measured, and why nothing was seen is one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from script_folder import script, textured

from valscope.errors import UsageError
from valscope.nouns.preparation import Preparation
from valscope.paths import compare_paths
from valscope.paths.measured import Measured, measured
from valscope.paths.running import run_script

pytestmark = pytest.mark.slow  # programs are really run and models scored, many seconds in all

LOOP = """
    import glob
    import numpy as np
    import keras
    from prep import load
    model = keras.load_model("model.keras")
    for path in sorted(glob.glob("photos/*/*.png")):
        print(model.predict(load(path)[None]).argmax())
"""
PREP = """
    import numpy as np
    from PIL import Image
    HALF = 127.5
    def load(path):
        image = Image.open(path).convert("RGB").resize((16, 16), Image.BILINEAR)
        return np.asarray(image, "float32") / HALF - 1
"""


def seen(path: Path, beside: list[str], *likes: Preparation) -> Measured:
    return measured(run_script(path), beside, likes)


def test_preparation_in_another_module_is_measured_exactly_with_its_files(tmp_path):
    files = textured(tmp_path / "photos")
    found = seen(script(tmp_path, LOOP, prep=PREP), [])
    assert found.preparation is not None and found.left == 0 and list(found.files) == files
    p = found.preparation
    assert (p.height, p.width, p.scale, p.order, p.kernel, p.antialias) == (
        16,
        16,
        "symmetric",
        "rgb",
        "bilinear",
        True,
    )


def test_what_the_files_cannot_tell_is_taken_from_what_is_known(tmp_path):
    textured(tmp_path / "photos")
    path = script(tmp_path, LOOP, prep=PREP)
    like = Preparation(16, 16, exif=False, alpha="drop", fast_decode=False)
    found = seen(path, [], like).preparation
    assert found is not None and (found.exif, found.alpha, found.scale) == (False, "drop", "symmetric")


BATCH = """
    import glob
    import numpy as np
    import keras
    from PIL import Image
    paths = sorted(glob.glob("photos/*/*.png"))
    x = np.array([np.asarray(Image.open(p).resize((16, 16), 0))[..., ::-1] for p in paths])
    keras.Model().{call}
"""


@pytest.mark.parametrize(
    "call", ["predict(x)", "predict(x=x)", "predict_on_batch(x)", "evaluate(x, x)", "__call__(x)", "predict(iter([x[:5], x[5:]]))"]
)  # fmt: skip
def test_every_way_of_asking_a_model_is_seen(tmp_path, call):
    files = textured(tmp_path / "photos")
    found = seen(script(tmp_path, BATCH.format(call=call)), files)
    assert found.preparation is not None and list(found.files) == files, found.failed
    p = found.preparation
    assert (p.scale, p.order, p.kernel) == ("none", "bgr", "nearest") and found.left == 0
    assert found.rows[0].outputs is not None and len(found.rows[0].outputs) == 4


SEQUENCE = """
    import glob
    import numpy as np
    import keras
    from PIL import Image
    class Iterator:
        batch_size, index_array = 4, np.random.default_rng(1).permutation(12)
        filepaths = sorted(glob.glob("photos/*/*.png"))
        def on_epoch_end(self): pass
        def __len__(self): return 3
        def __getitem__(self, i):
            rows = self.index_array[4 * i : 4 * i + 4]
            return np.stack([np.asarray(Image.open(self.filepaths[j]).resize((16, 16))) / 255 for j in rows]), rows
    keras.Model().predict(Iterator())
"""


def test_a_shuffled_iterator_tells_its_files(tmp_path):
    files = textured(tmp_path / "photos")
    found = seen(script(tmp_path, SEQUENCE), [])
    assert found.preparation is not None and found.preparation.kernel == "bicubic" and found.left == 0
    assert sorted(found.files) == files and list(found.files) != files


def test_images_whose_files_nobody_saw_opened_are_found_among_the_pictures(tmp_path):
    files = textured(tmp_path / "photos", 20)
    code = """
        import glob, io
        import numpy as np
        import keras
        from PIL import Image
        data = [np.asarray(Image.open(io.BytesIO(open(p, "rb").read())).resize((16, 16), 2)) for p in sorted(glob.glob("kept/*"))]
        keras.Model().predict(np.array(data[::-1]) / 255)
    """
    (tmp_path / "kept").mkdir()
    for i, file in enumerate(files):  # copies without a name that tells an image
        (tmp_path / "kept" / f"{i:02}").write_bytes(Path(file).read_bytes())
    path = script(tmp_path, code)
    found = seen(path, files)
    assert list(found.files) == files[::-1] and found.preparation is not None and found.left == 0
    alone = seen(path, [])
    assert alone.failed == "Of 20 images that reached its model only 0 are pictures of a known file."


FAILURES = [
    ("import keras\nx = 1\nraise ValueError('no such thing')", "failed before an image reached a model: ValueError: no such thing (predict.py:3)"),
    ("import nowhere_to_be_found", "No module named 'nowhere_to_be_found' (predict.py:1)"),
    ("import argparse\np = argparse.ArgumentParser()\np.add_argument('image')\np.parse_args()",
     "the following arguments are required: image; arguments are given with --argument"),
    ("import sys\nsys.exit('usage: predict.py IMAGE')", "usage: predict.py IMAGE"),
    ("print('nothing to do')", "predict.py was run to its end and asked no Keras model."),
    ("import keras, numpy as np\nkeras.Model().predict(np.zeros((5, 7)))", "gave its models no images, but numbers of the shape 5 x 7"),
    ("import time\ntime.sleep(60)", "no image reached a model within 1 seconds"),
    ("input('which image? ')", "EOFError"),
    ("import os\nos._exit(3)", "its process died before an image reached a model"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "words"), FAILURES)
def test_why_nothing_was_seen_is_one_sentence(tmp_path, code, words):
    found = run_script(script(tmp_path, code), seconds=1 if "sleep" in code else 60)
    assert words in found.failed and not found.rows and "\n" not in found.failed


def test_a_notebook_is_not_run(tmp_path):
    (tmp_path / "predict.ipynb").write_text("{}")
    assert "a .py file can be run" in run_script(tmp_path / "predict.ipynb").failed


def test_arguments_reach_the_script_and_modules_of_ours_do_not_hide_its_own(tmp_path):
    code = """
        import sys
        import files  # a name that valscope has beside its runner
        import numpy as np
        import keras
        from PIL import Image
        keras.Model().predict(np.array([np.asarray(Image.open(p).resize((16, 16), 2)) for p in sys.argv[1:]]) / files.SCALE)
    """
    paths = textured(tmp_path / "photos", 4)
    found = measured(run_script(script(tmp_path, code, files="SCALE = 255"), paths), [])
    assert found.preparation is not None and list(found.files) == paths and found.preparation.scale == "unit"


def test_a_script_that_fails_midway_is_measured_by_what_it_showed(tmp_path):
    textured(tmp_path / "photos", 6)
    capture = run_script(script(tmp_path, LOOP + "    raise RuntimeError('disk full')", prep=PREP))
    assert len(capture.rows) == 6 and "after 6 images: RuntimeError: disk full" in capture.failed
    assert measured(capture, []).preparation is not None


def test_images_of_another_size_than_the_model_takes_are_said_so(tmp_path):
    textured(tmp_path / "photos")
    found = measured(run_script(script(tmp_path, LOOP, prep=PREP)), [], (), (32, 32, 3))
    assert found.failed == "Its model gets images of 16 x 16 x 3, the model given takes 32 x 32 x 3."


TRUE = Preparation(16, 16, scale="symmetric", fast_decode=False)


def test_paths_are_compared_by_what_the_script_does_and_not_by_what_its_code_seems_to(tmp_path):
    photos = tmp_path / "photos"
    textured(photos)
    path = script(tmp_path, LOOP, prep=PREP)
    equal = compare_paths(TRUE, path, photos, run_script=True)
    assert equal.equal and equal.n == 12 and "predict.py was run" in " ".join(equal.notes)
    other = compare_paths(TRUE.but(scale="unit"), path, photos, run_script=True)
    assert [stage.stage for stage in other.stages] == ["scale"] and other.second.name.endswith(
        "predict.py as run"
    )
    assert other.stages[0].second == "x / 127.5 - 1"


def test_a_scale_without_a_name_is_told_as_a_formula_with_its_difference(tmp_path):
    textured(tmp_path / "photos")
    rounded = PREP.replace(
        'return np.asarray(image, "float32")', "return np.rint(np.asarray(image) / 3.0) * 3"
    )
    path = script(tmp_path, LOOP, prep=rounded.replace("/ HALF - 1", "/ 100 + 3"))
    (stage,) = compare_paths(TRUE, path, tmp_path / "photos", run_script=True).stages
    assert (
        stage.stage == "scale"
        and stage.second.endswith(" + 3")
        and stage.gap is not None
        and stage.gap.most > 3
    )


def test_where_running_fails_reading_goes_on_and_both_reasons_are_told(tmp_path):
    textured(tmp_path / "photos")
    code = """
        import keras
        import numpy as np
        from PIL import Image
        model = keras.models.load_model("m.keras")
        x = np.asarray(Image.open("x.png").resize((16, 16), Image.BILINEAR)) / 255.0
        print(model.predict(x[None]))
    """
    found = compare_paths(
        TRUE.but(scale="unit"), script(tmp_path, code), tmp_path / "photos", run_script=True
    )
    assert found.equal and "has no attribute 'models'" in " ".join(found.notes)
    with pytest.raises(UsageError, match=r"failed before an image.*Reading it instead"):
        compare_paths(TRUE, script(tmp_path, "import nowhere"), tmp_path / "photos", run_script=True)
    with pytest.raises(UsageError, match="--run-script runs a script"):
        compare_paths(TRUE, TRUE, tmp_path / "photos", run_script=True)


def test_without_leave_nothing_is_run(tmp_path):
    photos = tmp_path / "photos"
    textured(photos)
    path = script(tmp_path, "open('ran', 'w').close()\n" + "import keras\nimport cv2\nm = keras.Model()\n"
                  "x = cv2.resize(cv2.imread('x.png'), (16, 16)) / 255.0\nprint(m.predict(x[None]))")  # fmt: skip
    for leave in (False, True):
        compare_paths(TRUE, path, photos, run_script=leave)
        assert (tmp_path / "ran").exists() == leave
