"""A post with anything in it falls into segments by shape, whatever its language."""

import io
import json

import pytest

from valscope.evidence.post import read_post, read_post_lines
from valscope.evidence.text import text_lines
from valscope.nouns.post import Post

CODE = """from keras import layers

model = keras.Sequential([
    layers.Input((64, 64, 3)),
    layers.Dense(3, activation='softmax'),
])
model.fit(x, y, validation_split=0.25)"""
BAR = "84/84 [==============================] - 7s 81ms/step"
LOG = f"""Epoch 1/2
{BAR} - loss: 0.9817 - acc: 0.6217 - val_loss: 1.7733 - val_acc: 0.2811
Epoch 2/2
{BAR} - loss: 0.6240 - acc: 0.7402 - val_loss: 1.9054 - val_acc: 0.2213"""
SUMMARY = """_________________________________________________________________
Layer (type)                 Output Shape              Param #
=================================================================
dense_1 (Dense)              (None, 3)                 36867
=================================================================
Total params: 36,867
Trainable params: 36,867
Non-trainable params: 0
_________________________________________________________________"""
NUMBERS = "[[0.98 0.01 0.01]]\n[[0.97 0.02 0.01]]"
TRACE = """Traceback (most recent call last):
  File "train.py", line 12, in <module>
    model.fit(x, y)
ValueError: Shapes (None, 1) and (None, 3) are incompatible"""
PROSE = {
    "English": ("I train a small network and it always answers class 0.", "This is my code:", "What am I doing wrong?"),
    "Chinese": ("我训练了一个小网络,但它总是回答同一类。", "这是我的代码:", "我哪里做错了?"),
    "Japanese": (
        "小さなネットワークを学習させましたが、いつも同じクラスになります。",
        "コードはこちらです。", "何が悪いのでしょうか。"),
    "Russian": ("Я обучаю небольшую сеть, и она всегда отвечает одним классом.", "Вот мой код:", "Что я делаю не так?"),
    "German": ("Ich trainiere ein kleines Netz, und es antwortet immer gleich.", "Das ist mein Code:", "Was mache ich falsch?"),
    "Spanish": ("Entreno una red pequeña y siempre responde la misma clase.", "Este es mi código:", "¿Qué hago mal?"),
    "Korean": ("작은 신경망을 학습시켰는데 항상 같은 클래스라고 대답합니다.", "제 코드입니다.", "무엇이 잘못되었을까요?"),
    "Arabic": ("أدرب شبكة صغيرة وهي تجيب دائما بنفس الصنف.", "هذه شفرتي:", "ما الخطأ الذي أرتكبه؟"),
}  # fmt: skip


def post(text: str) -> Post:
    return read_post_lines(text_lines(text), "post.txt")


def shape(text: str) -> list[tuple[str, int, int]]:
    return [(s.kind, s.first, s.last) for s in post(text).segments]


def code(text: str) -> list[str]:
    return [s.text.rstrip("\n") for s in post(text).of_kind("code")]


@pytest.mark.parametrize("language", PROSE)
def test_segments_are_told_by_shape(language: str) -> None:
    first, second, third = PROSE[language]
    text = "\n\n".join([first, second, CODE, third, LOG, third, SUMMARY, third, NUMBERS, third, TRACE, third])
    seen = post(text)
    kinds = [s.kind for s in seen.segments]
    assert kinds == [
        "prose", "code", "prose", "log", "prose", "summary", "prose", "numbers", "prose", "traceback", "prose",
    ]  # fmt: skip
    assert code(text) == [CODE]
    assert [len(r.epochs) for r in seen.runs] == [2]
    assert [e.value.code for e in seen.errors] == ["class_numbers_for_one_hot"]
    lines = text.split("\n")
    for segment in seen.segments:
        if segment.kind != "log":
            assert segment.text.split("\n") == lines[segment.first - 1 : segment.last]
    for epoch in seen.runs[0].epochs:
        assert epoch.source.quote == lines[(epoch.source.line or 0) - 1]


def prompted(text: str) -> str:
    return "\n".join(
        (">>> " if line[:1].strip() and line[0] not in "])" else "... ") + line for line in text.split("\n")
    )


@pytest.mark.parametrize(
    "dressed",
    [
        f"```python\n{CODE}\n```",
        prompted(CODE),
        "\n".join(f"{i:3d}: {line}" for i, line in enumerate(CODE.split("\n"), 7)),
        "\n".join(f"{i}\t{line}" for i, line in enumerate(CODE.split("\n"), 1)),
        "\n".join("> " + line for line in CODE.split("\n")),
        CODE.replace("'", "’").replace("    ", "\u00a0\u00a0\u00a0\u00a0"),
        "In [3]: " + CODE.replace("\n", "\n   ...: "),
    ],
    ids=["fence", "prompts", "line numbers", "numbered cells", "quoted", "smart quotes", "notebook prompts"],
)
def test_code_is_undressed(dressed: str) -> None:
    assert "\n".join(code(f"My code:\n\n{dressed}\n\nWhat is wrong with it?")) == CODE


