"""The two ways in which code uses a network: with its training images and when it predicts."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.rebuild.given import case, keras_file, layer, photos
from valscope.case.rebuild import Ways, pipelines_from_script
from valscope.evidence.script import read_script
from valscope.nouns.pipeline import Decision
from valscope.nouns.training import Serving

TRAIN = """
    from keras.preprocessing.image import ImageDataGenerator, load_img, img_to_array
    from keras.models import Sequential
    from keras.layers import Conv2D, Flatten, Dense
    gen = ImageDataGenerator({scale})
    train = gen.flow_from_directory('photos', target_size=(20, 30){more})
    model = Sequential()
    model.add(Conv2D(4, (3, 3), input_shape=(20, 30, 3)))
    model.add(Flatten())
    model.add(Dense({units}, activation='{end}'))
    model.compile('adam', 'binary_crossentropy')
    model.fit_generator(train, epochs=3)
"""
PREDICT = """
    for name in names:
        image = load_img(name, target_size=(20, 30))
        image = img_to_array(image){scaled}
        score = model.predict(np.expand_dims(image, axis=0))
        {decide}
"""


def ways(code: str, classes: tuple[str, ...] = ()) -> Ways:
    found = pipelines_from_script([read_script(dedent(code), "use.py")], classes=classes)
    assert isinstance(found, Ways), found
    return found


def both(scale: str = "rescale=1./255", scaled: str = "/ 255.", decide: str = "print(score)", units: int = 1,
         end: str = "sigmoid", more: str = "", classes: tuple[str, ...] = ()) -> Ways:  # fmt: skip
    train = dedent(TRAIN).format(scale=scale, units=units, end=end, more=more)
    return ways(train + dedent(PREDICT).format(scaled=scaled, decide=decide), classes)


def test_the_same_way_on_both_sides() -> None:
    found = both()
    assert found.served is not None and found.served.preparation == found.trained.preparation
    assert found.trained.preparation is not None and found.trained.preparation.kernel == "nearest"
    assert found.served.decision == found.trained.decision == Decision("threshold", 0.5)


@pytest.mark.parametrize(
    ("means", "order"),
    [
        (
            "image = image - np.array([103.939, 116.779, 123.68])",
            "bgr",
        ),  # cv2 gives BGR, and nothing turns it
        ("image[..., 0] -= 103.939; image[..., 1] -= 116.779; image[..., 2] -= 123.68", "bgr"),
        (
            "image = keras.applications.vgg16.preprocess_input(image)",
            "rgb",
        ),  # which turns what it takes for RGB
    ],
)
def test_a_mean_written_as_numbers_turns_no_channels(means: str, order: str) -> None:
    use = f"""
    for name in names:
        image = cv2.resize(cv2.imread(name), (30, 20)).astype('float32')
        {means}
        score = model.predict(np.expand_dims(image, axis=0))
        print(score)
    """
    found = ways(dedent(TRAIN).format(scale="rescale=1./255", units=1, end="sigmoid", more="") + dedent(use))
    assert found.served is not None and found.served.preparation is not None
    assert (found.served.preparation.scale, found.served.preparation.order) == ("caffe", order)


def test_a_scale_that_prediction_forgets() -> None:
    found = both(scaled="")
    assert (
        found.trained.preparation is not None
        and found.served is not None
        and found.served.preparation is not None
    )
    assert (found.trained.preparation.scale, found.served.preparation.scale) == ("unit", "none")


@pytest.mark.parametrize(
    ("decide", "decision"),
    [
        ("if score[0][0] == 1: hits += 1", Decision("equals", 1.0)),
        ("if score[0][0] == 0: hits += 1", Decision("equals", 0.0, inverted=True)),
        ("if score[0][0] > 0.7: hits += 1", Decision("threshold", 0.7)),
        ("answer = int(score[0][0])", Decision("truncated")),
        ("answer = score.astype(int)", Decision("truncated")),
        ("answer = np.round(score)", Decision("threshold", 0.5)),
        ("answer = np.argmax(score)", Decision("argmax")),
        ("if score[0][0]: hits += 1", Decision("equals", 0.0, inverted=True)),
    ],
)
def test_decisions_on_one_score(decide: str, decision: Decision) -> None:
    found = both(decide=decide)
    assert found.served is not None and found.served.decision == decision


def test_a_column_of_several() -> None:
    found = both(units=2, end="softmax", decide="if score[0][1] > 0.5: hits += 1")
    assert found.served is not None and found.served.decision == Decision("threshold", 0.5, 1)


def test_other_readers_bring_their_kernel_and_their_channels() -> None:
    code = dedent(TRAIN).format(scale="rescale=1./255", units=3, end="softmax", more="")
    found = ways(code + dedent("""
        image = cv2.imread('new.jpg')
        image = cv2.resize(image, (30, 20)) / 255.0
        print(np.argmax(model.predict(image[np.newaxis])))
    """))  # fmt: skip
    assert found.served is not None and found.served.preparation is not None
    assert (found.served.preparation.order, found.served.preparation.kernel) == ("bgr", "bilinear")
    assert not found.served.preparation.antialias and found.trained.preparation.order == "rgb"  # type: ignore[union-attr]


def test_class_names_in_another_order() -> None:
    classes = ("ash", "beech", "oak")
    found = both(
        units=3,
        end="softmax",
        decide="print(labels[np.argmax(score)])\nlabels = ['oak', 'ash', 'beech']",
        classes=classes,
    )
    assert found.served is not None and found.served.order == (2, 0, 1) and found.trained.order is None
    own = both(units=3, end="softmax", more=", classes=['oak', 'ash', 'beech']", classes=classes)
    assert own.served is not None and own.trained.order == own.served.order == (2, 0, 1)


def test_dividing_by_255_before_preprocessing_has_a_name() -> None:
    found = both(
        scale="rescale=1./255, preprocessing_function=keras.applications.mobilenet_v2.preprocess_input",
        scaled="",
    )
    assert found.trained.preparation is not None and found.trained.preparation.scale == "unit_symmetric"


def test_labels_of_a_feed_that_shuffles() -> None:
    code = dedent(TRAIN).format(scale="rescale=1./255", units=3, end="softmax", more="")
    found = ways(code + dedent("""
        test = gen.flow_from_directory('test', target_size=(20, 30))
        answers = model.predict_generator(test)
        print(confusion_matrix(test.classes, np.argmax(answers, axis=1)))
    """))  # fmt: skip
    assert found.served is not None and not found.served.aligned


def test_code_without_images_is_not_measured() -> None:
    found = pipelines_from_script([read_script("print(1)", "a.py")])
    assert not found and not pipelines_from_script([])


def test_a_model_with_photos_and_both_scripts(tmp_path: Path) -> None:
    model = keras_file(
        tmp_path / "m.keras", layer("InputLayer", batch_shape=[None, 20, 30, 3]), layer("Flatten"),
        layer("Dense", units=3, activation="softmax"),
    )  # fmt: skip
    code = dedent(TRAIN).format(scale="rescale=1./255", units=3, end="softmax", more="")
    code += dedent(PREDICT).format(scaled="", decide="print(np.argmax(score))")
    served = case(tmp_path, code, model, photos(tmp_path / "photos")).serving
    assert isinstance(served, Serving) and served.served is not None and served.served.preparation is not None
    assert served.served.preparation.scale == "none" and served.trained.decision == Decision()
    bare = case(tmp_path, "x = 1", model, tmp_path / "photos").serving
    assert not bare and "how images were prepared" in bare.reason


VALIDATED = """
    from keras.preprocessing.image import ImageDataGenerator
    train = ImageDataGenerator(rescale=1./255, horizontal_flip=True).flow_from_directory('d/train', target_size=(20, 30))
    val = ImageDataGenerator({scale}).flow_from_directory('d/val', target_size=(20, 30))
    model = Sequential([Conv2D(4, 3, input_shape=(20, 30, 3)), Flatten(), Dense(2, activation='softmax')])
    model.compile('adam', 'categorical_crossentropy')
    model.fit(train, validation_data=val, epochs=3)
"""


def test_a_validation_that_prepares_otherwise_is_the_other_way() -> None:
    found = ways(VALIDATED.format(scale=""))
    assert found.use == "val" and found.served is not None
    assert found.trained.preparation is not None and found.served.preparation is not None
    assert (found.trained.preparation.scale, found.served.preparation.scale) == ("unit", "none")


def test_a_validation_that_prepares_alike_is_no_other_way() -> None:
    """Random changes of training images are no part of how images are prepared."""
    found = ways(VALIDATED.format(scale="rescale=1./255"))
    assert found.served is None and found.use == "predict"
