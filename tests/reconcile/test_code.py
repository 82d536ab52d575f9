"""What is to be written is code: it runs, does what the reference does, and keeps the user's own line where it can."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageOps
from seeing import TRUE, Formula, drawn

import valscope
from valscope.data.pixels.prepare import pixels
from valscope.data.pixels.scale import SCALES, apply
from valscope.nouns.pipeline import Decision
from valscope.nouns.preparation import Preparation
from valscope.reconciling.axes import AXES, with_value
from valscope.reconciling.code import code_for, scale_code
from valscope.reconciling.edits import edited
from valscope.reconciling.variants import Space, class_orders
from valscope.report.reconcile_text import reconcile_lines
from valscope.serving import decide

CLASSES = ("Apfel", "Bäume", "cloud", "drain")
WIDE = TRUE.but(preparation=Preparation(12, 20, scale="symmetric", fast_decode=False))
ONE = WIDE.but(decision=Decision("threshold", 0.5))

EDITS = [
    ("class order", 'names = ["drain", "cloud", "Bäume", "Apfel"]', WIDE, 'names = ["Apfel", "Bäume", "cloud", "drain"]'),
    ("class order", "names = {0: 'drain', 1: 'cloud'}", WIDE, 'names = {0: "Apfel", 1: "Bäume", 2: "cloud", 3: "drain"}'),
    ("class order", "LABELS = [", WIDE, 'LABELS = ["Apfel", "Bäume", "cloud", "drain"]'),
    ("class order", "return ('drain', 'cloud', 'Bäume', 'Apfel')[i]", WIDE, 'return ["Apfel", "Bäume", "cloud", "drain"][i]'),
    ("scale", 'x = image.astype("float32") / 255.0', WIDE, 'x = image.astype("float32") / 127.5 - 1.0'),
    ("scale", "return x / 255, y", WIDE, "return x / 127.5 - 1.0, y"),
    ("scale", "x = np.array(img) / 255.", with_value("scale", "none", WIDE), "x = np.array(img)"),
    ("scale", "x = img / 127.5 - 1", with_value("scale", "unit", WIDE), "x = img / 255.0"),
    ("scale", "gen = ImageDataGenerator(rescale=1./255)", WIDE,
     "gen = ImageDataGenerator(preprocessing_function=lambda x: x / 127.5 - 1.0)"),
    ("scale", "x = (img - mean) / 255.0", WIDE, ""),
    ("decision", "label = 1 if y[0][0] == 1.0 else 0", ONE, "label = 1 if y[0][0] >= 0.5 else 0"),
    ("decision", "label = int(y[0] > 0)", ONE, "label = int(y[0] >= 0.5)"),
    ("decision", "k = np.argmin(y)", WIDE, "k = np.argmax(y)"),
    ("channel order", "img = cv2.imread(str(path))", WIDE, "img = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)"),
    ("EXIF", "img = Image.open(path)", WIDE, "img = ImageOps.exif_transpose(Image.open(path))"),
    ("EXIF", "img = cv2.imread(path)", with_value("EXIF", False, WIDE),
     "img = cv2.imread(path, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)"),
    ("EXIF", "img = ImageOps.exif_transpose(Image.open(path))", with_value("EXIF", False, WIDE), "img = Image.open(path)"),
    ("colour", 'img = Image.open(path).convert("L")', WIDE, 'img = Image.open(path).convert("RGB")'),
    ("resize", "img = cv2.resize(img, (20, 12))", with_value("resize", ("area", False), WIDE),
     "img = cv2.resize(img, (20, 12), interpolation=cv2.INTER_AREA)"),
    ("resize", "img = cv2.resize(img, (20, 12), interpolation=cv2.INTER_AREA)",
     with_value("resize", ("bilinear", False), WIDE), "img = cv2.resize(img, (20, 12), interpolation=cv2.INTER_LINEAR)"),
    ("resize", "img = img.resize((20, 12))", WIDE, "img = img.resize((20, 12), Image.Resampling.BILINEAR)"),
    ("resize", "img = load_img(path, target_size=(12, 20))", WIDE,
     'img = load_img(path, target_size=(12, 20), interpolation="bilinear")'),
    ("resize", "img = tf.image.resize(img, (12, 20))", WIDE, ""),
    ("axes", "img = cv2.resize(img, (12, 20))", WIDE, "img = cv2.resize(img, (20, 12))"),
    ("mode", "y = model(x, training=True)", WIDE, "y = model(x, training=False)"),
]  # fmt: skip


@pytest.mark.parametrize(("axis", "quote", "reference", "mended"), EDITS)
def test_the_users_own_line_is_mended(axis, quote, reference, mended):
    assert edited(axis, quote, reference, CLASSES) == mended
    assert mended == "" or edited(axis, mended, reference, CLASSES) == "", "a mended line needs no mending"


@pytest.mark.parametrize("axis", [a for a in AXES if a != "checkpoint"])
def test_every_setting_of_every_axis_has_a_line_of_code(axis):
    model = Formula().about
    space = Space(model, True, class_orders(CLASSES, 4))
    for pipeline in (WIDE, *space.others(axis, WIDE)):
        line = code_for(axis, pipeline, model, CLASSES)
        if axis != "alignment":
            compile(line, "line", "exec")
        assert line.strip() and not line.startswith("#")


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize(("colour", "order"), [("rgb", "rgb"), ("rgb", "bgr"), ("grey", "rgb")])
def test_code_of_a_scale_gives_its_numbers(scale, colour, order):
    p = Preparation(6, 6, colour, order, scale=scale)
    values = np.random.default_rng(0).integers(0, 256, (1, *p.shape), np.uint8)
    space = {"x": values[..., ::-1] if order == "bgr" else values, "np": np}
    exec(scale_code(p), space)
    assert np.allclose(space["x"], apply(values, p), atol=2e-2 if "255" in scale_code(p) else 1e-3, rtol=1e-3)


PREPARED = [("geometry", "crop"), ("geometry", "pad"), ("colour", "grey_rgb"), ("resize", ("lanczos", True)),
            ("axes", "reshaped"), ("EXIF", True)]  # fmt: skip


@pytest.mark.parametrize(("axis", "value"), PREPARED)
def test_code_of_a_preparation_gives_its_pixels(tmp_path, axis, value):
    image = Image.fromarray(np.random.default_rng(1).integers(0, 256, (24, 40, 3), np.uint8))
    image.save(tmp_path / "a.png")
    wanted = with_value(
        axis, value, with_value("resize", ("nearest", True), WIDE) if axis != "resize" else WIDE
    )
    space = {"image": image, "np": np, "Image": Image, "ImageOps": ImageOps}
    line = code_for(axis, wanted, Formula().about, CLASSES)
    exec(line if axis != "axes" else line.replace("(12, 20))", "(12, 20), Image.Resampling.NEAREST)"), space)
    found = np.asarray(space.get("x", space["image"]))
    if found.shape[:2] != (12, 20):
        found = np.asarray(space["image"].resize((20, 12), Image.Resampling.NEAREST))
    assert (found == pixels(str(tmp_path / "a.png"), wanted.preparation)).mean() > 0.95


@pytest.mark.parametrize(
    "rule", [Decision("truncated"), Decision("equals", 1.0), Decision("threshold", 0.5, inverted=True)]
)
def test_code_of_a_decision_gives_its_classes(rule):
    y = np.array([[0.0], [0.4], [0.6], [1.0]], np.float32)
    space = {"y": y, "np": np}
    exec(code_for("decision", TRUE.but(decision=rule), Formula("sigmoid", 1).about, CLASSES[:2]), space)
    assert (space["number"] == decide(y, TRUE.but(decision=rule))).all()


PREDICT = """
import cv2, keras, numpy as np
model = keras.models.load_model("model.keras")
class_names = ["drain", "cloud", "brick", "apple"]

def predict(path):
    image = cv2.imread(path)
    image = cv2.resize(image, (16, 16))
    x = image.astype("float32") / 255.0
    y = model.predict(x[None])
    return class_names[int(np.argmax(y[0]))]
"""


def test_the_lines_of_a_script_are_quoted_and_mended(tmp_path):
    script = tmp_path / "predict.py"
    script.write_text(PREDICT)
    found = valscope.reconcile(Formula(), drawn(), trained=TRUE, predict_script=script)
    (whole,) = found.waterfalls
    falls = {fall.step.axis: fall for fall in whole.falls}
    assert falls["class order"].line.quote.startswith("class_names = ")
    assert falls["class order"].change == 'class_names = ["apple", "brick", "cloud", "drain"]'
    assert falls["channel order"].line.quote == "image = cv2.imread(path)"
    assert falls["channel order"].change == "image = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)"
    assert falls["resize"].line.quote == "image = cv2.resize(image, (16, 16))"
    said = "\n".join(reconcile_lines(found))
    assert 'write     class_names = ["apple", "brick", "cloud", "drain"]' in said
    assert "write     " + falls["resize"].change not in said, "what costs nothing needs no mending"
