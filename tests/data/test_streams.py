import itertools

import numpy as np
import pytest

from valscope.data.sources.open import open_dataset
from valscope.data.sources.spool import Spool
from valscope.errors import DataError, UsageError

RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, (12, 6, 5, 3), dtype=np.uint8)
LABELS = np.arange(12) % 3


def batches(size=5, images=IMAGES, labels=LABELS):
    for start in range(0, len(images), size):
        yield images[start : start + size], labels[start : start + size]


def same(dataset, times=1):
    np.testing.assert_array_equal(dataset.content.values, np.concatenate([IMAGES] * times))
    assert dataset.labels.tolist() == LABELS.tolist() * times
    assert dataset.notices[0].code == "drained"


def test_a_generator_of_batches_and_one_of_single_items():
    same(open_dataset(batches()))
    same(open_dataset(zip(IMAGES, LABELS)))
    same(open_dataset((x, y, np.ones(len(x))) for x, y in batches()))
    same(open_dataset({"image": x, "label": y} for x, y in batches()))
    same(open_dataset(iter(list(batches()))))


def endless():
    while True:
        yield from batches()


def test_an_endless_generator_is_refused_unless_steps_are_given():
    with pytest.raises(DataError, match=r"anew after 3 batches.*steps=3"):
        open_dataset(endless())
    same(open_dataset(endless(), steps=3))
    same(open_dataset(endless(), steps=6), times=2)


def test_single_items_that_go_round_are_noticed_and_pictures_that_occur_twice_are_not():
    with pytest.raises(DataError, match="steps=12"):
        open_dataset(itertools.cycle(zip(IMAGES, LABELS)))
    blank = [(np.zeros((6, 5, 3), np.uint8), 0)] * 30
    assert len(open_dataset(iter(blank + list(zip(IMAGES, LABELS)) + blank))) == 72


def test_an_endless_generator_that_never_repeats_is_refused_too(monkeypatch):
    def random():
        while True:
            yield RNG.random((50, 2, 2, 3)), RNG.integers(0, 3, 50)

    monkeypatch.setattr("valscope.data.sources.streams.ITEMS_LIMIT", 200)
    with pytest.raises(DataError, match="still gives after 250 items"):
        open_dataset(random())
    monkeypatch.setattr("valscope.data.sources.streams.ITEMS_LIMIT", 10**9)
    monkeypatch.setattr("valscope.data.sources.streams.BYTES_LIMIT", 10_000)
    with pytest.raises(DataError, match="still gives after 250 items"):
        open_dataset(random())


def test_streams_that_give_nothing_useful_get_a_sentence():
    with pytest.raises(DataError, match="gave nothing"):
        open_dataset(batches(images=IMAGES[:0]))
    with pytest.raises(DataError, match="must give pairs"):
        open_dataset(iter([IMAGES, IMAGES]))
    with pytest.raises(DataError, match="items of different shapes"):
        open_dataset(iter([(IMAGES, LABELS), (IMAGES[:, :4], LABELS)]))
    with pytest.raises(DataError, match="labels of different shapes"):
        open_dataset(iter([(IMAGES, LABELS), (IMAGES, np.eye(3)[LABELS])]))
    for source in (3, object(), None, [1, 2, 3]):
        with pytest.raises(UsageError, match="no source of labelled images"):
            open_dataset(source)


class Sequence:
    """Like keras.utils.Sequence: length, item and end of epoch; it fails beyond its end."""

    def __len__(self):
        return 3

    def __getitem__(self, i):
        if i >= 3:
            raise RuntimeError("beyond the end")
        return list(batches())[i]

    def on_epoch_end(self):
        raise AssertionError("one pass, not an epoch")


def test_a_keras_sequence_is_read_by_its_length():
    same(open_dataset(Sequence()))
    named = Sequence()
    named.class_indices = {"dog": 1, "cat": 0, "eel": 2}
    assert open_dataset(named).classes == ("cat", "dog", "eel")


