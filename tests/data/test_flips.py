"""Whether a horizontal flip leaves the label true, asked of the data."""

import numpy as np
import pytest
from pictures import DONE, arrow, clouds

from valscope.data.alike.duplicates import find_duplicates
from valscope.data.alike.flips import flip_safe

pytestmark = pytest.mark.slow


def verdict(images, labels, classes=("a", "b", "c"), direction="horizontal"):
    labels = np.asarray(labels, np.int64)
    found = find_duplicates(lambda rows: images[rows], len(images), None, labels)
    return flip_safe(found.thumbs, labels, classes, found, direction)


def test_left_and_right_arrows_must_not_be_flipped():
    rng = np.random.default_rng(0)
    images = np.stack([arrow(i % 2 == 0, rng) for i in range(120)])
    images = np.where(images > 200, images, clouds(120) // 2)  # each before a scene of its own
    found = verdict(images, [0, 1] * 60, ("right", "left"))
    assert found.verdict == "unsafe" and not found.safe
    assert found.swapped == ((0, 1),)
    assert "Mirroring swaps 'right' with 'left'" in found.reason
    assert found.notices[0].message.startswith("Not mirrored in training. ")
    assert verdict(images, [0, 1] * 60, ("right", "left"), "vertical").verdict != "unsafe"


def test_mirror_copies_under_other_labels_decide_without_a_probe():
    rng = np.random.default_rng(0)
    images = np.stack([arrow(True, rng) for _ in range(30)])
    images = np.concatenate([images, images[:, :, ::-1]])
    assert (
        "Of two pictures that mirror each other the labels differ"
        in verdict(images, [0] * 30 + [1] * 30).reason
    )


def test_pictures_without_handedness_may_be_flipped():
    images = clouds(120)
    images[::2, 20:40, 20:44, 0] = 255  # one class has a red patch, in the middle
    found = verdict(images, [0, 1] * 60)
    assert found.safe and found.notices == ()
    assert found.before > 0.8 < found.after


@pytest.mark.parametrize("seed", range(6))
def test_noise_labels_swap_nothing(seed):
    """A probe that knows nothing names no swap; clouds have no handedness, so flipping them is safe."""
    labels = np.random.default_rng(seed).integers(0, 3, 200)
    assert verdict(clouds(200, seed), labels).verdict == "safe"


def signs(rng, n):
    """Three drawn signs with a handedness of their own, none the mirror image of another: F, P and 7."""
    strokes = [
        [(8, 56, 20, 26), (8, 14, 20, 46), (28, 34, 20, 40)],
        [(8, 56, 20, 26), (8, 14, 20, 44), (30, 36, 20, 44), (8, 36, 40, 46)],
        [(8, 14, 16, 48), (14, 36, 40, 48), (36, 56, 28, 36)],
    ]
    images = np.zeros((n, 64, 64, 3), np.uint8)
    for i, image in enumerate(images):
        y, x = rng.integers(-6, 7, 2)
        for top, bottom, left, right in strokes[i % 3]:
            image[max(0, top + y) : bottom + y, max(0, left + x) : right + x] = 250
    return images


def test_handed_signs_cannot_be_told_and_are_not_flipped_by_default():
    found = verdict(signs(np.random.default_rng(0), 240), [0, 1, 2] * 80)
    assert found.verdict != "safe" and not found.safe and found.notices


def test_handed_photographs_that_keep_their_class_may_be_flipped():
    """All cars face left: told from their mirror images, but still cars."""
    images = clouds(160)
    images[::2, 30:50, 8:56] = (200, 30, 30)
    images[::2, 20:30, 8:30] = (200, 30, 30)
    images[1::2, 20:50, 30:36] = (30, 200, 30)
    found = verdict(images, [0, 1] * 80)
    assert found.safe and found.after > 0.9


def test_cars_that_mostly_face_one_way_are_not_called_swapped():
    """Seven of ten cars face left, seven of ten lorries right, and nothing else tells them apart."""
    images = clouds(400, 3)
    rng = np.random.default_rng(3)
    for i, image in enumerate(images):
        left = (rng.random() < 0.7) == (i % 2 == 0)
        image[30:50, 8:56] = 220
        image[18:30, 8:30] = 220 if left else image[18:30, 8:30]
        image[18:30, 34:56] = image[18:30, 34:56] if left else 220
    found = verdict(images, [0, 1] * 200)
    assert found.before > 0.6 > found.after
    assert found.verdict != "unsafe"


def test_copies_do_not_teach_the_probe_what_it_is_asked():
    """Resaved copies under noise labels: seen and asked about, they would make pictures look handed."""
    base = clouds(60, 1)
    images = np.concatenate([DONE["jpeg 50"][0](image)[None] for image in np.repeat(base, 5, axis=0)])
    images = np.clip(images + np.random.default_rng(0).normal(0, 1, images.shape), 0, 255).astype(np.uint8)
    labels = np.repeat(np.random.default_rng(0).integers(0, 2, 60), 5)
    assert verdict(images, labels).before < 0.65


def test_too_few_images_are_said():
    found = verdict(clouds(12), [0] * 6 + [1] * 6)
    assert found.verdict == "cannot tell" and "Fewer than two classes have 10 images" in found.reason
    assert verdict(clouds(40), [0] * 40).verdict == "cannot tell"
    assert verdict(clouds(40), [-1] * 40).verdict == "cannot tell"
