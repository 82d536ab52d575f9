"""Forms of training scripts that are in use: folders by other names, cuts, functions that nothing calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rebuild.given import case, photos
from tests.rebuild.test_scripts import FLOW, recipe, training
from valscope.architecture import kinds
from valscope.nouns.fact import NotMeasured
from valscope.nouns.recipe import Augmentation, Split

SMALL = """
    model = keras.Sequential([keras.layers.Flatten(input_shape=(16, 16, 3)),
                              keras.layers.Dense(3, activation='softmax')])
    model.compile('sgd', 'sparse_categorical_crossentropy')
"""
LOADED = """
    import cv2, glob, keras, numpy as np
    images, answers = [], []
    for path in glob.glob('photos/*/*'):
        images.append(cv2.resize(cv2.imread(path, 1), (16, 16)) / 255.0)
        answers.append(path)
    images, answers = np.array(images), np.array(answers)
    order = np.random.permutation(len(images))
    images, answers = images[order], answers[order]
    {cuts}
"""
CUTS = {
    "first = int(0.7 * len(images))\n    x_train, x_val = images[:first], images[first:]": (0.3, 0.0),
    "last = len(images) // 4\n    x_val, x_train = images[:last], images[last:]": (0.25, 0.0),
    "a, b = int(len(images) * 0.6), int(len(images) * 0.8)\n"
    "    x_train, x_val, x_test = images[:a], images[a:b], images[b:]": (0.2, 0.2),
}


@pytest.mark.parametrize(("cuts", "shares"), CUTS.items())
def test_shares_of_slices_are_those_of_their_bounds(
    tmp_path: Path, cuts: str, shares: tuple[float, float]
) -> None:
    fit = "    model.fit(x_train, y_train, epochs=3, validation_data=(x_val, y_val))\n"
    code = LOADED.format(cuts=cuts) + SMALL + fit
    found = recipe(tmp_path, code, photos(tmp_path / "photos"))
    assert found.split == Split("stratified", *shares, grouping="none")
    assert found.preparation is not None
    assert (found.preparation.colour, found.preparation.order) == ("rgb", "bgr")


def test_folders_of_parts_that_were_read_as_classes_are_refused(tmp_path: Path) -> None:
    data = photos(tmp_path / "data", ("left", "right"), parts=("scans", "unseen"))
    code = FLOW.replace("data/train", "data/scans").replace("data/validation", "data/unseen")
    found = case(tmp_path, code, data).training
    assert isinstance(found, NotMeasured) and "'scans'" in found.reason


def test_a_part_joined_to_an_unknown_root_is_that_part(tmp_path: Path) -> None:
    code = (
        FLOW.replace("'data/train'", "os.path.join(root, 'train')")
        .replace("'data/validation'", "root / 'validation'")
        .replace(
            "model = models",
            "held = validation_generator.take(3)\n    test_x = x.skip(9)\n    model = models",
        )
    )
    data = photos(tmp_path / "data", ("left", "right"), parts=("train", "validation"))
    assert recipe(tmp_path, code, data).split.kind == "given"


CALLED = """
    import keras, numpy as np
    from keras.preprocessing.image import load_img, img_to_array
    def batches(files, answers, many):
        while True:
            order = np.random.permutation(len(files))
            files, answers = files[order], answers[order]
            for start in range(0, len(files), many):
                chosen = [img_to_array(load_img(f, target_size=(16, 16))) / 255 for f in files[start:start + many]]
                yield np.array(chosen), answers[start:start + many]
    def old(width):
        net = keras.Sequential([keras.layers.Flatten(input_shape=(16, 16, 3)), keras.layers.Dense(width, 'relu'),
                                keras.layers.Dense(3, activation='softmax')])
        net.compile('sgd', 'sparse_categorical_crossentropy')
        net.fit_generator(batches(files, answers, 99), epochs=99)
    def new(epochs=10, many=32):
        net = keras.Sequential([keras.layers.Flatten(input_shape=(16, 16, 3)), keras.layers.Dense(3, 'softmax')])
        net.compile('sgd', 'sparse_categorical_crossentropy')
        net.fit_generator(batches(files, answers, many), epochs=epochs)
    new(epochs=7, many=5)