class Tensor:
    """Like a torch tensor: it must be detached and brought to the CPU first."""

    def __init__(self, values, ready=False):
        self.values, self.ready = values, ready

    def detach(self):
        return self

    def cpu(self):
        return Tensor(self.values, True)

    def __array__(self, dtype=None, copy=None):
        assert self.ready
        return np.asarray(self.values, dtype)


class Loader:
    """Like torch.utils.data.DataLoader."""

    def __init__(self, batch_size=5):
        self.batch_size = batch_size
        self.dataset = type("ImageFolder", (), {"classes": ["cat", "dog", "eel"]})()

    def __iter__(self):
        pairs = batches() if self.batch_size else zip(IMAGES, LABELS)
        for x, y in pairs:
            x = np.moveaxis(x, -1, -3).astype(np.float32) / 255
            yield [Tensor(x), Tensor(np.asarray(y))]


def test_a_torch_loader_with_channels_first_and_levels_divided_by_255():
    for batch_size in (5, None):
        dataset = open_dataset(Loader(batch_size))
        same(dataset)
        assert dataset.classes == ("cat", "dog", "eel")
        assert [notice.code for notice in dataset.notices] == ["drained", "channels_first", "unit_pixels"]


def test_a_torch_loader_of_an_iterable_dataset_may_be_endless():
    class Endless(Loader):
        def __iter__(self):
            return endless()

    with pytest.raises(DataError, match="steps=3"):
        open_dataset(Endless())
    assert len(open_dataset(Endless(), steps=3)) == 12


def test_a_source_of_known_length_may_be_long(monkeypatch):
    monkeypatch.setattr("valscope.data.sources.streams.ITEMS_LIMIT", 5)
    same(open_dataset(Sequence()))


def test_validation_may_be_a_stream_too():
    dataset = open_dataset(Sequence(), validation=Sequence())
    assert dataset.parts == ("train",) * 12 + ("val",) * 12


def test_large_streams_go_to_disk():
    spool = Spool(in_memory=1000)
    for x, _ in batches():
        spool.add(x, "stream")
    values = spool.array()
    assert isinstance(values, np.memmap)
    np.testing.assert_array_equal(values, IMAGES)


@pytest.mark.keras
def test_tf_data_batched_single_and_endless():
    import tensorflow as tf

    pairs = tf.data.Dataset.from_tensor_slices((IMAGES, LABELS))
    same(open_dataset(pairs))
    same(open_dataset(pairs.batch(5)))
    same(open_dataset(pairs.map(lambda x, y: (x, tf.one_hot(y, 3))).batch(5)))
    same(open_dataset(pairs.map(lambda x, y: (x, tf.one_hot(y, 3)))))
    same(open_dataset(pairs.map(lambda x, y: {"image": x, "label": y})))
    grey = open_dataset(pairs.map(lambda x, y: (x[:, :, 0], y)).batch(5))
    assert grey.content.values.shape == (12, 6, 5, 1)
    with pytest.raises(DataError, match=r"never ends.*\(steps\)"):
        open_dataset(pairs.batch(5).repeat())
    same(open_dataset(pairs.batch(4).repeat(), steps=3))
    unknown = tf.data.Dataset.from_generator(endless, output_signature=pairs.batch(5).element_spec)
    with pytest.raises(DataError, match="steps=3"):
        open_dataset(unknown)


@pytest.mark.keras
def test_keras_own_sources(tmp_path):
    import keras
    from PIL import Image

    for i, (image, label) in enumerate(zip(IMAGES, LABELS)):
        (tmp_path / "cde"[label]).mkdir(exist_ok=True)
        Image.fromarray(image).save(tmp_path / "cde"[label] / f"{i:02}.png")
    ours = open_dataset(tmp_path)
    truth = {image.tobytes(): label for image, label in zip(IMAGES, LABELS)}
    folder = keras.utils.image_dataset_from_directory(
        tmp_path, image_size=(6, 5), batch_size=5, verbose=False
    )
    dataset = open_dataset(folder)
    assert dataset.classes == ours.classes == ("c", "d", "e")
    assert [truth[x.tobytes()] for x in dataset.content.values] == dataset.labels.tolist()

    class Own(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, i):
            return list(batches())[i]

    same(open_dataset(Own()))
