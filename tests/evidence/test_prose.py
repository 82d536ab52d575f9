"""What sentences, tables and printed arrays state, in any language; what is ambiguous stays a candidate."""

from typing import Any

import pytest

from valscope.evidence.logs.number import reading
from valscope.evidence.post import read_post_lines
from valscope.evidence.text import text_lines
from valscope.nouns import stated
from valscope.nouns.stated import (
    ClassCounts,
    ClassIndices,
    ClassNumber,
    ClassWeights,
    Confusion,
    Count,
    ImageSize,
    KofN,
    LearningRates,
    NamedNumber,
    NumberList,
    PartSize,
    PercentOf,
    Probabilities,
    SplitShares,
    StatedScore,
)  # fmt: skip


def said(text: str, *kinds: type) -> list[Any]:
    """The values that a text states, of some kinds only if any are given."""
    return [
        f.value for f in read_post_lines(text_lines(text)).stated if not kinds or isinstance(f.value, kinds)
    ]


@pytest.mark.parametrize(
    ("text", "labels", "counts"),
    [
        (
            "There are 2140 items of class 0, 1470 of class 1 and 765 of class 2.",
            ("0", "1", "2"),
            (2140, 1470, 765),
        ),
        ("class 0 has 2140 images, 1 has 1470 and 2 has 765", ("0", "1", "2"), (2140, 1470, 765)),
        (
            "The classes 0, 1, 2 have 2140, 1470 and 765 images respectively.",
            ("0", "1", "2"),
            (2140, 1470, 765),
        ),
        ("数据不平衡:类别0有2140个项目,类别1有1470,类别2有765。", ("0", "1", "2"), (2140, 1470, 765)),
        ("クラス0は2140枚、クラス1は1470枚、クラス2は765枚です。", ("0", "1", "2"), (2140, 1470, 765)),
        ("Klasse 0 hat 2.140 Bilder, Klasse 1 hat 1.470 Bilder.", ("0", "1"), (2140, 1470)),
        ("la clase 1 tiene 2140 imágenes y la clase 2 tiene 1470", ("1", "2"), (2140, 1470)),
        ("класс 0: 2140 изображений, класс 1: 1470 изображений", ("0", "1"), (2140, 1470)),
        ("클래스 0은 2140장, 클래스 1은 1470장입니다.", ("0", "1"), (2140, 1470)),
        ("24张图像(来自0类的14张图像和来自2类的10张图像)", ("0", "2"), (14, 10)),
        ("Counter({0: 2140, 1: 1470, 2: 765})", ("0", "1", "2"), (2140, 1470, 765)),
        ("{'cat': 1200, 'dog': 800}", ("cat", "dog"), (1200, 800)),
        ("0    2140\n1    1470\n2     765\nName: label, dtype: int64", ("0", "1", "2"), (2140, 1470, 765)),
        ("Images per class:\ncat 1200\ndog 800", ("cat", "dog"), (1200, 800)),
        ("| class | images |\n|---|---|\n| cat | 1200 |\n| dog | 800 |", ("cat", "dog"), (1200, 800)),
    ],
)
def test_items_of_classes(text: str, labels: tuple[str, ...], counts: tuple[int, ...]) -> None:
    assert [(c.labels, c.counts) for c in said(text, ClassCounts)] == [(labels, counts)]


