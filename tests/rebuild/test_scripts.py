"""Trainings as users write them, and the recipe that each becomes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from tests.rebuild.given import arrays, case, photos, vectors
from valscope import architecture
from valscope.nouns.recipe import Augmentation, Recipe, Split
from valscope.nouns.training import Training

KERAS2 = """
    from keras.models import Sequential
    from keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Dropout, Activation
    import numpy as np
    import cv2, os
    CATEGORIES = sorted(os.listdir('photos'))
    X, y = [], []
    for number, name in enumerate(CATEGORIES):
        for file in os.listdir(os.path.join('photos', name)):
            image = cv2.imread(os.path.join('photos', name, file))
            X.append(cv2.resize(image, (24, 20)))
            y.append(number)
    {shuffle}
    X = np.array(X) / 255.0
    model = Sequential()
    model.add(Conv2D(8, (3, 3), input_shape=X.shape[1:]))
    model.add(Activation('relu'))
    model.add(MaxPooling2D(pool_size=(2, 2)))
    model.add(Flatten())
    model.add(Dense(len(CATEGORIES)))
    model.add(Activation('softmax'))
    model.compile(loss='sparse_categorical_crossentropy', optimizer='adam', metrics=['accuracy'])
    model.fit(X, y, batch_size=32, epochs=12, validation_split=0.3)
"""
FLOW = """
    from tensorflow.keras.preprocessing.image import ImageDataGenerator
    from tensorflow.keras import layers, models, optimizers
    train_datagen = ImageDataGenerator(rescale=1./255, rotation_range=36, width_shift_range=0.2, shear_range=0.2,
                                       zoom_range=0.3, horizontal_flip=True)
    test_datagen = ImageDataGenerator(rescale=1./255)
    train_generator = train_datagen.flow_from_directory('data/train', target_size=(32, 40), batch_size=20,
                                                        color_mode='grayscale', class_mode='binary')
    validation_generator = test_datagen.flow_from_directory('data/validation', target_size=(32, 40), batch_size=20,
                                                            color_mode='grayscale', class_mode='binary')
    model = models.Sequential([
        layers.Conv2D(4, (3, 3), activation='relu', input_shape=(32, 40, 1)),
        layers.GlobalAveragePooling2D(),
        layers.Dense(1, activation='sigmoid'),
    ])
    model.compile(loss='binary_crossentropy', optimizer=optimizers.RMSprop(learning_rate=1e-4), metrics=['acc'])
    history = model.fit(train_generator, steps_per_epoch=100, epochs=30, validation_data=validation_generator,
                        validation_steps=50)
"""
FUNCTIONAL = """
    import tensorflow as tf
    from sklearn.model_selection import train_test_split
    data = np.load('data.npz')
    X_train, X_rest, y_train, y_rest = train_test_split(data['x'], data['y'], test_size=0.4, random_state=3)
    X_val, X_test, y_val, y_test = train_test_split(X_rest, y_rest, test_size=0.5)
    inputs = tf.keras.Input(shape=(12, 12, 3))
    x = tf.keras.layers.Conv2D(4, 3, padding='same')(inputs)
    x = tf.keras.layers.BatchNormalization()(x)
    y = tf.keras.layers.Activation('relu')(x)
    x = tf.keras.layers.Conv2D(4, 3, padding='same', activation='relu')(y)
    x = tf.keras.layers.Add()([x, y])
    x = tf.keras.layers.Flatten()(x)
    outputs = tf.keras.layers.Dense(3, activation='softmax')(x)
    net = tf.keras.Model(inputs=inputs, outputs=outputs)
    net.compile(tf.keras.optimizers.SGD(0.05, momentum=0.9), tf.keras.losses.SparseCategoricalCrossentropy())
    stop = tf.keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)
    net.fit(X_train, y_train, batch_size=8, epochs=40, validation_data=(X_val, y_val), callbacks=[stop],
            class_weight={0: 1.0, 1: 2.0, 2: 3.5})
