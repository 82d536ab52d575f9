"""The suggested patch of the user's own code: certain edits only, in several styles of scripts."""

from __future__ import annotations

import ast
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts import (
    GENERATORS,
    OWN_SEQUENCE,
    PREDICTION,
    SCRIPTS,
    SEQUENTIAL,
    SPLITTING,
    TENSORFLOW,
)

from valscope.nouns.fact import Source
from valscope.nouns.trial import Change
from valscope.report.patch import suggest_patch
from valscope.report.patch.suggest import EDITORS


def patched(script: str, diff: str) -> str:
    """The script with a unified diff applied."""
    lines, made, place = script.split("\n"), [], 0
    hunks = diff.split("\n@@ ")[1:]
    for hunk in hunks:
        head, *body = hunk.split("\n")
        start = int(head.split()[0].lstrip("-").split(",")[0]) - 1
        made += lines[place:start]
        place = start
        for line in body:
            if line[:1] in (" ", "-"):
                assert lines[place] == line[1:], (lines[place], line)
                place += 1
            if line[:1] in (" ", "+"):
                made.append(line[1:])
    return "\n".join([*made, *lines[place:]])


def suggested(script: str, needle: str, *changes: tuple[str, str, str], said: str = "") -> str:
    """The script after the patch for changes of settings that stand on the line with `needle`."""
    line = next(i for i, text in enumerate(script.split("\n"), 1) if needle in text)
    quote = script.split("\n")[line - 1].strip()
    places = [(said or setting, Source("s.py", line, quote)) for setting, _, _ in changes]
    return patched(script, suggest_patch({"s.py": script}, [Change(*c) for c in changes], places))


