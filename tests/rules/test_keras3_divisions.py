"""What S111 says of tf.data and of Keras' loaders, asked of TensorFlow and Keras themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from valscope.evidence.laws.dealing import crossed, trained_by

pytestmark = pytest.mark.keras


@pytest.fixture(scope="module")
def tf() -> Any:
    return pytest.importorskip("tensorflow")


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classes of 50 images; the grey of each is its number."""
    image = pytest.importorskip("PIL.Image")
    folder = tmp_path_factory.mktemp("photos")
    for number in range(100):
        place = folder / ("a" if number < 50 else "b")
        place.mkdir(exist_ok=True)
        image.fromarray(np.full((4, 4, 3), number, "uint8")).save(place / f"{number:03}.png")
    return folder


def numbers(dataset: Any) -> set[int]:
    """The elements of one pass, flat."""
    return {round(float(n)) for batch in dataset.as_numpy_iterator() for n in np.ravel(batch)}


def trained(train: Any, val: Any, passes: int) -> tuple[int, int]:
    """How many that validate last were trained before, and how many in the same epoch."""
    seen: set[int] = set()
    now, held = set[int](), set[int]()
    for _ in range(passes):
        now = numbers(train)
        seen, held = seen | now, numbers(val)
    return len(seen & held), len(now & held)


@pytest.mark.parametrize("seed", [None, 1])
def test_take_and_skip_behind_a_shuffle_change_sides_at_every_pass(tf: Any, seed: int | None) -> None:
    ds = tf.data.Dataset.range(1000).shuffle(1000, seed=seed)
    ever, now = trained(ds.take(600), ds.skip(600), 3)
    assert ever == pytest.approx(400 * trained_by(0.6, 3), abs=20)
    assert now == pytest.approx(400 * 0.6, abs=40)
    ds = tf.data.Dataset.range(1000).shuffle(1000, seed=seed, reshuffle_each_iteration=False)
    assert trained(ds.take(600), ds.skip(600), 3) == (0, 0)


def test_a_small_buffer_deals_only_what_lies_near_the_cut(tf: Any) -> None:
    ds = tf.data.Dataset.range(3000).shuffle(200)
    found = [trained(ds.take(1500), ds.skip(1500), passes)[0] for passes in (1, 4)]
    assert found == [pytest.approx(crossed(200, passes), abs=35) for passes in (1, 4)]


def test_a_cache_keeps_the_first_complete_pass(tf: Any) -> None:
    """Before the cut it is the whole order from the second epoch on; behind it, an overlap for good."""
    ds = tf.data.Dataset.range(1000).shuffle(1000).cache()
    train, val = ds.take(800), ds.skip(800)
    assert trained(train, val, 1)[1] > 100  # taking a part completes nothing: this epoch is still dealt twice
    assert trained(train, val, 2)[1] == 0
    ds = tf.data.Dataset.range(1000).shuffle(1000)
    ever, now = trained(ds.take(800).cache(), ds.skip(800).cache(), 4)
    assert ever == now == pytest.approx(200 * trained_by(0.8, 1), abs=30)


def test_an_order_kept_over_one_that_is_dealt_anew_is_dealt_anew(tf: Any) -> None:
    ds = tf.data.Dataset.range(1000).shuffle(100).shuffle(1000, reshuffle_each_iteration=False)
    assert trained(ds.take(800), ds.skip(800), 4)[0] > 180


def test_list_files_shuffles_unless_told_not_to(tf: Any, photos: Path) -> None:
    pattern = str(photos / "*" / "*.png")
    for shuffle, leaks in ((None, True), (False, False)):
        ds = tf.data.Dataset.list_files(pattern, shuffle=shuffle)
        train, val = (set(part.as_numpy_iterator()) for part in (ds.take(80), ds.skip(80)))
        assert bool(train & val) == leaks


