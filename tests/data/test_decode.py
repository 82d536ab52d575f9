import contextlib
import os
import struct

import numpy as np
import pytest
from drawn import encoded, photo
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from valscope.data.pixels.decode import decode, open_image
from valscope.data.pixels.decode_reasons import PIXEL_LIMIT
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

PLAIN = Preparation(32, 32, fast_decode=False)


def test_every_common_format_gives_the_same_rgb(tmp_path):
    image = photo()
    truth = np.asarray(image)
    for kind in ("PNG", "BMP", "TIFF", "PPM"):
        np.testing.assert_array_equal(decode(encoded(image, kind), PLAIN), truth, err_msg=kind)
    np.testing.assert_array_equal(decode(encoded(image, "WEBP", lossless=True), PLAIN), truth)
    for kind in ("JPEG", "WEBP", "GIF"):
        assert np.abs(decode(encoded(image, kind), PLAIN).astype(int) - truth).mean() < 12, kind


def test_a_path_and_its_bytes_are_the_same_image_whatever_the_extension_says(tmp_path):
    path = tmp_path / "really_a_png.jpg"
    path.write_bytes(encoded(photo()))
    np.testing.assert_array_equal(decode(path, PLAIN), decode(path.read_bytes(), PLAIN))


def test_grey_becomes_three_equal_channels_or_stays_one():
    grey = photo().convert("L")
    rgb = decode(encoded(grey), PLAIN)
    assert rgb.shape == (48, 64, 3)
    assert np.all(rgb[..., 0] == rgb[..., 2])
    np.testing.assert_array_equal(decode(encoded(grey), PLAIN.but(colour="grey"))[..., 0], np.asarray(grey))


def test_one_bit_and_palette_images():
    assert set(np.unique(decode(encoded(photo().convert("1")), PLAIN))) == {0, 255}
    palette = photo().quantize(16)
    np.testing.assert_array_equal(decode(encoded(palette), PLAIN), np.asarray(palette.convert("RGB")))


def half_transparent(mode):
    image = Image.new("RGBA", (4, 2), (200, 100, 50, 255))
    image.paste((200, 100, 50, 0), (0, 0, 2, 2))
    return image.convert(mode)


@pytest.mark.parametrize(("alpha", "left"), [("drop", 200), ("white", 255), ("black", 0)])
def test_transparent_pixels_lie_on_what_alpha_says(alpha, left):
    pixels = decode(encoded(half_transparent("RGBA")), PLAIN.but(alpha=alpha))
    assert pixels[0, 0, 0] == left
    assert pixels[0, 3, 0] == 200


@pytest.mark.parametrize(("alpha", "left"), [("white", 255), ("black", 0)])
def test_transparency_of_grey_and_palette_images_counts_too(alpha, left):
    preparation = PLAIN.but(alpha=alpha)
    assert decode(encoded(half_transparent("LA")), preparation)[0, 0, 0] == left
    palette = Image.new("P", (2, 1))
    palette.putpalette([200, 0, 0, 0, 200, 0])
    palette.putpixel((1, 0), 1)
    assert decode(encoded(palette, transparency=0), preparation)[0, 0].tolist() == [left] * 3
    assert decode(encoded(palette, transparency=0), preparation)[0, 1].tolist() == [0, 200, 0]
    one_colour = Image.new("RGB", (2, 1), (9, 8, 7))
    assert decode(encoded(one_colour, transparency=(9, 8, 7)), preparation)[0, 0, 0] == left


@pytest.mark.filterwarnings("error")
def test_dropping_alpha_keeps_the_hidden_colours_of_a_palette_and_warns_of_nothing():
    palette = Image.new("P", (2, 1))
    palette.putpalette([200, 0, 0, 0, 200, 0])
    palette.putpixel((1, 0), 1)
    data = encoded(palette, transparency=bytes([0, 128]))
    assert decode(data, PLAIN.but(alpha="drop"))[0].tolist() == [[200, 0, 0], [0, 200, 0]]
    assert decode(data, PLAIN.but(alpha="black"))[0].tolist() == [[0, 0, 0], [0, 100, 0]]


def test_cmyk_from_jpeg_and_tiff_is_not_inverted():
    image = Image.new("RGB", (32, 32), (250, 120, 10))
    for kind in ("JPEG", "TIFF"):
        pixels = decode(encoded(image.convert("CMYK"), kind), PLAIN)
        assert np.abs(pixels.astype(int) - (250, 120, 10)).max() <= 4, kind