EDITED = [
    (SEQUENTIAL, "validation_split", ("split.kind", "tail", "stratified"),
     "X_train, X_val, y_train, y_val = train_test_split(X, y, test_size=0.3, stratify=y, random_state=0)\nmodel.fit(\n    X_train,\n    y_train,"),
    (SEQUENTIAL, "validation_split", ("split.kind", "tail", "stratified"), "    validation_data=(X_val, y_val),\n"),
    (SEQUENTIAL, "validation_split", ("split.kind", "tail", "stratified"),
     "'''Classifier of three kinds.'''\nfrom sklearn.model_selection import train_test_split\nfrom keras.models"),
    (SEQUENTIAL, "class_weight", ("class_weights", "2.05, 2.97", "none"), "    validation_split = 0.3\n)"),
    (SEQUENTIAL, "rmsprop", ("optimiser.rate", "0.001", "0.0001"), "optimizer = RMSprop(learning_rate=0.0001), loss"),
    (SEQUENTIAL, "rmsprop", ("optimiser.rate", "0.001", "0.0001"), "from keras.optimizers import RMSprop\nfrom keras.models"),
    (SEQUENTIAL, "rmsprop", ("optimiser.name", "rmsprop", "adam"), "optimizer = 'adam', loss"),
    (SEQUENTIAL, "rmsprop", ("loss", "binary_crossentropy", "crossentropy"), "loss = 'categorical_crossentropy', metrics"),
    (SEQUENTIAL, "softmax", ("model.activation", "softmax", "sigmoid"), "Dense(len(classes), activation = 'sigmoid')"),
    (SEQUENTIAL, "Dropout(0.5", ("model.dropout", "0.5", "0.3"), "Dropout(0.3)"),
    (SEQUENTIAL, "epochs", ("stages.1.epochs", "50", "20"), "epochs = 20,"),
    (SEQUENTIAL, "batch_size", ("feed.batch", "32", "16"), "batch_size = 16,"),
    (TENSORFLOW, "learning_rate=LEARNING", ("optimiser.rate", "0.01", "0.001"), "LEARNING_RATE = 0.001\n"),
    (TENSORFLOW, "LEARNING_RATE = ", ("optimiser.rate", "0.01", "0.001"), "LEARNING_RATE = 0.001\n"),
    (TENSORFLOW, "optimizer=", ("optimiser.name", "sgd", "adam"), "tf.keras.optimizers.Adam(learning_rate"),
    (TENSORFLOW, "BinaryCross", ("loss", "binary_crossentropy", "crossentropy"), "tf.keras.losses.CategoricalCrossentropy()"),
    (TENSORFLOW, "training=True", ("model.batchnorm", "training", "inference"), "base(inputs, training=False)"),
    (TENSORFLOW, "trainable = False", ("stages.1.trains", "head", "all"), "base.trainable = True"),
    (TENSORFLOW, "activation=", ("model.activation", "sigmoid", "softmax"), 'Dense(5, activation="softmax")'),
    (TENSORFLOW, "activation=", ("model.config.dense.units", "5", "3"), 'Dense(3, activation="sigmoid")'),
    (TENSORFLOW, "model.fit", ("feed.order", "sequential", "permuted"), "shuffle=True"),
    (TENSORFLOW, "model.fit", ("stages.1.epochs", "20", "40"), "EPOCHS = 40\n"),
    (TENSORFLOW, "EarlyStopping", ("restore_best", "no", "yes"), "EarlyStopping(patience=5, restore_best_weights=True)"),
    (TENSORFLOW, "model.fit", ("preparation.scale", "unit", "symmetric"), "model.fit(images / 127.5 - 1.0, labels"),
    (GENERATORS, "train_datagen =", ("augmentation.rotate", "0.25", "0"), "ImageDataGenerator(rescale = 1./255, zoom_range"),
    (GENERATORS, "train_datagen =", ("augmentation.rotate", "0.25", "0.05"), "rotation_range = 18,"),
    (GENERATORS, "train_datagen =", ("augmentation.flip_vertical", "yes", "no"), "vertical_flip = False"),
    (GENERATORS, "test_datagen =", ("preparation.scale", "unit", "none"), "test_datagen = ImageDataGenerator()"),
    (GENERATORS, "train_datagen =", ("preparation.scale", "unit", "caffe"), "ImageDataGenerator(preprocessing_function=preprocess_input, rotation"),
    (GENERATORS, "training_set =", ("preparation.scale", "unit", "caffe"), "ImageDataGenerator(preprocessing_function=preprocess_input, rotation"),
    (GENERATORS, "train_datagen =", ("preparation.scale", "unit", "caffe"), "from keras.applications.resnet50 import preprocess_input\n"),
    ("net.fit(x_train, y_train, validation_split=.1)\n", "fit", ("split.kind", "tail", "stratified"),
     "x_fit, x_val, y_fit, y_val = train_test_split(x_train, y_train, test_size=.1, stratify=y_train, random_state=0)\nnet.fit(x_fit, y_fit, validation_data=(x_val, y_val))"),
    ("g = ImageDataGenerator()\nt = g.flow(x)\n", "flow", ("preparation.scale", "none", "unit"), "g = ImageDataGenerator(rescale=1.0 / 255)\n"),
    ("a = img / 255.\nb = Rescaling(1./255)(a)\n", "img", ("preparation.scale", "unit_unit", "unit"), "a = img\n"),
    ("def f(x):\n    y = preprocess_input(x / 255.)\n", "255", ("preparation.scale", "unit_caffe", "caffe"), "preprocess_input(x)\n"),
    ("opt = torch.optim.SGD(net.parameters(), lr=0.5)\n", "SGD", ("optimiser.rate", "0.5", "0.01"), "net.parameters(), lr=0.01)"),
    ("opt = torch.optim.SGD(net.parameters(), 0.5)\n", "SGD", ("optimiser.rate", "0.5", "0.01"), "net.parameters(), 0.01)"),
    ("model.compile('adam', 'mse')\n", "compile", ("optimiser.rate", "0.001", "0.01"), "from keras.optimizers import Adam\nmodel.compile(Adam(learning_rate=0.01), 'mse')"),
    (GENERATORS, "test_set =", ("aligned", "no", "yes"), "target_size = (115, 45), shuffle=False)"),
    (GENERATORS, "model.compile", ("loss", "binary_crossentropy", "crossentropy"), "compile('adam', 'categorical_crossentropy')"),
    (PREDICTION, "== 1", ("decision.rule", "equals", "threshold"), "    if result[0][0] > 0.5:\n"),
    (PREDICTION, "load_img", ("preparation.scale", "none", "unit"), "img_to_array(test_image)\n    test_image = test_image / 255.0\n"),
    (PREDICTION, "predict(", ("preparation.scale", "none", "unit"), "    test_image = test_image / 255.0\n    result = "),
    (PREDICTION, "load_img", ("preparation.scale", "none", "symmetric"), "    test_image = test_image / 127.5 - 1.0\n"),
    (OWN_SEQUENCE, "np.max", ("preparation.scale", "image_max", "unit"), "        return rgb / 255.0\n"),
    (OWN_SEQUENCE, "imread", ("preparation.order", "bgr", "rgb"), "        img = cv2.cvtColor(img, cv2.COLOR_BGR2RGB)\n"),
    (OWN_SEQUENCE, "Adam(", ("optimiser.rate", "0.01", "0.0001"), "Adam(0.0001)"),
    (OWN_SEQUENCE, "model.compile", ("loss", "binary_crossentropy", "crossentropy"), "loss=keras.losses.categorical_crossentropy,"),
    (OWN_SEQUENCE, "trainable", ("stages.1.trains", "head", "all"), "    layer.trainable = True\n"),
    (SPLITTING, "train_test_split(X", ("split.kind", "tail", "stratified"), "train_test_split(X, y, test_size=0.2, stratify=y)"),
    (SPLITTING, ".shuffle(", ("feed.buffer", "100", "5000"), ".shuffle(5000)"),
    (SPLITTING, "choice", ("feed.order", "with_replacement", "permuted"), "replace=False)"),
    (SPLITTING, "named =", ("decision.rule", "truncated", "threshold"), "named = (scores > 0.5).astype(int)"),
    (SPLITTING, "one =", ("decision.rule", "truncated", "threshold"), "one = int(scores[0] > 0.5)"),
    (SPLITTING, "best =", ("decision.rule", "argmax", "threshold"), "best = (scores[:, 0] > 0.5).astype(int)"),
    (SPLITTING, "worst =", ("decision.rule", "argmin", "argmax"), "worst = np.argmax(scores, axis=1)"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "needle", "change", "expected"), EDITED)