@pytest.mark.parametrize(
    "text",
    [
        "The first layer has 32 filters, the second 64 and the third 128.",
        "I tried 0.01, 0.007 and 0.005 with 20 epochs and batch size 32.",
        "epochs: 50\nbatch size: 32\nworkers: 4",
        "Left = 478 (79%)\nRight = 170\nTotal = 648",
        "Keras 2.2.4, TensorFlow 1.13.1, Python 3.6",
        "2019-06-12 14:27:45",
    ],
)
def test_other_numbers_are_no_counts_of_classes(text: str) -> None:
    assert said(text, ClassCounts, PartSize, SplitShares) == []


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("I have 1,940 images for training and 650 for validation.", [(1940, "train"), (650, "val")]),
        ("我有1,940张用于训练的图像,650张用于验证的图像", [(1940, "train"), (650, "val")]),
        ("訓練画像は1940枚、検証画像は650枚です", [(1940, "train"), (650, "val")]),
        ("1940 Trainingsbilder, 650 Bilder zur Validierung", [(1940, "train"), (650, "val")]),
        ("tengo 1940 imágenes de entrenamiento y 650 imágenes de prueba", [(1940, "train"), (650, "test")]),
        ("1940 изображений для обучения, 650 изображений для проверки", [(1940, "train"), (650, "val")]),
        ("training: 3000, validation: 500", [(3000, "train"), (500, "val")]),
        ("Found 1939 images belonging to 2 classes.", [(1939, None)]),
        (
            "Found 500 files belonging to 5 classes.\nUsing 400 files for training.",
            [(500, None), (400, "train")],
        ),
        ("x_train shape: (1939, 64, 64, 3)", [(1939, "train")]),
        ("1939 train samples\n650 test samples", [(1939, "train"), (650, "test")]),
    ],
)
def test_sizes_of_parts(text: str, sizes: list[tuple[int, str | None]]) -> None:
    assert [(p.images, p.part) for p in said(text, PartSize)] == sizes


def test_printed_sizes_are_marked() -> None:
    assert said("Found 1939 images belonging to 2 classes.") == [PartSize(1939, None, 2, printed=True)]
    assert said("Train on 3056 samples, validate on 1311 samples\nEpoch 1/5\n") == [
        PartSize(3056, "train", printed=True),
        PartSize(1311, "val", printed=True),
    ]


def test_about_is_not_exact() -> None:
    assert said("大约13000张图像要训练", PartSize) == [PartSize(13000, "train", exact=False)]
    assert said("I have about 8k images in all", Count) == [Count(8000, exact=False)]


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("train 70%, validation 15%, test 15%", SplitShares(0.7, 0.15, 0.15)),
        ("三个子集(训练70%,验证15%,测试15%)", SplitShares(0.7, 0.15, 0.15)),
        ("80 % Training, 20 % Validierung", SplitShares(0.8, 0.2, None)),
        ("an 80/20 split", SplitShares(0.8, 0.2, None)),
        ("a 70:15:15 split of the data", SplitShares(0.7, 0.15, 0.15)),
    ],
)
def test_shares_of_a_split(text: str, shares: SplitShares) -> None:
    assert said(text, SplitShares) == [shares]


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("val_acc rises to 98.38%", StatedScore("accuracy", reading("98.38%"), "val")),
        ("• val_acc增加到98.38%", StatedScore("accuracy", reading("98.38%"), "val")),
        ("Die Genauigkeit bleibt bei 33,33 %", StatedScore("accuracy", reading("33,33%"), None)),
        ("训练准确度停留在 ~33.33%", StatedScore("accuracy", reading("33.33%"), "train")),
        ("I get 75.7% accuracy", StatedScore("accuracy", reading("75.7%"), None)),
        ("У меня точность на валидации только 61,5%", StatedScore("accuracy", reading("61,5%"), "val")),
        ("the validation loss stays at 1.0986", StatedScore("loss", reading("1.0986"), "val")),
    ],
)
def test_scores_in_words(text: str, score: StatedScore) -> None:
    assert said(text, StatedScore) == [score]


def test_accuracies_of_parts_are_no_split() -> None:
    assert said("training accuracy 99%, validation accuracy 40%", SplitShares) == []
    assert said("the training accuracy is 50%, the validation accuracy 40%", SplitShares) == []


def test_counts_out_of_counts() -> None:
    assert said("168 of 170 are right, 156 out of 478 are wrong", KofN) == [KofN(168, 170), KofN(156, 478)]
    assert said("100张中有98张是对的", KofN) == [KofN(98, 100)]
    assert said("Epoch 3 of 10 and step 5/20", KofN) == []


def test_percentages_keep_the_counts_beside_them() -> None:
    text = "170 images are called right instead of 324: 98.8 %"
    assert said(text, PercentOf) == [PercentOf(reading("98.8%"), (324, 170))]


def test_output_with_names() -> None:
    assert said("Left = 478 (79%)", NamedNumber) == [NamedNumber("Left", reading("478"), reading("79%"))]