def test_sixteen_bit_grey_keeps_its_upper_eight_bits():
    ramp = np.linspace(0, 65535, 256).reshape(16, 16).astype(np.uint16)
    for kind in ("PNG", "TIFF"):
        decoded = open_image(encoded(Image.fromarray(ramp), kind), PLAIN)
        np.testing.assert_array_equal(np.asarray(decoded.image)[..., 0].ravel(), np.arange(256))
        assert decoded.notes == ("deep",)


def test_a_sixteen_bit_file_that_uses_a_sixteenth_of_its_range_is_said_to_be_dim():
    twelve = np.linspace(0, 4095, 256).reshape(16, 16).astype(np.uint16)
    assert open_image(encoded(Image.fromarray(twelve)), PLAIN).notes == ("deep", "dim")


def test_eight_bit_values_in_a_sixteen_bit_file_are_taken_as_they_are():
    grey = photo().convert("L")
    decoded = open_image(encoded(grey.convert("I;16")), PLAIN)
    np.testing.assert_array_equal(np.asarray(decoded.image)[..., 0], np.asarray(grey))
    assert decoded.notes == ("wide",)
    black = open_image(encoded(Image.fromarray(np.zeros((4, 4), np.uint16))), PLAIN)
    assert (np.asarray(black.image).max(), black.notes) == (0, ("deep",))


def test_less_common_colour_spaces_and_formats():
    truth = np.asarray(photo()).astype(int)
    for mode, kind in (("LAB", "TIFF"), ("YCbCr", "TIFF"), ("RGB", "QOI"), ("RGB", "SGI"), ("RGB", "DDS")):
        pixels = decode(encoded(photo().convert(mode), kind), PLAIN)
        assert np.abs(pixels - truth).mean() < 3, (mode, kind)


def test_formats_that_would_start_another_program_are_not_opened():
    refused(encoded(photo(), "EPS"), ["no image format"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [([0.0, 0.5, 1.0], [0, 128, 255]), ([0.0, 10.0, 255.0], [0, 10, 255]), ([-1.0, 0.0, 1.0], [0, 128, 255]),
     ([0.0, np.nan, 1.0], [0, 0, 255])],
)  # fmt: skip
def test_float_tiff_is_mapped_by_its_own_range_and_says_so(values, expected):
    data = encoded(Image.fromarray(np.array([values], np.float32)), "TIFF")
    decoded = open_image(data, PLAIN)
    assert np.asarray(decoded.image)[0, :, 0].tolist() == expected
    assert decoded.notes == ("own_range",)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied_or_left_as_the_preparation_says(kind, orientation):
    stored = Image.new("RGB", (64, 32))
    stored.paste((255, 0, 0), (0, 0, 32, 16))  # red in the upper left corner of the stored pixels
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(stored, kind, exif=exif)
    left_alone = decode(data, PLAIN.but(exif=False))
    assert left_alone.shape == (32, 64, 3)
    assert left_alone[4, 4, 0] > 200 > 60 > left_alone[4, 60, 0]
    turned = decode(data, PLAIN)
    assert turned.shape == ((32, 64, 3) if orientation < 5 else (64, 32, 3))
    corners = {1: (4, 4), 2: (4, -4), 3: (-4, -4), 4: (-4, 4), 5: (4, 4), 6: (4, -4), 7: (-4, -4), 8: (-4, 4)}
    red = corners.pop(orientation)
    assert turned[red][0] > 200
    assert all(turned[at][0] < 60 for at in set(corners.values()) - {red})


def test_the_first_frame_of_an_animation_is_taken_and_named():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "lime", "blue")]
    for kind in ("GIF", "WEBP", "PNG", "TIFF"):
        decoded = open_image(encoded(frames[0], kind, save_all=True, append_images=frames[1:]), PLAIN)
        assert decoded.notes == ("animated",), kind
        assert np.asarray(decoded.image)[4, 4].tolist()[0] > 200
        assert np.asarray(decoded.image)[4, 4].tolist()[1] < 60
    assert open_image(encoded(frames[0], "GIF"), PLAIN).notes == ()


def test_fast_decode_shrinks_jpeg_but_never_below_twice_the_target():
    big = encoded(photo(1600, 1200), "JPEG")
    assert decode(big, PLAIN.but(fast_decode=True)).shape == (150, 200, 3)
    assert decode(big, Preparation(200, 200)).shape == (600, 800, 3)
    assert decode(big, Preparation(32, 32, geometry="crop")).shape == (150, 200, 3)
    assert decode(encoded(photo(1600, 1200)), Preparation(32, 32)).shape == (1200, 1600, 3)