"""


def test_the_training_that_is_called_is_rebuilt_with_what_it_is_given(tmp_path: Path) -> None:
    found = recipe(tmp_path, CALLED, photos(tmp_path / "photos"))
    assert found.feed.batch == 5
    assert [stage.epochs for stage in found.stages] == [7]
    assert "relu" not in (found.model.config or "")


STEM = """
    import keras
    from keras import layers
    train = keras.utils.image_dataset_from_directory('photos', validation_split=0.25, subset='training', seed=1,
                                                     image_size=(16, 16))
    val = keras.utils.image_dataset_from_directory('photos', validation_split=0.25, subset='validation', seed=1,
                                                   image_size=(16, 16))
    changes = keras.Sequential([layers.RandomFlip('horizontal'), layers.RandomRotation(0.1)])
    inputs = keras.Input(shape=(16, 16, 3))
    x = changes(inputs)
    x = layers.Rescaling(1 / 255)(x)
    x = layers.Conv2D(4, 3, padding='same')(x)
    y = layers.Conv2D(4, 3, padding='same', activation='relu')(x)
    x = layers.add([x, y])
    x = layers.GlobalAveragePooling2D()(x)
    outputs = layers.Dense(3, activation='softmax')(x)
    model = keras.Model(inputs, outputs)
    model.compile('adam', 'sparse_categorical_crossentropy')
    model.fit(train, epochs=4, validation_data=val)
    model.fit(train, epochs=9, initial_epoch=history.epoch[-1], validation_data=val)
"""


def test_the_stem_of_a_branching_network_belongs_to_the_preparation(tmp_path: Path) -> None:
    found = recipe(tmp_path, STEM, photos(tmp_path / "photos"))
    assert found.augmentation.flip_horizontal and found.augmentation.rotate == 0.1
    assert found.preparation is not None and found.preparation.scale == "unit"
    assert "Random" not in (found.model.config or "") and "Rescaling" not in (found.model.config or "")
    assert [stage.epochs for stage in found.stages] == [4, 5]


def test_a_branching_network_that_is_scaled_twice_keeps_its_own_scaling(tmp_path: Path) -> None:
    code = STEM.replace("changes = ", "train = train.map(lambda a, b: (a / 255, b))\n    changes = ")
    found = recipe(tmp_path, code, photos(tmp_path / "photos"))
    assert "Rescaling" in (found.model.config or "") and "Random" not in (found.model.config or "")


FROZEN = """
    import keras
    base = keras.applications.MobileNetV2(weights={weights}, include_top=False, input_shape=(32, 32, 3))
    kept = 30
    for layer in base.layers[:kept]:
        layer.trainable = False
    model = keras.Sequential([base, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(3, 'softmax')])
    for layer in model.layers[len(base.layers):]:
        layer.trainable = True
    model.compile('adam', 'sparse_categorical_crossentropy')
    model.fit(x, y, epochs=2, validation_split=0.25)
"""


def test_a_cut_by_a_variable_is_a_cut_by_its_number(tmp_path: Path) -> None:
    found = training(tmp_path, FROZEN.format(weights="None"), photos(tmp_path / "photos"))
    assert [stage.trains for stage in found.recipe.stages] == ["from:30"]
    assert not any("Freezing" in sentence for sentence in found.assumed)


def test_a_cut_by_the_number_of_a_layer_is_a_slice(tmp_path: Path) -> None:
    loop = "for place, layer in enumerate(base.layers):\n        if place <= 29:\n            layer.trainable = False\n"
    code = FROZEN.format(weights="None").replace(
        "for layer in base.layers[:kept]:\n        layer.trainable = False\n", loop
    )
    found = recipe(tmp_path, code, photos(tmp_path / "photos"))
    assert [stage.trains for stage in found.stages] == ["from:30"]


ENDS = {
    "base.output": "",
    "base.layers[-1].output": "",
    "base.get_layer('block5_pool').output": "",
    "base.get_layer('block4_pool').output": "cannot be followed",
}


@pytest.mark.parametrize(("end", "refused"), ENDS.items())
def test_the_last_layer_of_a_ready_made_network_is_its_output(tmp_path: Path, end: str, refused: str) -> None:
    code = f"""
        import keras
        base = keras.applications.VGG16(weights=None, include_top=False, input_shape=(32, 32, 3))
        x = keras.layers.Flatten()({end})
        model = keras.Model(base.input, keras.layers.Dense(3, activation='softmax')(x))
        model.compile('adam', 'sparse_categorical_crossentropy')
        model.fit(x, y, epochs=2, validation_split=0.25)
    """
    found = case(tmp_path, code, photos(tmp_path / "photos")).training
    if refused:
        assert isinstance(found, NotMeasured) and refused in found.reason
    else:
        assert not isinstance(found, NotMeasured) and found.recipe.model.name == "vgg16"


ON_TENSOR = """
    import keras
    from keras import layers
    from keras.preprocessing.image import ImageDataGenerator
    given = ImageDataGenerator(rescale={rescale}, validation_split=0.25)
    train = given.flow_from_directory('photos', target_size=(32, 32), subset='training')
    val = given.flow_from_directory('photos', target_size=(32, 32), subset='validation')
    inputs = layers.Input(shape=(32, 32, 3))
    x = layers.RandomFlip('horizontal',
                          seed=3)(inputs)
    x = {inside}
    base = keras.applications.MobileNetV2(weights=None, include_top=False, input_tensor=x)
    y = layers.GlobalAveragePooling2D()(base.output)
    model = keras.Model(inputs, layers.Dense(3, activation='softmax')(y))
    model.compile('adam', 'categorical_crossentropy')
    model.fit(train, epochs=2, validation_data=val)
