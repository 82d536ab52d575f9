import numpy as np
import pytest
from drawn import encoded, photo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from valscope.data.pixels.prepare import network_input, pixels
from valscope.data.pixels.resize import crop_box, inner_size, resize_array, resize_image, whole_size
from valscope.data.pixels.sampling import sample, taps
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

# Rounding to whole levels costs half a level; TensorFlow reads bicubic weights from a table of 1,024.
TOLERANCE = 0.8
KERNELS = ("nearest", "bilinear", "bicubic", "lanczos", "area")
NOISE = np.random.default_rng(3).integers(0, 256, (37, 53, 3), dtype=np.uint8)


@pytest.mark.parametrize("kernel", KERNELS)
def test_with_antialias_the_result_is_pillows(kernel):
    names = {"lanczos": "LANCZOS", "area": "BOX"}
    expected = Image.fromarray(NOISE).resize((20, 10), Image.Resampling[names.get(kernel, kernel.upper())])
    got = resize_image(Image.fromarray(NOISE), Preparation(10, 20, kernel=kernel))
    np.testing.assert_array_equal(got, np.asarray(expected))


def test_an_array_and_its_file_are_resized_alike():
    for kernel in KERNELS:
        for antialias in (True, False):
            preparation = Preparation(16, 24, kernel=kernel, antialias=antialias)
            from_file = pixels(encoded(Image.fromarray(NOISE)), preparation)
            np.testing.assert_array_equal(pixels(NOISE, preparation), from_file, err_msg=kernel)


def test_nothing_changes_where_the_size_is_right():
    for kernel in KERNELS:
        for antialias in (True, False):
            preparation = Preparation(37, 53, kernel=kernel, antialias=antialias)
            np.testing.assert_array_equal(pixels(NOISE, preparation), NOISE)


def test_half_pixel_centres():
    row = np.array([[[0.0], [100.0]]])
    assert sample(row, 1, 4, "bilinear")[0, :, 0].tolist() == [0, 25, 75, 100]
    assert sample(row, 1, 4, "nearest")[0, :, 0].tolist() == [0, 0, 100, 100]
    assert sample(np.arange(6.0).reshape(1, 6, 1), 1, 4, "area")[0, :, 0] == pytest.approx(
        [1 / 3, 5 / 3, 10 / 3, 14 / 3]
    )


@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from(KERNELS))
def test_weights_add_to_one_and_read_inside_the_image(size, wanted, kernel):
    positions, weights = taps(size, wanted, kernel)
    assert positions.shape == weights.shape
    assert positions.min() >= 0
    assert positions.max() < size
    np.testing.assert_allclose(weights.sum(axis=1), 1, atol=1e-5)


def test_a_constant_stays_constant_without_antialias():
    for kernel in KERNELS:
        assert np.all(
            resize_array(
                np.full((9, 5, 1), 200, np.uint8), Preparation(31, 2, kernel=kernel, antialias=False)
            )
            == 200
        )


def test_crop_keeps_the_aspect_and_cuts_the_longer_side_in_the_middle():
    wide = np.zeros((10, 30, 3), np.uint8)
    wide[:, 10:20] = 255
    assert crop_box(30, 10, Preparation(5, 5, geometry="crop")) == (10, 0, 20, 10)
    assert np.all(pixels(wide, Preparation(5, 5, geometry="crop")) == 255)
    assert np.all(pixels(wide.swapaxes(0, 1), Preparation(5, 5, geometry="crop")) == 255)


def test_pad_keeps_everything_and_fills_with_black():
    got = pixels(np.full((10, 30, 3), 200, np.uint8), Preparation(12, 12, geometry="pad"))
    assert np.all(got[4:8] == 200)
    assert np.all(got[:4] == 0)
    assert np.all(got[8:] == 0)


def test_a_thread_of_an_image_still_fills_the_network():
    for geometry in ("stretch", "crop", "pad"):
        for antialias in (True, False):
            preparation = Preparation(8, 8, geometry=geometry, antialias=antialias)
            assert pixels(np.full((1, 3000, 3), 9, np.uint8), preparation).shape == (8, 8, 3)
            assert pixels(np.full((3000, 1), 9, np.uint8), preparation).shape == (8, 8, 3)


@pytest.mark.slow
@settings(max_examples=300)
@given(*[st.integers(1, 5000)] * 2, *[st.integers(1, 300)] * 2, st.sampled_from(["stretch", "crop", "pad"]))
def test_sizes_are_possible_and_drafts_large_enough(width, height, to_height, to_width, geometry):
    preparation = Preparation(to_height, to_width, geometry=geometry)
    left, top, right, bottom = crop_box(width, height, preparation)
    assert 0 <= left < right <= width
    assert 0 <= top < bottom <= height
    inner_width, inner_height = inner_size(width, height, preparation)
    assert 1 <= inner_width <= to_width
    assert 1 <= inner_height <= to_height
    whole_width, whole_height = whole_size(width, height, preparation)
    assert whole_width >= inner_width
    assert whole_height >= inner_height