def test_fast_decode_leaves_kernels_that_pick_single_pixels_alone():
    big = encoded(photo(1600, 1200), "JPEG")
    assert decode(big, Preparation(32, 32, kernel="nearest")).shape == (1200, 1600, 3)
    assert decode(big, Preparation(32, 32, antialias=False)).shape == (1200, 1600, 3)


def test_fast_decode_of_a_turned_photograph_looks_at_its_turned_size():
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(photo(1600, 400), "JPEG", exif=exif)
    assert decode(data, Preparation(200, 25)).shape == (400, 100, 3)
    assert decode(data, Preparation(200, 25, exif=False)).shape == (400, 1600, 3)


def test_fast_decode_of_a_colour_photograph_to_grey_reads_its_luma_alone():
    data = encoded(photo(800, 600), "JPEG", quality=95)
    slow = decode(data, PLAIN.but(colour="grey")).astype(int)
    fast = decode(data, Preparation(400, 400, colour="grey")).astype(int)
    assert fast.shape == slow.shape == (600, 800, 1)
    assert np.abs(fast - slow).max() <= 2
    assert decode(
        encoded(photo(800, 600).convert("CMYK"), "JPEG"), Preparation(40, 40, colour="grey")
    ).shape == (150, 200, 1)


def refused(data, words, name=""):
    with pytest.raises(DataError) as caught:
        open_image(data, PLAIN, name)
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert message.endswith(".")
    assert "\n" not in message


def test_what_is_no_image_is_refused_in_one_sentence(tmp_path):
    refused(b"", ["empty", "0 bytes"])
    refused(b"hello world", ["11 bytes", "no image format"])
    refused(b"<!DOCTYPE html><html>", ["web page"])
    refused(b"version https://git-lfs.github.com/spec/v1\n", ["git lfs pull"])
    refused(b"\0\0\0\x18ftypheic" + bytes(40), ["HEIC", "convert"])
    refused(encoded(photo(), "JPEG")[:-200], ["truncated"], name="cat.jpg")
    refused(tmp_path / "gone.png", ["gone.png", "cannot be read"])
    refused(tmp_path, ["cannot be read"])


def test_a_hostile_name_is_escaped_in_the_message(tmp_path):
    path = tmp_path / "two\nlines\x1b[31m.png"
    path.write_bytes(b"x")
    refused(path, ["two\\nlines\\x1b"])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs permissions that bind the user")
def test_an_unreadable_file_is_named(tmp_path):
    path = tmp_path / "locked.png"
    path.write_bytes(encoded(photo()))
    path.chmod(0)
    refused(path, ["locked.png", "Permission denied"])


def png_of_size(width, height):
    """A few bytes that claim to be a huge PNG."""
    import zlib

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_decompression_bomb_is_refused_even_where_pillow_was_told_not_to(monkeypatch):
    side = int(PIXEL_LIMIT**0.5) + 10
    refused(png_of_size(side, side), ["179", "megapixels"])
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", None)
    refused(png_of_size(side, side), ["179", "megapixels"])
    assert Image.MAX_IMAGE_PIXELS is None


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
def test_broken_exif_does_not_cost_a_whole_image():
    data = encoded(photo(), "JPEG", exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 30)
    assert decode(data, PLAIN).shape == (48, 64, 3)


KINDS = {kind: encoded(photo(24, 16), kind) for kind in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP", "PPM")}
KINDS["ICO"] = encoded(photo(16, 16), "ICO")
KINDS["deep"] = encoded(Image.fromarray(np.arange(256, dtype=np.uint16).reshape(16, 16)), "TIFF")
KINDS["cmyk"] = encoded(photo(24, 16).convert("CMYK"), "JPEG")


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=12),
    st.floats(0.05, 1.0),
    st.booleans(),
)
@pytest.mark.filterwarnings("ignore")
def test_damaged_bytes_give_an_image_or_a_data_error_and_nothing_else(kind, changes, kept, grey):
    data = bytearray(KINDS[kind])
    for where, value in changes:
        data[int(where * len(data))] = value
    try:
        pixels = decode(bytes(data[: int(kept * len(data))]), PLAIN.but(colour="grey" if grey else "rgb"))
    except DataError as error:
        assert str(error).endswith(".")
    else:
        assert pixels.dtype == np.uint8
        assert pixels.shape[2] == (1 if grey else 3)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
@pytest.mark.filterwarnings("ignore")
def test_any_bytes_at_all_are_answered(data):
    with contextlib.suppress(DataError):
        decode(data, PLAIN)