"""
SEQUENCE = """
    import keras, random
    from keras.preprocessing.image import load_img, img_to_array
    class Feed(keras.utils.Sequence):
        def __init__(self, files, labels, size):
            self.files, self.labels, self.size = files, labels, size
        def __len__(self):
            return len(self.files) // self.size
        def __getitem__(self, index):
            images, answers = [], []
            for i in range(self.size):
                chosen = {draw}
                images.append(img_to_array(load_img(self.files[chosen], target_size=(16, 16))) / 255.)
                answers.append(self.labels[chosen])
            return np.array(images), np.array(answers)
    train = Feed(files, labels, 4)
    model = keras.Sequential([keras.layers.Flatten(input_shape=(16, 16, 3)), keras.layers.Dense(3, activation='softmax')])
    model.compile('sgd', 'categorical_crossentropy')
    model.fit_generator(train, epochs=3, validation_data=val)
"""
TF_DATA = """
    import tensorflow as tf
    train_ds = tf.keras.utils.image_dataset_from_directory('photos', validation_split=0.25, subset='training', seed=1,
                                                           image_size=(48, 48), batch_size=16)
    val_ds = tf.keras.utils.image_dataset_from_directory('photos', validation_split=0.25, subset='validation', seed=1,
                                                         image_size=(48, 48), batch_size=16)
    model = tf.keras.Sequential([
        tf.keras.layers.RandomFlip('horizontal', input_shape=(48, 48, 3)),
        tf.keras.layers.RandomRotation(0.15),
        tf.keras.layers.Rescaling(1./255),
        tf.keras.layers.Conv2D(8, 3, activation='relu'),
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(3),
    ])
    model.compile(optimizer='adam', loss=tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(train_ds, validation_data=val_ds, epochs=10)
"""


def training(tmp_path: Path, code: str, *others: Path, log: str = "") -> Training:
    found = case(tmp_path, code, *others, log=log).training
    assert isinstance(found, Training), found
    return found


def recipe(tmp_path: Path, code: str, *others: Path, log: str = "") -> Recipe:
    return training(tmp_path, code, *others, log=log).recipe


def test_a_loop_over_folders_with_validation_split(tmp_path: Path) -> None:
    found = recipe(tmp_path, KERAS2.format(shuffle=""), photos(tmp_path / "photos"))
    assert found.split == Split("tail", val=0.3, test=0.0, grouping="none")
    assert found.preparation is not None
    assert found.preparation.shape == (20, 24, 3)  # cv2.resize takes (width, height)
    assert (found.preparation.order, found.preparation.scale, found.preparation.antialias) == (
        "bgr",
        "unit",
        False,
    )
    assert (found.model.activation, found.model.outputs, found.classes) == (
        "softmax",
        "classes",
        ("ash", "beech", "oak"),
    )
    assert architecture.kinds(found.model.config or "") == (
        "Conv2D",
        "Activation",
        "MaxPooling2D",
        "Flatten",
        "Dense",
        "Activation",
    )
    assert (found.optimiser.name, found.optimiser.rate, found.stages[0].epochs) == ("adam", 1e-3, 12)


@pytest.mark.parametrize(
    "line",
    [
        "np.random.shuffle(data)",
        "random.shuffle(training_data)",
        "X, y = shuffle(X, y)",
        "df = df.sample(frac=1)",
    ],
)
def test_rows_that_are_permuted_before_are_drawn_at_random(tmp_path: Path, line: str) -> None:
    found = recipe(tmp_path, KERAS2.format(shuffle=line), photos(tmp_path / "photos"))
    assert (found.split.kind, found.split.val) == ("stratified", 0.3)


@pytest.mark.parametrize(
    "line",
    ["ds = ds.shuffle(1000)", "# random.shuffle(data)", "model.fit(a, b, shuffle=True)", "def shuffle(a):"],
)
def test_a_shuffle_of_something_else_permutes_no_rows(tmp_path: Path, line: str) -> None:
    code = KERAS2.format(shuffle=line + ("\n        pass" if line.startswith("def") else ""))
    assert recipe(tmp_path, code, photos(tmp_path / "photos")).split.kind == "tail"


def test_generators_over_two_folders(tmp_path: Path) -> None:
    data = photos(tmp_path / "data", ("left", "right"), each=20, parts=("train", "validation"))
    found = recipe(tmp_path, FLOW, data)
    assert found.split.kind == "given" and found.loss == "binary_crossentropy"
    assert (found.model.outputs, found.model.activation) == ("one", "sigmoid")
    assert found.augmentation == Augmentation(flip_horizontal=True, rotate=0.1, shift=0.2, zoom=0.3)
    assert found.preparation is not None and found.preparation.kernel == "nearest"
    assert found.preparation.shape == (32, 40, 1) and not found.preparation.exif
    assert (found.feed.batch, found.feed.steps, found.optimiser.rate) == (20, 100, 1e-4)


def test_arrays_split_twice_and_a_network_that_branches(tmp_path: Path) -> None:
    found = recipe(tmp_path, FUNCTIONAL, arrays(tmp_path / "data.npz"))
    assert (found.split.kind, found.split.val, found.split.test) == ("stratified", 0.2, 0.2)
    assert (found.class_weights, found.restore_best) == ((1.0, 2.0, 3.5), True)
    assert (found.stages[0].patience, found.optimiser.momentum) == (4, 0.9)
    assert (
        found.preparation is not None and found.preparation.scale == "none"
    )  # uint8 arrays, used as they are
    assert json.loads(found.model.config or "")["class_name"] == "Functional"


@pytest.mark.parametrize(
    ("draw", "order"),
    [("random.randint(0, len(self.files) - 1)", "with_replacement"), ("index * self.size + i", "batches")],
)
def test_a_sequence_of_ones_own(tmp_path: Path, draw: str, order: str) -> None:
    found = recipe(tmp_path, SEQUENCE.format(draw=draw), photos(tmp_path / "photos"))
    assert found.feed.order == order and found.optimiser.rate == 0.01
    assert found.feed.batch == 4


def test_a_dataset_of_a_folder_with_random_layers_in_the_network(tmp_path: Path) -> None:
    found = recipe(tmp_path, TF_DATA, photos(tmp_path / "photos"))
    assert found.augmentation == Augmentation(flip_horizontal=True, rotate=0.15)
    assert found.preparation is not None and found.preparation.scale == "unit"
    assert architecture.kinds(found.model.config or "") == ("Conv2D", "Flatten", "Dense")
    assert (found.model.activation, found.split.kind, found.split.val) == ("linear", "stratified", 0.25)


def test_a_subset_takes_the_first_files_of_each_class(tmp_path: Path) -> None:
    code = FLOW.replace(
        "ImageDataGenerator(rescale=1./255)", "ImageDataGenerator(rescale=1./255, validation_split=0.2)"
    )
    code = code.replace(
        "ImageDataGenerator(rescale=1./255, r", "ImageDataGenerator(rescale=1./255, validation_split=0.2, r"
    )
    found = recipe(tmp_path, code, photos(tmp_path / "data", ("left", "right")))
    assert (found.split.kind, found.split.val) == ("class_head", 0.2)


def test_feature_vectors_and_weights_that_count_in_validation(tmp_path: Path) -> None:
    code = """
        import keras
        model = keras.models.Sequential()
        model.add(keras.layers.Dense(256, input_shape=(25088,), activation='relu'))
        model.add(keras.layers.Dense(len(classes), activation='softmax'))
        model.compile(optimizer='rmsprop', loss='categorical_crossentropy', metrics=['accuracy'])
        model.fit(X, y, epochs=50, batch_size=32, validation_split=0.3, class_weight=class_weights)
    """
    log = "Epoch 1/50\n3056/3056 [====] - 16s 5ms/step - loss: 3.1452 - acc: 0.9107 - val_loss: 54.5996 - val_acc: 0.3997\n"
    log += "Epoch 2/50\n3056/3056 [====] - 2s 5ms/step - loss: 1.5053 - acc: 0.9627 - val_loss: 53.9704 - val_acc: 0.4134\n"
    made = training(tmp_path, code, vectors(tmp_path / "features.npz"), log=log)
    found = made.recipe
    assert found.preparation is None and found.split.kind == "tail"
    assert found.feed.weighted_validation and found.class_weights == (1.0, 1.0, 1.0)
    assert [(r.part, r.value, r.n) for r in made.reported][1] == ("train", 0.9627, 3056)
    assert any("class weights" in sentence for sentence in made.assumed)


WEIGHED = """
    import numpy as np, keras
    data = np.load('data.npz')
    x, y = data['x'], data['y']
    {weights}
    model = keras.Sequential([keras.layers.Flatten(input_shape=(16, 16, 3)), keras.layers.Dense(3, activation='softmax')])
    model.compile(optimizer='adam', loss='sparse_categorical_crossentropy', metrics=['accuracy'])
    model.fit(x, y, epochs=5, validation_split=0.2, class_weight=w)
"""


@pytest.mark.parametrize(
    ("weights", "log", "expected", "judged"),
    [
        ("w = dict(enumerate(len(y) / (3 * np.bincount(y))))", "", (2.0, 1.0, 2 / 3), True),
        ("w = dict(enumerate(np.bincount(y) / len(y)))", "", (0.428571, 0.857143, 1.28571), True),
        ("w = weights_of(y)", "weights {np.int64(0): 3.5, np.int64(1): 1.25, np.int64(2): 0.5}\n", (3.5, 1.25, 0.5), True),
        ("w = weights_of(y)", "", (2.0, 1.0, 2 / 3), False),
    ],
)  # fmt: skip
def test_class_weights_are_the_codes_own(
    tmp_path: Path, weights: str, log: str, expected: tuple[float, ...], judged: bool
) -> None:
    """Weights that large classes have most of are not replaced by the cure; what stands in for others is not judged."""
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], (20, 40, 60))
    np.savez(tmp_path / "data.npz", x=rng.integers(0, 255, (120, 16, 16, 3), dtype=np.uint8), y=labels)
    made = training(tmp_path, WEIGHED.format(weights=weights), tmp_path / "data.npz", log=log)
    assert made.recipe.class_weights == pytest.approx(expected, rel=1e-4)
    assert [name for name, _ in made.stand_ins] == ([] if judged else ["class_weights"])


@pytest.mark.parametrize(
    ("end", "loss", "from_logits"),
    [
        ("Dense(3)", "'sparse_categorical_crossentropy'", False),
        ("Dense(3)", "SparseCategoricalCrossentropy(from_logits=True)", None),
        ("Dense(3, activation='softmax')", "SparseCategoricalCrossentropy(from_logits=True)", True),
        ("Dense(3, activation='softmax')", "'categorical_crossentropy'", None),
    ],
)
def test_a_loss_that_contradicts_the_last_activation(
    tmp_path: Path, end: str, loss: str, from_logits: bool | None
) -> None:
    code = f"m = Sequential([Flatten(input_shape=(9, 9, 3)), {end}])\nm.compile('sgd', {loss})\nm.fit(x, y, epochs=2)"
    assert recipe(tmp_path, code, photos(tmp_path / "photos")).from_logits is from_logits


def test_every_setting_names_its_line(tmp_path: Path) -> None:
    made = training(tmp_path, KERAS2.format(shuffle=""), photos(tmp_path / "photos"))
    said = {name: source.line for name, source in made.said}
    assert said["split.kind"] == said["feed.batch"] == said["stages.epochs"] == 23
    assert said["optimiser.rate"] == said["loss"] == 22 and said["preparation"] == 10


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("model = Sequential()\nmodel.add(Dense(3, activation='softmax', input_dim=4))", "no compile call"),
        ("print(1)", "no network is built"),
        (KERAS2.format(shuffle="").replace("'adam'", "Adam(lr=RATE)"), "rate is no plain number"),
        (
            KERAS2.format(shuffle="").replace(
                "model.add(Flatten())", "model.add(Lambda(f))\n    model.add(Flatten())"
            ),
            "Lambda",
        ),
        (
            KERAS2.format(shuffle="").replace(
                "model.add(Flatten())", "for i in range(depth):\n        model.add(Dense(9))"
            ),
            "followed",
        ),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, code: str, reason: str) -> None:
    found = case(tmp_path, code, photos(tmp_path / "photos")).training
    assert not found and reason in found.reason and found.would_settle


def test_without_data_nothing_is_rebuilt(tmp_path: Path) -> None:
    found = case(tmp_path, KERAS2.format(shuffle="")).training
    assert not found and "folder of images" in found.would_settle


def test_images_for_a_network_of_vectors_are_asked_for_as_vectors(tmp_path: Path) -> None:
    code = "model = Sequential([Dense(3, activation='softmax', input_dim=40)])\nmodel.compile('sgd', 'mse')\nmodel.fit(x, y, epochs=2)"
    found = case(tmp_path, code, photos(tmp_path / "photos")).training
    assert not found and "features" in found.would_settle


def test_two_folders_that_are_parts_are_read_together(tmp_path: Path) -> None:
    data = photos(tmp_path / "data", ("left", "right"), parts=("train", "validation"))
    made = training(tmp_path, FLOW, data / "train", data / "validation")
    assert Path(made.data) == data and made.recipe.split.kind == "given"
    other = photos(tmp_path / "other", ("left", "right"))
    assert Path(training(tmp_path, FLOW, other, data / "train").data) == other


CUTS = """
    import os, cv2, numpy as np, keras
    x, y = [], []
    for number, name in enumerate(sorted(os.listdir('photos'))):
        for file in os.listdir(os.path.join('photos', name)):
            x.append(cv2.resize(cv2.imread(os.path.join('photos', name, file)), (24, 20)) / 255.0)
            y.append(number)
    x, y = np.array(x), np.array(y)
    {cut}
    model = keras.Sequential([keras.Input((20, 24, 3)), keras.layers.Flatten(), keras.layers.Dense(3, 'softmax')])
    model.compile('adam', 'sparse_categorical_crossentropy')
    model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=3)
