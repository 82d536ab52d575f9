from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from valscope.data.reading.reader import Reader
from valscope.data.sources.open import open_dataset
from valscope.errors import DataError
from valscope.nouns.preparation import Preparation

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (12, 6, 5, 3), dtype=np.uint8)
LABELS = np.arange(12) % 3


def codes(dataset):
    return [notice.code for notice in dataset.notices]


def test_a_pair_of_images_and_whole_numbers():
    dataset = open_dataset((IMAGES, LABELS))
    assert dataset.classes == ("0", "1", "2")
    assert dataset.labels.tolist() == LABELS.tolist()
    assert dataset.labels.dtype == np.int64
    assert dataset.names[:2] == ("row 1", "row 2")
    assert dataset.content.values is IMAGES
    assert dataset.notices == ()


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (LABELS.astype(float), ("0", "1", "2")),
        (LABELS[:, None], ("0", "1", "2")),
        (LABELS.tolist(), ("0", "1", "2")),
        (np.eye(3)[LABELS], ("0", "1", "2")),
        (np.eye(3, dtype=bool)[LABELS], ("0", "1", "2")),
        (np.array(["a", "b", "c"])[LABELS], ("a", "b", "c")),
        (np.array([b"a", b"b", b"c"])[LABELS], ("a", "b", "c")),
        (np.array(["a", "b", "c"], object)[LABELS], ("a", "b", "c")),
        (np.array([3, 7, 20])[LABELS], ("3", "7", "20")),
    ],
)
def test_labels_in_every_form(labels, classes):
    dataset = open_dataset((IMAGES, labels))
    assert dataset.classes == classes
    assert dataset.labels.tolist() == LABELS.tolist()


def test_true_and_false_are_two_classes():
    assert open_dataset((IMAGES, LABELS == 2)).classes == ("0", "1")


def test_names_for_whole_numbers():
    dataset = open_dataset((IMAGES, LABELS), classes=["cat", "dog", "eel"])
    assert dataset.classes == ("cat", "dog", "eel")
    assert dataset.labels.tolist() == LABELS.tolist()
    one_hot = open_dataset((IMAGES, np.eye(3)[LABELS]), classes=["cat", "dog", "eel"])
    assert one_hot.labels.tolist() == LABELS.tolist()
    fewer = open_dataset((IMAGES, LABELS), classes=["cat", "dog"])
    assert len(fewer) == 8
    assert codes(fewer) == ["unknown_class"]


def test_a_class_in_the_middle_that_never_occurs_in_one_hot_labels():
    dataset = open_dataset((IMAGES, np.eye(4)[LABELS % 2 * 3]))
    assert dataset.classes == ("0", "3")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ((RNG.random((12, 4)) < 0.7).astype(int), "labels on row .*multi-label"),
        (np.zeros((12, 3)), "no label on row 1"),
        (RNG.random(12), "no whole number"),
        (RNG.normal(size=(12, 3)), "not one-hot"),
        (LABELS[:5], "12 items but 5 labels"),
        (np.zeros(12, int), "only the class 0 in 12 items"),
        ([["a", "b"]] * 12, "multi-label"),
        (np.zeros((12, 2, 2)), "shape"),
    ],
)
def test_labels_that_cannot_be_used_get_a_sentence(labels, words):
    with pytest.raises(DataError, match=words) as caught:
        open_dataset((IMAGES, labels))
    assert str(caught.value).endswith(".")


def test_soft_labels_are_taken_by_their_largest_share_and_said():
    soft = 0.9 * np.eye(3)[LABELS] + 0.1 / 3
    dataset = open_dataset((IMAGES, soft))
    assert dataset.labels.tolist() == LABELS.tolist()
    assert codes(dataset) == ["soft_labels"]


def test_layouts():
    assert open_dataset((IMAGES[..., 0], LABELS)).content.values.shape == (12, 6, 5, 1)
    first = open_dataset((np.moveaxis(IMAGES, 3, 1), LABELS))
    np.testing.assert_array_equal(first.content.values, IMAGES)
    assert codes(first) == ["channels_first"]
    maps = open_dataset((RNG.random((12, 7, 7, 512)), LABELS))
    assert maps.content.vectors
    assert maps.content.values.shape == (12, 7 * 7 * 512)
    assert codes(maps) == ["flattened"]