def test_fast_decode_changes_little():
    data = encoded(photo(1600, 1200), "JPEG", quality=95)
    slow = pixels(data, Preparation(96, 96, fast_decode=False)).astype(int)
    assert np.abs(pixels(data, Preparation(96, 96)) - slow).mean() < 1.0


def test_float_arrays_keep_their_scale():
    values = np.random.default_rng(0).normal(size=(20, 20, 3)).astype(np.float32)
    for antialias in (True, False):
        got = pixels(values, Preparation(10, 10, antialias=antialias))
        assert got.dtype == np.float32
        assert got.min() < -0.1
        assert network_input(got[None], Preparation(10, 10)) == pytest.approx(got[None])


def test_arrays_are_brought_to_the_preparations_colour():
    grey, rgba = NOISE[..., 0], np.dstack([NOISE, np.zeros((37, 53), np.uint8)])
    rgb = Preparation(37, 53)
    assert np.all(pixels(grey, rgb) == grey[..., None])
    assert np.all(pixels(rgba, rgb) == 255)
    assert np.all(pixels(rgba, rgb.but(alpha="drop")) == NOISE)
    expected = np.asarray(Image.fromarray(NOISE).convert("L"))
    np.testing.assert_array_equal(pixels(NOISE, rgb.but(colour="grey"))[..., 0], expected)
    floats = pixels(NOISE.astype(np.float64), rgb.but(colour="grey"))[..., 0]
    assert np.abs(floats - expected).max() <= 1


def test_what_is_no_image_array_is_refused():
    for shape in ((4,), (4, 4, 2), (4, 4, 5), (2, 4, 4, 3), (0, 4, 3)):
        with pytest.raises(DataError, match="shape"):
            pixels(np.zeros(shape, np.uint8), Preparation(4, 4))
    with pytest.raises(DataError, match="alpha"):
        pixels(np.zeros((4, 4, 4), np.float32), Preparation(4, 4))


def test_kernels_and_antialias_are_told_apart_on_fine_stripes():
    stripes = np.zeros((64, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    smooth = pixels(stripes, Preparation(16, 16))
    assert smooth.std() < 20
    picked = pixels(stripes, Preparation(16, 16, kernel="nearest"))
    assert set(np.unique(picked)) <= {0, 255}


@pytest.mark.keras
@pytest.mark.parametrize("size", [(20, 31), (80, 120), (37, 53), (5, 200)])
def test_without_antialias_the_result_is_tensorflows(size):
    import tensorflow as tf

    for kernel, name in (("lanczos", "lanczos3"), *((k, k) for k in KERNELS if k != "lanczos")):
        theirs = tf.image.resize(NOISE, size, method=name).numpy()
        ours = pixels(NOISE, Preparation(*size, kernel=kernel, antialias=False))
        assert np.abs(ours - np.clip(theirs, 0, 255)).max() <= TOLERANCE, kernel


@pytest.mark.keras
def test_keras_own_loading_can_be_said_as_a_preparation(tmp_path):
    import keras

    path = tmp_path / "noise.png"
    path.write_bytes(encoded(Image.fromarray(NOISE)))
    for keras_name, kernel in (
        ("nearest", "nearest"),
        ("bilinear", "bilinear"),
        ("lanczos", "lanczos"),
        ("box", "area"),
    ):
        for aspect, geometry in ((False, "stretch"), (True, "crop")):
            theirs = keras.utils.load_img(
                path, target_size=(16, 24), interpolation=keras_name, keep_aspect_ratio=aspect
            )
            ours = pixels(path, Preparation(16, 24, kernel=kernel, geometry=geometry))
            np.testing.assert_array_equal(ours, np.asarray(theirs), err_msg=f"{kernel} {geometry}")


@pytest.mark.parametrize("antialias", [True, False])
@pytest.mark.parametrize("geometry", ["stretch", "crop", "pad"])
def test_the_centre_alone_is_kept(antialias: bool, geometry: str) -> None:
    """A dark image with a bright middle: half of each side leaves the bright part alone, from files and arrays."""
    values = np.zeros((40, 40, 3), np.uint8)
    values[10:30, 10:30] = 200
    kept = Preparation(20, 20, geometry=geometry, antialias=antialias, centre=0.5)  # type: ignore[arg-type]
    assert (resize_image(Image.fromarray(values), kept) == 200).all()
    assert (resize_array(values, kept) == 200).all()
    assert (pixels(values, kept.but(height=40, width=40)) == 200).all()
    assert kept.pixels_key() != kept.but(centre=1.0).pixels_key()