def test_the_literal_is_edited(script: str, needle: str, change: tuple[str, str, str], expected: str) -> None:
    assert expected in suggested(script, needle, change)


HINTED = [
    (OWN_SEQUENCE, "randint", ("feed.order", "with_replacement", "permuted"),
     "            # suggestion: a new permutation of all images each epoch: rng.permutation(n)\n            index = random.randint"),
    (SPLITTING, "classes =", ("decision.rule", "truncated", "threshold"), "# suggestion: compare the score with 0.5: score > 0.5\nclasses ="),
    (SEQUENTIAL, "softmax", ("model.activation", "softmax", "linear"), "# suggestion: no activation here, and from_logits=True in the loss\n"),
    (PREDICTION, "load_img", ("preparation.scale", "none", "caffe"), "    # suggestion: use the preprocess_input of this backbone\n"),
    (TENSORFLOW, "validation_split", ("split.kind", "tail", "stratified"), "# suggestion: divide shuffled rows"),
    (GENERATORS, "target_size", ("preparation.height", "115", "224"), "# suggestion: height in pixels: 115 -> 224\n"),
    ("steps = n / batch_size\n", "steps", ("preparation.scale", "unit", "caffe"), "# suggestion: use the preprocess_input of this backbone\nsteps = n / batch_size\n"),
    ("x = (x - 127.5) / 127.5\n", "x", ("preparation.scale", "symmetric", "unit"), "# suggestion: divide by 255"),
    ("if p == 0: left += 1\n", "== 0", ("decision.rule", "equals", "threshold"), "# suggestion: compare the score with 0.5"),
    ("f(loss='binary_crossentropy')\ng.flow(class_mode='binary')\n", "loss", ("loss", "binary_crossentropy", "crossentropy"), "# suggestion: loss"),
]  # fmt: skip


@pytest.mark.parametrize(("script", "needle", "change", "expected"), HINTED)
def test_what_is_not_certain_is_said_in_a_comment(
    script: str, needle: str, change: tuple[str, str, str], expected: str
) -> None:
    made = suggested(script, needle, change)
    assert expected in made
    assert [line for line in made.split("\n") if "# suggestion" not in line] == script.split("\n")


def test_nothing_is_suggested_without_a_line() -> None:
    change = Change("optimiser.rate", "0.01", "0.001")
    assert suggest_patch({"s.py": SEQUENTIAL}, [change], []) == ""
    assert suggest_patch({}, [change], [("optimiser.rate", Source("s.py", 9, ""))]) == ""
    assert (
        suggest_patch({"s.py": SEQUENTIAL}, [change], [("optimiser.rate", Source("other.py", 9, ""))]) == ""
    )
    beyond = Source("s.py", 900, "model.compile(optimizer='x')")
    assert suggest_patch({"s.py": SEQUENTIAL}, [change], [("optimiser.rate", beyond)]) == ""


def test_a_line_is_found_by_what_was_quoted_where_its_number_is_another() -> None:
    change = Change("stages.1.epochs", "50", "20")
    moved = Source("s.py", 3, "epochs = 50,")
    assert "+    epochs = 20," in suggest_patch({"s.py": SEQUENTIAL}, [change], [("stages.epochs", moved)])