"""
WHOLE = {
    ("1 / 255", "x * 255.0"): "none",
    ("None", "layers.Rescaling(1 / 255)(x)"): "unit",
    ("1 / 255", "layers.Rescaling(2, offset=-1)(x)"): "symmetric",
    ("1 / 255", "layers.Rescaling(1 / 255)(x)"): "unit_unit",
}


@pytest.mark.parametrize(("both", "whole"), WHOLE.items())
def test_layers_before_a_ready_made_network_are_read_from_its_input_tensor(
    tmp_path: Path, both: tuple[str, str], whole: str
) -> None:
    code = ON_TENSOR.format(rescale=both[0], inside=both[1])
    found = recipe(tmp_path, code, photos(tmp_path / "photos"))
    assert found.preparation is not None and found.preparation.scale == whole
    assert found.augmentation == Augmentation(flip_horizontal=True)


OPTIONS = """
    import argparse, os, keras
    asked = argparse.ArgumentParser()
    asked.add_argument('-d', '--data', required=True)
    asked.add_argument('--batch-size', type=int, default=12)
    asked.add_argument('--rate', dest='lr', type=float, default=0.03)
    {read}
    side = int(os.environ.get('SIDE', '20'))
    def parts():
        try:
            flow = ImageDataGenerator(rescale=1 / 255)
            return (flow.flow_from_directory('photos/train', target_size=(side, side), batch_size={batch}),
                    flow.flow_from_directory('photos/val', target_size=(side, side)))
        except OSError:
            return None, None
    train, val = parts()
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, activation='softmax')])
    model.compile(keras.optimizers.SGD({rate}), 'categorical_crossentropy')
    model.fit(train, epochs=int(os.getenv('EPOCHS', 6)), validation_data=val)
"""
READ = {
    "args = asked.parse_args()": ("args.batch_size", "args.lr"),
    "args = vars(asked.parse_args())": ("args['batch_size']", "args['lr']"),
    "args, rest = asked.parse_known_args()": ("args.batch_size", "args.lr"),
}


@pytest.mark.parametrize(("read", "named"), READ.items())
def test_options_have_their_defaults(tmp_path: Path, read: str, named: tuple[str, str]) -> None:
    data = photos(tmp_path / "photos", parts=("train", "val"))
    found = training(tmp_path, OPTIONS.format(read=read, batch=named[0], rate=named[1]), data)
    assert (found.recipe.feed.batch, found.recipe.optimiser.rate) == (12, 0.03)
    assert found.recipe.preparation is not None
    assert (found.recipe.preparation.height, found.recipe.preparation.scale) == (20, "unit")
    assert found.recipe.stages[0].epochs == 6
    assert any("command line" in sentence for sentence in found.assumed)


def test_images_laid_out_in_a_row_are_laid_out_by_the_network(tmp_path: Path) -> None:
    code = """
        import cv2, keras, numpy as np
        x = np.array([cv2.resize(cv2.imread(f), (10, 8)).flatten() for f in files]) / 255.0
        model = keras.Sequential([keras.layers.Dense(9, input_shape=(240,), activation='relu'),
                                  keras.layers.Dense(3, activation='softmax')])
        model.compile('sgd', 'sparse_categorical_crossentropy')
        model.fit(x, y, epochs=2, validation_split=0.25)
    """
    found = recipe(tmp_path, code, photos(tmp_path / "photos"))
    assert found.preparation is not None and found.preparation.shape == (8, 10, 3)
    assert kinds(found.model.config or "") == ("Flatten", "Dense", "Dense")


def test_validation_from_a_folder_of_its_own_is_that_part(tmp_path: Path) -> None:
    """Even where both generators keep a share back."""
    code = FLOW.replace("rescale=1./255", "rescale=1./255, validation_split=0.2")
    data = photos(tmp_path / "data", ("left", "right"), parts=("train", "validation"))
    assert recipe(tmp_path, code, data).split.kind == "given"


THAWED = """
    import keras
    from keras.layers import BatchNormalization
    base = keras.applications.ResNet50(weights=None, include_top=False, input_shape=(32, 32, 3))
    base.trainable = False
    x = keras.layers.GlobalAveragePooling2D()(base.output)
    model = keras.Model(base.input, keras.layers.Dense(3, activation='softmax', name='fc_new')(x))
    {thaw}
    model.compile('adam', 'sparse_categorical_crossentropy')
    model.fit(x, y, epochs=2, validation_split=0.25)