def test_vectors_become_float32_and_keep_their_numbers():
    vectors = RNG.normal(size=(12, 4))
    dataset = open_dataset((vectors, LABELS))
    assert dataset.content.vectors
    assert dataset.content.values.dtype == np.float32
    np.testing.assert_allclose(Reader(dataset).read([3, 1]), vectors[[3, 1]], rtol=1e-6)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_levels_divided_by_255_become_levels_again_without_loss(dtype):
    dataset = open_dataset(((IMAGES / 255).astype(dtype), LABELS))
    assert dataset.content.values.dtype == np.uint8
    np.testing.assert_array_equal(dataset.content.values, IMAGES)
    assert codes(dataset) == ["unit_pixels"]


@pytest.mark.parametrize("dtype", [np.float32, np.int64, np.uint16])
def test_levels_in_another_type_become_uint8(dtype):
    dataset = open_dataset((IMAGES.astype(dtype), LABELS))
    np.testing.assert_array_equal(dataset.content.values, IMAGES)
    assert dataset.content.values.dtype == np.uint8
    assert dataset.notices == ()


def test_images_of_zeros_and_ones():
    for kind in (bool, np.uint8, np.float32):
        dataset = open_dataset(((IMAGES > 99).astype(kind), LABELS))
        assert set(np.unique(dataset.content.values)) == {0, 255}
        assert dataset.content.values.dtype == np.uint8


def test_sixteen_bits_keep_the_upper_eight():
    dataset = open_dataset((IMAGES.astype(np.uint16) * 257, LABELS))
    np.testing.assert_array_equal(dataset.content.values, IMAGES)
    assert codes(dataset) == ["deep"]


def test_floats_between_the_levels_of_0_to_1_pass_through():
    dataset = open_dataset((RNG.random(IMAGES.shape), LABELS))
    assert codes(dataset) == ["float_pixels"]
    assert dataset.content.values.max() <= 1


def test_other_floats_pass_through_unscaled_and_this_is_said():
    standardised = RNG.normal(size=IMAGES.shape)
    dataset = open_dataset((standardised, LABELS))
    assert codes(dataset) == ["float_pixels"]
    assert "without further scaling" in dataset.notices[0].message
    reader = Reader(dataset, Preparation(6, 5))
    assert reader.dtype == np.float32
    np.testing.assert_allclose(reader.read([2])[0], standardised[2], rtol=1e-5)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        (np.full((12, 4, 4, 3), np.nan), "not finite"),
        (np.zeros((12, 4), complex), "type complex"),
        (np.zeros((12, 0, 4, 3)), "shape"),
        (np.zeros(12), "shape"),
        ([np.zeros((4, 4)), np.zeros((5, 4))] * 6, "different shapes"),
        (np.array([None] * 12), "type object"),
    ],
)
def test_items_that_cannot_be_used_get_a_sentence(items, words):
    with pytest.raises(DataError, match=words):
        open_dataset((items, LABELS))


def test_npz_with_and_without_parts(tmp_path):
    path = tmp_path / "all.npz"
    for x, y in (("x", "y"), ("X", "Y"), ("images", "labels"), ("data", "target"), ("arr_0", "arr_1")):
        np.savez(path, **{x: IMAGES, y: LABELS})
        assert open_dataset(path).labels.tolist() == LABELS.tolist()
    for x, y in (("x_{}", "y_{}"), ("{}_images", "{}_labels"), ("X_{}", "y_{}")):
        arrays = {
            name.format(part): value
            for part in ("train", "test")
            for name, value in ((x, IMAGES), (y, LABELS))
        }
        np.savez_compressed(path, **arrays)
        dataset = open_dataset(path)
        assert dataset.parts == ("train",) * 12 + ("test",) * 12
        assert dataset.names[12] == "test/row 1"


def test_npz_with_class_names(tmp_path):
    np.savez(tmp_path / "n.npz", x=IMAGES, y=LABELS, class_names=np.array(["cat", "dog", "eel"]))
    assert open_dataset(tmp_path / "n.npz").classes == ("cat", "dog", "eel")


@pytest.mark.parametrize("names", [("X", "y"), ("x", "labels"), ("images", "labels"), ("features", "target")])
def test_npy_with_its_labels_beside_it(tmp_path, names):
    np.save(tmp_path / f"{names[0]}.npy", IMAGES)
    np.save(tmp_path / f"{names[1]}.npy", LABELS)
    for source in (tmp_path / f"{names[0]}.npy", tmp_path):
        dataset = open_dataset(source)
        assert dataset.labels.tolist() == LABELS.tolist()
        np.testing.assert_array_equal(dataset.content.values, IMAGES)