def test_several_settings_of_one_line_are_all_edited() -> None:
    made = suggested(
        OWN_SEQUENCE, "model.compile", ("optimiser.rate", "0.01", "0.001"), ("loss", "binary_crossentropy", "crossentropy")
    )  # fmt: skip
    assert "keras.losses.categorical_crossentropy" in made
    assert "Adam(0.001)" in made


def test_lines_end_as_in_the_file_and_patch_applies_it(tmp_path: Path) -> None:
    script = SEQUENTIAL.replace("\n", "\r\n").rstrip()
    line = 1 + SEQUENTIAL.split("\n").index("    validation_split = 0.3,")
    places = [("split.kind", Source("s.py", line, "validation_split = 0.3,"))]
    diff = suggest_patch({"s.py": script}, [Change("split.kind", "tail", "stratified")], places)
    (tmp_path / "s.py").write_bytes(script.encode())
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], input=diff.encode(), cwd=tmp_path, capture_output=True, check=False,
        env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "PATH": "/usr/bin:/bin:/usr/local/bin"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "s.py").read_bytes().decode()
    assert "\r\nX_train, X_val, y_train, y_val = train_test_split(" in written
    assert written.count("\n") == written.count("\r\n")


LISTS = [
    ('names = ["dog", "cat", "owl"]', "1, 0, 2", "none", 'names = ["cat", "dog", "owl"]'),
    ("names = ('owl', 'cat', 'dog')", "2, 0, 1", "none", "names = ('cat', 'dog', 'owl')"),
    ('names = ["dog", "cat",\n         "owl",]', "1, 0, 2", "none", 'names = ["cat", "dog",\n         "owl",]'),
    ('names = np.array(["cat", "dog", "owl"])', "none", "2, 0, 1", 'names = np.array(["owl", "cat", "dog"])'),
    ('names = ["dog", "owl", "cat"]', "1, 2, 0", "2, 0, 1", 'names = ["owl", "cat", "dog"]'),
]  # fmt: skip


@pytest.mark.parametrize(("line", "before", "after", "expected"), LISTS)
def test_names_change_places(line: str, before: str, after: str, expected: str) -> None:
    script = f"import numpy as np\n{line}\nprint(names[scores.argmax()])\n"
    assert suggested(script, "names =", ("order", before, after)) == script.replace(line, expected)


@pytest.mark.parametrize(
    "line", ['names = {"dog": 0, "cat": 1}', 'names = ["dog", "cat", "owl"]', "names = load(file)",
             'names = ["a" "b", "c"]', 'show(["dog", "cat"], title="x")'],
)  # fmt: skip
def test_names_that_are_not_one_list_get_a_comment(line: str) -> None:
    script = f"{line}\nprint(1)\n"
    made = suggested(script, line.split("\n")[0], ("order", "1, 0", "none"))
    assert (
        made
        == f"# suggestion: name the classes in the order of class_indices of the training generator\n{script}"
    )


VALUES = ("none", "yes", "no", "0", "0.5", "12", "tail", "stratified", "unit", "caffe", "threshold", "equals", "permuted",
          "crossentropy", "binary_crossentropy", "softmax", "linear", "adam", "all", "head", "rgb", "argmax", "moving",
          "a\nb", "'; import os", "\\", "x" * 300)  # fmt: skip
SETTINGS = (*EDITORS, "stages.1.epochs", "stages.2.trains", "augmentation.rotate", "augmentation.flip_vertical",
            "model.config.dense.units", "nothing.known", "order", "checkpoint")  # fmt: skip


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(SCRIPTS), st.integers(1, 30), st.sampled_from(SETTINGS), st.sampled_from(VALUES), st.sampled_from(VALUES)
)  # fmt: skip
def test_code_that_parsed_still_parses(script: str, line: int, setting: str, before: str, after: str) -> None:
    lines = script.split("\n")
    quote = lines[line - 1] if line <= len(lines) else ""
    diff = suggest_patch(
        {"s.py": script}, [Change(setting, before, after)], [(setting, Source("s.py", line, quote))]
    )
    made = patched(script, diff)
    if script is not PREDICTION:
        ast.parse(made)


@settings(max_examples=60, deadline=None)
@given(st.text("abc(=,):'\"#\\ \n\t\x0c0123.", max_size=120), st.integers(1, 8), st.sampled_from(SETTINGS))
def test_any_text_is_taken(text: str, line: int, setting: str) -> None:
    diff = suggest_patch({"s": text}, [Change(setting, "1", "2")], [(setting, Source("s", line, ""))])
    assert patched(text, diff).count("\n") >= text.count("\n") - 1