def test_dictionaries() -> None:
    weights = said("weights: {0: 2.0454, 1: 2.9667, 2: 5.7461}", ClassWeights)
    assert [(w.labels, [r.text for r in w.weights]) for w in weights] == [
        (("0", "1", "2"), ["2.0454", "2.9667", "5.7461"])
    ]
    numpy = "class weights {np.int32(0): 0.75, np.int32(1): np.float64(1.5)}"
    assert [(w.labels, [r.value for r in w.weights]) for w in said(numpy, ClassWeights)] == [
        (("0", "1"), [0.75, 1.5])
    ]
    assert said("{'dogs': 1, 'cats': 0}") == [ClassIndices(("cats", "dogs"))]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("all images are 115x45 grey", ImageSize(115, 45)),
        ("所有图像都是115×45的灰度图像", ImageSize(115, 45)),
        ("images of 256 x 256 x 3", ImageSize(256, 256, 3)),
    ],
)
def test_image_sizes(text: str, size: ImageSize) -> None:
    assert said(text, ImageSize) == [size]


def test_kernels_are_no_image_sizes() -> None:
    assert said("3x3 kernels and 2x2 pooling", ImageSize) == []


def test_classes_and_rates() -> None:
    assert said("I want to tell 3 classes apart", ClassNumber) == [ClassNumber(3)]
    assert said("属于3类(两种动物和一组风景图像)", ClassNumber) == [ClassNumber(3)]
    assert said("来自2类的图像", ClassNumber) == []
    assert said("学习率在0.01, 0.007, 0.005几个 epoch", LearningRates) == [
        LearningRates((reading("0.01"), reading("0.007"), reading("0.005")))
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[[50  3]\n [ 4 43]]",
        "array([[50,  3],\n       [ 4, 43]])",
        "tf.Tensor(\n[[50  3]\n [ 4 43]], shape=(2, 2), dtype=int32)",
    ],
)
def test_confusion_matrices(text: str) -> None:
    assert said(text, Confusion) == [Confusion(((50, 3), (4, 43)))]


def test_confusion_matrix_with_labels() -> None:
    assert said("        cat  dog\ncat     50    3\ndog      4   43", Confusion) == [
        Confusion(((50, 3), (4, 43)), ("cat", "dog"))
    ]


def test_softmax_rows() -> None:
    rows = said("[[1. 0. 0.]]\n[[1.0000000e+00 1.2065205e-22 0.0000000e+00]]\n[[0.2 0.3 0.5]]", Probabilities)
    assert [(len(p.rows), p.sums_to_one) for p in rows] == [(3, True)]
    assert rows[0].rows[1][1].value == 1.2065205e-22


def test_outputs_of_one_unit_and_of_independent_ones() -> None:
    assert [(p.sums_to_one, len(p.rows)) for p in said("[[0.9931]]\n[[0.0012]]", Probabilities)] == [
        (False, 2)
    ]
    assert [p.sums_to_one for p in said("[[0.9 0.8]\n [0.1 0.7]]", Probabilities)] == [False]


def test_what_evaluate_returned_is_a_candidate() -> None:
    expected = [NumberList((reading("1.2345"), reading("0.7812")))]
    assert said("[1.2345, 0.7812]") == expected
    assert said("model.evaluate gives [1.2345, 0.7812], why?", NumberList) == expected


REPORT = """              precision    recall  f1-score   support

         cat       0.50      1.00      0.67        10
    sea lion       1.00      0.67      0.80        30

    accuracy                           0.75        40
   macro avg       0.75      0.83      0.73        40
weighted avg       0.88      0.75      0.77        40
"""


def test_classification_report() -> None:
    (report,) = said(REPORT, stated.ClassReport)
    assert [(r.label, r.precision.text, r.recall.text, r.support) for r in report.rows] == [
        ("cat", "0.50", "1.00", 10), ("sea lion", "1.00", "0.67", 30),
    ]  # fmt: skip
    assert (report.accuracy.text, report.total) == ("0.75", 40)


def test_every_fact_has_its_line() -> None:
    facts = read_post_lines(
        text_lines("Hello.\n\nclass 0 has 20 images, class 1 has 30 images\n"), "post.txt"
    ).stated
    assert {(f.source.file, f.source.line) for f in facts} == {("post.txt", 3)}
    assert facts[0].source.quote == "class 0 has 20 images, class 1 has 30 images"