"""
THAWS = {
    "": ("head", "inference"),
    "base.trainable = True": ("all", "training"),
    "for layer in base.layers[-20:]:\n        if not isinstance(layer, BatchNormalization):\n"
    "            layer.trainable = True": ("from:-20", "inference"),
    "base.trainable = True\n    for layer in base.layers:\n        if isinstance(layer, BatchNormalization):\n"
    "            layer.trainable = False": ("all", "inference"),
    "base.trainable = True\n    for layer in model.layers:\n        if layer.name != 'fc_new':\n"
    "            layer.trainable = False": ("head", "inference"),
}


@pytest.mark.parametrize(("thaw", "told"), THAWS.items())
def test_conditions_on_layers_that_are_thawed(tmp_path: Path, thaw: str, told: tuple[str, str]) -> None:
    found = recipe(tmp_path, THAWED.format(thaw=thaw), photos(tmp_path / "photos"))
    assert (found.stages[0].trains, found.model.batchnorm) == told


def test_weights_that_are_loaded_afterwards_are_the_weights(tmp_path: Path) -> None:
    load = "base.load_weights('resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5')"
    found = case(tmp_path, THAWED.format(thaw=load), photos(tmp_path / "photos")).training
    told = found.reason if isinstance(found, NotMeasured) else found.recipe.model.weights
    assert "notop" in told


def test_a_function_that_is_given_is_true(tmp_path: Path) -> None:
    code = """
        import keras
        from keras.applications.mobilenet_v2 import preprocess_input
        from keras.preprocessing.image import ImageDataGenerator
        def feed(part, prepare=None):
            factor = None if prepare else 1 / 255
            flow = ImageDataGenerator(preprocessing_function=prepare, rescale=factor)
            return flow.flow_from_directory('photos/' + part, target_size=(16, 16))
        changes = keras.Sequential([keras.layers.RandomFlip('horizontal')])
        shown = changes(some, training=True)
        model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, activation='softmax')])
        model.compile('adam', 'categorical_crossentropy')
        model.fit(feed('train', preprocess_input), epochs=2, validation_data=feed('val', preprocess_input))
    """
    given = case(tmp_path, code, photos(tmp_path / "photos", parts=("train", "val")))
    found = given.training
    assert not isinstance(found, NotMeasured) and found.recipe.preparation is not None
    assert found.recipe.preparation.scale == "symmetric"
    assert not any(call.training for call in given.scripts[0].predictions)


LEFT_OUT = {
    "SGD(lr=0.1, decay=0.1 / 20, momentum=0.9, nesterov=True)": ("decay", "Nesterov"),
    "SGD(lr=0.1, decay=0.0, momentum=0.9)": (),
    "Adam(1e-3, weight_decay=1e-4)": (),
}


@pytest.mark.parametrize(("made", "told"), LEFT_OUT.items())
def test_arguments_of_an_optimiser_that_are_left_out_are_told(
    tmp_path: Path, made: str, told: tuple[str, ...]
) -> None:
    code = "\n    import keras\n" + SMALL.replace("'sgd'", f"keras.optimizers.{made}")
    found = training(
        tmp_path,
        code + "    model.fit(x, y, epochs=3, validation_split=0.25)\n",
        photos(tmp_path / "photos"),
    )
    said = [sentence for sentence in found.assumed if "decay" in sentence or "Nesterov" in sentence]
    assert len(said) == len(told) and all(word in " ".join(said) for word in told)


def test_a_setting_that_is_imported_leaves_both_ways_open(tmp_path: Path) -> None:
    code = """
        import keras
        from settings import SMALL
        if SMALL:
            model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, activation='softmax')])
        else:
            model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(3, activation='sigmoid')])
        model.compile('adam', 'sparse_categorical_crossentropy')
        model.fit(x, y, epochs=2, validation_split=0.25)
    """
    found = case(tmp_path, code, photos(tmp_path / "photos")).training
    assert isinstance(found, NotMeasured) and "any of 2" in found.reason