def test_a_forgotten_bracket_does_not_swallow_the_text() -> None:
    text = (
        "model.add(Conv2D(64, (3, 3), activation='relu')\n\nIt learns nothing at all and I do not know why.\n\n"
        + LOG
    )
    assert [k for k, _, _ in shape(text)] == ["code", "prose", "log"]


def test_a_docstring_and_a_comment_are_code() -> None:
    text = 'def f(path):\n    """Read one image and\n    give it back.\n    """\n    # now read it\n    return imread(path)'
    assert shape(text) == [("code", 1, 6)]


def test_output_is_no_code_and_settings_are() -> None:
    assert [k for k, _, _ in shape("Right = 170\nTotal = 648")] == ["prose"]
    assert [k for k, _, _ in shape("batch_size = 32\nepochs = 20\nmodel.fit(x, y)")] == ["code"]


def test_settings_of_a_script_are_no_epochs_and_no_scores() -> None:
    seen = post("acc = 0\nloss = 0.0\nepochs = 50\nfor i in range(epochs):\n    acc = 0.5 * acc\n")
    assert (seen.runs, seen.evaluations) == ((), ())


def test_a_quoted_log_is_no_second_run() -> None:
    last = LOG.split("\n")[-1]
    seen = post(f"{LOG}\n\nAnd the answer was:\n\n{last}\n\nYou are overfitting.")
    assert [len(r.epochs) for r in seen.runs] == [2]
    assert [q.line for q in seen.quotes] == [8]


def test_a_saved_web_page() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>x</title><script>var acc = 0.5;</script></head><body>\n"
        "<p>I have 300 images of class 0 and 200 of class 1.</p>\n<pre><code>"
        + CODE.replace("'", "&#39;") + "</code></pre>\n<div>Output:</div><pre>" + LOG + "</pre>"
        "<table><tr><th>epoch</th><th>train_loss</th><th>valid_loss</th><th>accuracy</th></tr>\n"
        "<tr><td>0</td><td>0.7000</td><td>0.6000</td><td>0.8100</td></tr>\n"
        "<tr><td>1</td><td>0.5000</td><td>0.5500</td><td>0.8300</td></tr></table></body></html>"
    )  # fmt: skip
    seen = read_post(io.BytesIO(page.encode()), "page.html")
    assert [(r.form, len(r.epochs)) for r in seen.runs] == [("keras", 2), ("fastai", 2)]
    assert seen.runs[1].epochs[1].readings["val_accuracy"].text == "0.8300"
    assert "".join(s.text for s in seen.of_kind("code")).rstrip() == CODE
    assert any("counts=(300, 200)" in str(f.value) for f in seen.stated)


def notebook() -> dict[str, object]:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["There are 300 images of class 0 and 200 of class 1."]},
        {
            "cell_type": "code", "execution_count": 1, "metadata": {},
            "outputs": [{"name": "stdout", "output_type": "stream", "text": (LOG + "\n").splitlines(keepends=True)}],
            "source": CODE.splitlines(keepends=True),
        },
    ]  # fmt: skip
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.mark.parametrize("indent", [1, 2, None])
def test_a_notebook(indent: int | None) -> None:
    seen = read_post(io.BytesIO(json.dumps(notebook(), indent=indent).encode()), "a.ipynb")
    assert [len(r.epochs) for r in seen.runs] == [2]
    assert "\n".join(s.text.strip("\n") for s in seen.of_kind("code")) == CODE
    assert any("counts=(300, 200)" in str(f.value) for f in seen.stated)


def test_a_notebook_cut_in_the_middle_is_read_as_far_as_it_goes() -> None:
    whole = json.dumps(notebook(), indent=1)
    seen = read_post(io.BytesIO(whole[: whole.index("0.2213") + 3].encode()), "a.ipynb")
    assert [len(r.epochs) for r in seen.runs] == [2]
    first = seen.runs[0].epochs[0]
    assert LOG.split("\n")[1] in whole.split("\n")[(first.source.line or 0) - 1]


def test_nothing_at_all() -> None:
    assert post("") == Post("post.txt")


@pytest.mark.slow
def test_what_is_too_long_is_said() -> None:
    seen = post("some words without end\n" * 30_000)
    assert "beyond the first 20,000" in seen.notices[0]