"""


@pytest.mark.parametrize(
    ("cut", "split"),
    [
        ("x_train, y_train, x_val, y_val = x[:12], y[:12], x[12:], y[12:]", Split("tail", 0.3333, 0.0, "none")),
        ("n = int(0.5 * len(x)); x_train = x[:n]; y_train = y[:n]; x_val = x[n:]; y_val = y[n:]",
         Split("tail", 0.5, 0.0, "none")),
        ("x_train = x[:-9]; y_train = y[:-9]; x_val = x[-9:]; y_val = y[-9:]", Split("tail", 0.5, 0.0, "none")),
        ("p = np.random.permutation(18); x = x[p]; y = y[p]; x_train = x[:12]; y_train = y[:12]; x_val = x[12:]; "
         "y_val = y[12:]", Split("stratified", 0.3333, 0.0, "none")),
        ("x_val = x[:6]; y_val = y[:6]; x_train = x[6:]; y_train = y[6:]", Split("stratified", 0.3333, 0.0, "none")),
    ],
)  # fmt: skip
def test_a_cut_through_rows_as_they_are_read_takes_the_tail(tmp_path: Path, cut: str, split: Split) -> None:
    assert recipe(tmp_path, CUTS.format(cut=cut), photos(tmp_path / "photos")).split == split