def test_npy_of_one_part(tmp_path):
    np.save(tmp_path / "X_train.npy", IMAGES)
    np.save(tmp_path / "y_train.npy", LABELS)
    np.save(tmp_path / "X_test.npy", IMAGES[:3])
    np.save(tmp_path / "y_test.npy", LABELS[:3])
    assert len(open_dataset(tmp_path / "X_train.npy")) == 12
    assert open_dataset(tmp_path).parts == ("train",) * 12 + ("test",) * 3


def test_a_mapping_of_arrays():
    dataset = open_dataset({"x_train": IMAGES, "y_train": LABELS, "x_val": IMAGES[:4], "y_val": LABELS[:4]})
    assert dataset.parts == ("train",) * 12 + ("val",) * 4


def test_array_files_that_cannot_be_used_get_a_sentence(tmp_path):
    bad = tmp_path / "bad.npz"
    for data in (b"", b"PK\x03\x04 nothing", b"\x93NUMPY", b"x" * 100):
        bad.write_bytes(data)
        with pytest.raises(DataError, match="cannot be read as NumPy arrays"):
            open_dataset(bad)
    np.savez(bad, pixels=IMAGES, kinds=LABELS)
    with pytest.raises(DataError, match="name the items x and the labels y"):
        open_dataset(bad)
    np.savez(bad, x=IMAGES, y=np.array([object()] * 12))
    with pytest.raises(DataError, match="can run code"):
        open_dataset(bad)
    np.save(tmp_path / "alone.npy", IMAGES)
    with pytest.raises(DataError, match="no file beside it holds their labels"):
        open_dataset(tmp_path / "alone.npy")


def arrays_as_bytes(save, **arrays):
    out = BytesIO()
    save(out, *arrays.values()) if save is np.save else save(out, **arrays)
    return out.getvalue()


FILES = {
    "x.npz": arrays_as_bytes(np.savez, x=IMAGES, y=LABELS),
    "z.npz": arrays_as_bytes(np.savez_compressed, x=IMAGES, y=LABELS),
    "X.npy": arrays_as_bytes(np.save, x=IMAGES),
}


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=6),
    st.floats(0.1, 1.0),
    st.booleans(),
)
@pytest.mark.filterwarnings("ignore")
def test_damaged_array_files_are_answered(tmp_path_factory, name, changes, kept, head):
    folder = tmp_path_factory.getbasetemp() / "array-fuzz"
    folder.mkdir(exist_ok=True)
    np.save(folder / "y.npy", LABELS)
    data = bytearray(FILES[name])
    for where, value in changes:
        data[int(where * min(len(data), 200 if head else len(data)))] = value
    (folder / name).write_bytes(data[: int(kept * len(data))])
    try:
        dataset = open_dataset(folder / name)
    except DataError as error:
        assert str(error).endswith(".")
    else:
        assert len(dataset) == len(dataset.labels)


def test_paths_with_labels(tmp_path):
    for i, image in enumerate(IMAGES):
        Image.fromarray(image).save(tmp_path / f"{i}.png")
    paths = [tmp_path / f"{i}.png" for i in range(12)]
    for labels in (LABELS, np.eye(3)[LABELS], [["a", "b", "c"][i] for i in LABELS]):
        dataset = open_dataset((paths, labels))
        assert dataset.labels.tolist() == LABELS.tolist()
        assert dataset.content.paths == tuple(map(str, paths))
    assert len(open_dataset(([path.name for path in paths], LABELS), root=tmp_path)) == 12
    with pytest.raises(DataError, match="12 paths but 3 labels"):
        open_dataset((paths, LABELS[:3]))


def test_sources_in_different_forms_are_not_joined():
    with pytest.raises(DataError, match="different shapes"):
        open_dataset((IMAGES, LABELS), validation=(IMAGES[:, :3], LABELS))
    with pytest.raises(DataError, match="different scales"):
        open_dataset((IMAGES, LABELS), validation=(RNG.normal(size=IMAGES.shape), LABELS))


def test_the_sample_needs_no_download():
    dataset = open_dataset("sample:digits")
    assert len(dataset) == 1797
    assert dataset.classes == tuple("0123456789")
    assert dataset.content.values.shape == (1797, 8, 8, 1)
    assert dataset.content.values.dtype == np.uint8
    assert (dataset.content.values.min(), dataset.content.values.max()) == (0, 255)
    assert np.bincount(dataset.labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    with pytest.raises(DataError, match="sample:digits"):
        open_dataset("sample:cats")


def test_an_array_on_disk_stays_there(tmp_path):
    np.save(tmp_path / "X.npy", IMAGES)
    np.save(tmp_path / "y.npy", LABELS)
    values = open_dataset(tmp_path / "X.npy").content.values
    assert isinstance(values.base, np.memmap)
