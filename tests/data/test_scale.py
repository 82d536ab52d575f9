import numpy as np
import pytest

from valscope.data.pixels.scale import FAMILIES, SCALES, affine, apply, value_range
from valscope.errors import DataError, UsageError
from valscope.nouns.preparation import Preparation

COLOURS = np.array([[[[10, 20, 30], [0, 0, 0], [255, 255, 255]]]], np.uint8)


def prepared(scale="unit", **changes):
    return Preparation(1, 3, scale=scale, **changes)


def test_each_scale_is_what_its_name_says():
    x = COLOURS.astype(np.float64)
    mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])
    expected = {
        "none": x,
        "unit": x / 255,
        "symmetric": x / 127.5 - 1,
        "imagenet": (x / 255 - mean) / std,
        "caffe": x - np.array([123.68, 116.779, 103.939]),
        "centred": (x - 127) / 128,
        "image_max": x / 255,
        "image_std": (x - x.mean()) / x.std(),
        "unit_unit": x / 255 / 255,
        "unit_symmetric": x / 255 / 127.5 - 1,
        "unit_imagenet": (x / 255 / 255 - mean) / std,
        "unit_caffe": x / 255 - np.array([123.68, 116.779, 103.939]),
    }
    assert set(expected) == set(SCALES)
    for name, values in expected.items():
        got = apply(COLOURS, prepared(name))
        assert got.dtype == np.float32
        np.testing.assert_allclose(got, values, atol=2e-5, err_msg=name)


def test_image_max_divides_each_image_by_its_own_maximum_and_survives_a_black_one():
    batch = np.zeros((3, 2, 2, 3), np.uint8)
    batch[0, 0, 0, 0] = 50
    batch[1, 0, 0, 0] = 200
    got = apply(batch, Preparation(2, 2, scale="image_max"))
    assert got[0].max() == got[1].max() == 1.0
    assert got[2].max() == 0.0


def test_means_move_with_their_channel_when_the_order_is_bgr():
    rgb = apply(COLOURS, prepared("caffe"))
    np.testing.assert_array_equal(apply(COLOURS, prepared("caffe", order="bgr")), rgb[..., ::-1])


@pytest.mark.parametrize("name", [n for n, a in SCALES.items() if a is not None])
@pytest.mark.parametrize("order", ["rgb", "bgr"])
def test_affine_says_in_two_vectors_what_apply_does(name, order):
    preparation = prepared(name, order=order)
    multiplier, offset = affine(preparation)
    moved = COLOURS[..., ::-1] if order == "bgr" else COLOURS
    np.testing.assert_allclose(apply(COLOURS, preparation), moved * multiplier + offset, atol=1e-5)


@pytest.mark.parametrize("name", [n for n in SCALES if n != "image_std"])
@pytest.mark.parametrize("colour", ["rgb", "grey"])
def test_the_range_is_reached_and_never_left(name, colour):
    preparation = prepared(name, colour=colour)
    ramp = np.repeat(np.arange(256, dtype=np.uint8).reshape(1, 16, 16, 1), preparation.channels, axis=3)
    got, (low, high) = apply(ramp, preparation), value_range(preparation)
    assert got.min() == pytest.approx(low, abs=1e-4)
    assert got.max() == pytest.approx(high, abs=1e-4)


def test_image_max_has_no_affine_form():
    assert affine(prepared("image_max")) is None


def test_an_unknown_scale_and_a_wrong_shape_are_refused_in_a_sentence():
    with pytest.raises(UsageError, match="use one of none, unit"):
        apply(COLOURS, prepared("zscore"))
    with pytest.raises(DataError, match="shape"):
        apply(COLOURS[0], prepared())
    with pytest.raises(DataError, match="shape"):
        apply(COLOURS, prepared(colour="grey"))


def test_float_pixels_pass_through_because_their_owner_scaled_them():
    given = np.full((1, 1, 3, 3), 0.25, np.float64)
    got = apply(given, prepared("caffe", order="bgr"))
    assert got.dtype == np.float32
    assert np.all(got == 0.25)


def test_apply_leaves_the_pixels_alone():
    before = COLOURS.copy()
    apply(COLOURS, prepared("caffe", order="bgr"))
    np.testing.assert_array_equal(COLOURS, before)


@pytest.mark.keras
def test_every_network_of_keras_applications_gets_what_its_preprocess_input_gives():
    import inspect
    import sys

    import keras

    networks = {
        name.lower(): sys.modules[thing.__module__]
        for name, thing in vars(keras.applications).items()
        if inspect.isfunction(thing)
    }
    assert set(networks) == set(FAMILIES)
    pixels = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), dtype=np.uint8)
    for name, module in networks.items():
        scale, order = FAMILIES[name]
        ours = apply(pixels, Preparation(5, 4, scale=scale, order=order))
        theirs = module.preprocess_input(pixels.astype("float32"))
        np.testing.assert_allclose(ours, theirs, atol=2e-5, err_msg=name)