def test_labels_without_meaning_are_learned_where_parts_change_sides(tf: Any) -> None:
    """The symptom: nothing can be learned from these images, and validation says that nearly everything was."""
    rng = np.random.default_rng(0)
    x, y = np.eye(200, dtype="float32"), rng.integers(0, 2, 200)
    scores = []
    for again in (True, False):
        tf.keras.utils.set_random_seed(0)
        ds = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(200, reshuffle_each_iteration=again)
        model = tf.keras.Sequential([tf.keras.Input((200,)), tf.keras.layers.Dense(2, "softmax")])
        model.compile(tf.keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(
            ds.take(160).batch(32), epochs=8, validation_data=ds.skip(160).batch(40), verbose=0
        )
        scores.append(history.history["val_accuracy"][-1])
    assert scores[0] > 0.95
    assert scores[1] < 0.75


def test_a_folder_is_dealt_anew_among_eight_batches(tf: Any, photos: Path) -> None:
    load = tf.keras.utils.image_dataset_from_directory
    for shuffle, leaks in ((True, True), (False, False)):
        ds = load(photos, label_mode=None, image_size=(1, 1), batch_size=2, shuffle=shuffle, verbose=0)
        assert bool(trained(ds.take(40), ds.skip(40), 3)[0]) == leaks
    ds = load(photos, label_mode=None, image_size=(1, 1), batch_size=1, seed=0, verbose=0)
    found = [trained(ds.take(50), ds.skip(50), 3)[0] for _ in range(20)]
    assert np.mean(found) == pytest.approx(crossed(8, 3), abs=1.5)


def files(tf: Any, folder: Path, part: str, share: float = 0.2, **more: Any) -> set[str]:
    loaded = tf.keras.utils.image_dataset_from_directory(
        folder, validation_split=share, subset=part, image_size=(4, 4), verbose=0, **more
    )
    return set(loaded.file_paths)


def test_two_subsets_are_apart_only_with_one_seed_one_order_and_one_share(tf: Any, photos: Path) -> None:
    train = files(tf, photos, "training", seed=1)
    assert not train & files(tf, photos, "validation", seed=1)
    for other in ({"seed": 2}, {"seed": 1, "shuffle": False}, {"shuffle": False}):
        shared = train & files(tf, photos, "validation", **other)
        assert len(shared) / 20 == pytest.approx(0.8, abs=0.25)
    assert len(train & files(tf, photos, "validation", 0.4, seed=1)) == 20  # of 40: (0.4 - 0.2) / 0.4
    assert not train & files(tf, photos, "validation", 0.1, seed=1)
    assert {Path(f).parent.name for f in files(tf, photos, "validation", shuffle=False)} == {"b"}
    unordered = [
        files(tf, photos, part, shuffle=False, seed=n) for n, part in enumerate(("training", "validation"))
    ]
    assert not unordered[0] & unordered[1]


def test_a_shuffled_subset_without_a_seed_is_refused_and_both_are_apart(tf: Any, photos: Path) -> None:
    with pytest.raises(ValueError, match="seed"):
        files(tf, photos, "training")
    both = tf.keras.utils.image_dataset_from_directory(
        photos,
        validation_split=0.2,
        subset="both",
        seed=1,
        image_size=(1, 1),
        label_mode=None,
        batch_size=1,
        verbose=0,
    )
    assert not set(both[0].file_paths) & set(both[1].file_paths)
    orders = [[[float(n.mean()) for n in part.as_numpy_iterator()] for _ in range(2)] for part in both]
    assert [first == second for first, second in orders] == [False, True]  # only training is shuffled again


def test_generators_cut_by_the_order_of_files_whatever_the_seed(tf: Any, photos: Path) -> None:
    maker = tf.keras.preprocessing.image.ImageDataGenerator

    def names(part: str, share: float, **more: Any) -> set[str]:
        flow = maker(validation_split=share).flow_from_directory(
            photos, subset=part, target_size=(4, 4), **more
        )
        return set(flow.filenames)

    train = names("training", 0.2, seed=1)
    assert not train & names("validation", 0.2, seed=2)
    assert not train & names("validation", 0.2, shuffle=False)
    assert not train & names("validation", 0.1)
    assert len(train & names("validation", 0.4)) == 20  # of 40
    assert len(train & names("validation", 0.4)) / 40 == pytest.approx((0.4 - 0.2) / 0.4)


def test_generators_of_arrays_cut_at_the_same_place(tf: Any) -> None:
    maker, x = tf.keras.preprocessing.image.ImageDataGenerator, np.arange(100, dtype="float32")

    def rows(part: str, share: float, **more: Any) -> set[int]:
        flow = maker(validation_split=share).flow(x.reshape(-1, 1, 1, 1), subset=part, **more)
        return {int(n) for n in flow.x.ravel()}

    assert not rows("training", 0.2, seed=1) & rows("validation", 0.2, seed=2)
    assert len(rows("training", 0.2) & rows("validation", 0.4)) == 20
