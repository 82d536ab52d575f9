"""Duplicates: what must be found, what must not, and what is said about it."""

import os
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pictures import DONE, arrow, clouds

from valscope.data.alike.duplicates import find_duplicates
from valscope.data.alike.near import _invariant, distances, reaches
from valscope.data.alike.thumbs import TURNS, describe, turned
from valscope.data.splitting.groups import infer_groups


def thumbs(images, batch=256):
    return describe(lambda rows: images[rows], len(images), batch)


def found(images, labels=None, hashes=None, **named):
    labels = np.zeros(len(images), np.int64) if labels is None else np.asarray(labels, np.int64)
    return find_duplicates(lambda rows: images[rows], len(images), hashes, labels, **named)


def codes(duplicates):
    return {notice.code: notice.message for notice in duplicates.notices}


# --- thumbs ---


@pytest.mark.parametrize("shape", [(64, 64), (28, 28), (45, 115), (32, 32)])
def test_turning_coefficients_is_turning_the_picture(shape):
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (3, *shape, 3), dtype=np.uint8)
    t = thumbs(images)
    by_hand = {
        "flipped vertically": images[:, ::-1],
        "flipped horizontally": images[:, :, ::-1],
        "rotated by 180 degrees": images[:, ::-1, ::-1],
    }
    if shape[0] == shape[1]:
        by_hand |= {
            "rotated by 90 degrees": np.rot90(images, 1, (1, 2)),
            "rotated by 270 degrees": np.rot90(images, 3, (1, 2)),
            "flipped and rotated by 90 degrees": images.transpose(0, 2, 1, 3),
        }
    for how, turned_images in by_hand.items():
        other = thumbs(turned_images)
        back = list(turned(other.low))[TURNS.index(how)]
        assert np.allclose(t.low, back, atol=1e-4), how
        back = list(turned(other.chroma.astype(float)))[TURNS.index(how)]
        assert np.allclose(t.chroma, back, atol=0.2), how


def test_thumbs_do_not_depend_on_the_batch_or_on_the_number_type():
    images = clouds(10)
    a, b = thumbs(images, 3), thumbs(images, 256)
    assert np.allclose(a.low, b.low, atol=1e-5) and a.pixels == b.pixels
    floats = thumbs(images.astype(np.float32) / 255)
    assert np.allclose(floats.low, b.low, atol=1e-3) and np.allclose(floats.contrast, b.contrast, rtol=0.1)
    assert len(thumbs(images[:0])) == 0
    assert np.allclose(thumbs(images[..., 0]).low, thumbs(images[..., :1]).low)


@given(st.integers(0, 10_000))
def test_the_invariant_never_hides_a_pair(seed):
    """It lies no farther apart than the pictures do under their best turn, so no pair is lost."""
    rng = np.random.default_rng(seed)
    low = rng.normal(size=(2, 8, 8)).astype(np.float32)
    low /= np.sqrt((low**2).sum((1, 2), keepdims=True))
    a, b = _invariant(low)
    assert np.linalg.norm(a - b) <= distances(low[:1], low[1:])[0, 0] + 1e-5


# --- what must be found ---


@pytest.mark.slow
@pytest.mark.parametrize("what", DONE)
def test_each_copy_is_found_and_named(what):
    do, how = DONE[what]
    base = clouds(150)
    copies = np.stack([do(image) for image in base[:40]])
    duplicates = found(np.concatenate([base, copies]))
    right = {(p.first, p.second) for p in duplicates.pairs if p.how == how}
    assert right == {(i, 150 + i) for i in range(40)}
    assert duplicates.near == tuple((i, 150 + i) for i in range(40))


def test_a_copy_of_a_symmetric_picture_is_called_the_same():
    base = clouds(60) // 2
    base = base + base[:, :, ::-1]
    copies = np.stack([DONE["jpeg 30"][0](image) for image in base[:30]])
    duplicates = found(np.concatenate([base, copies]))
    assert [p.how for p in duplicates.pairs] == ["same"] * 30


def test_copies_are_found_among_very_few_pictures():
    base = clouds(4)
    duplicates = found(np.concatenate([base, base[:1, :, ::-1]]))
    assert duplicates.near == ((0, 4),)
    assert found(base[:0]).near == found(base[:1]).near == ()


def test_identical_bytes_and_identical_pixels():
    images = clouds(30)
    images[7] = images[3]
    duplicates = found(images, hashes=["x", "x"] + [str(i) for i in range(28)])
    assert duplicates.identical == ((0, 1), (3, 7))
    assert duplicates.groups[0] == duplicates.groups[1] != "" == duplicates.groups[2]
    assert codes(duplicates)["duplicates"].startswith("2 sets (4 images) of identical pictures")


def test_copies_of_identical_pictures_join_their_group():
    images = clouds(60)
    images[50] = images[3]
    images[51] = images[3][:, ::-1]
    duplicates = found(images)
    assert duplicates.near == ((3, 50, 51),)
    assert len(duplicates.pairs) == 1


# --- what must not be found ---


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_unrelated_pictures_are_no_duplicates(seed):
    assert not found(clouds(300, seed)).near


@pytest.mark.slow
def test_handwritten_digits_are_no_duplicates_although_they_look_alike():
    from sklearn.datasets import load_digits

    digits = load_digits()
    images = np.kron(digits.images * 15, np.ones((1, 4, 4))).astype(np.uint8)[..., None]
    duplicates = found(images, digits.target)
    assert len(duplicates.pairs) <= 1
    nearest = np.sort(distances(thumbs(images[:200]).low, thumbs(images[200:]).low), axis=1)[:, 0]
    assert np.median(nearest) < 0.35  # nearer than many a photograph and its brightened copy


def test_forms_that_differ_in_a_few_letters_are_not_called_copies():
    """One template, small different marks: near to each other, but all equally so."""
    rng = np.random.default_rng(0)
    images = np.repeat(clouds(1), 300, axis=0)
    for image in images:
        for _ in range(6):
            y, x = rng.integers(0, 58, 2)
            image[y : y + 6, x : x + 6] = rng.integers(0, 2) * 255
    duplicates = found(images)
    assert len(duplicates.near) < 5


def test_flat_pictures_are_compared_for_identity_only():
    rng = np.random.default_rng(0)
    flat = 200 + rng.integers(0, 2, (40, 64, 64, 1), dtype=np.uint8)
    images = np.concatenate([np.repeat(flat, 3, axis=3), clouds(40)])
    duplicates = found(images)
    assert not duplicates.near and duplicates.flat == tuple(range(40))
    assert "40 pictures are too flat" in codes(duplicates)["flat"]
    white = np.full((3, 64, 64, 3), 255, np.uint8)
    assert found(white, hashes=["a", "b", "c"]).identical == ()  # three white pages are three pages
    assert found(white).identical == ((0, 1, 2),)


def test_recoloured_pictures_are_others():
    images = clouds(60)
    tinted = np.clip(images[:5] * [1.4, 1.0, 0.6], 0, 255).astype(np.uint8)
    assert not found(np.concatenate([images, tinted])).near


def test_pictures_that_share_only_their_coarse_structure_are_others():
    from scipy.fft import idctn

    waves = np.zeros((10, 64, 64))
    waves[:, 9:15, 9:15] = np.random.default_rng(0).normal(0, 200, (10, 6, 6))
    grain = idctn(waves, axes=(1, 2), norm="ortho")[..., None]
    base = np.clip(clouds(80), 60, 190)
    images = np.concatenate([base, np.clip(base[:10] + grain, 0, 255).astype(np.uint8)])
    low = thumbs(images).low
    apart = [distances(low[i : i + 1], low[80 + i : 81 + i])[0, 0] for i in range(10)]
    assert np.median(apart) < 0.05  # as near as resaving, coarsely
    assert len(found(images).pairs) <= 2


# --- groups ---


def film(frames=60):
    """A square that wanders over a meadow, a little each frame."""
    images = np.repeat(clouds(1, 5), frames, axis=0)
    for t, image in enumerate(images):
        image[20:40, 4 + t // 2 : 24 + t // 2] = 255 - 2 * t
    return images


@pytest.mark.slow
def test_groups_are_stars_and_never_chains():
    images = np.concatenate([film(), clouds(200)])
    duplicates = found(images, [0] * 60 + [1] * 200)
    partners = {(p.first, p.second) for p in duplicates.pairs}
    partners |= {(b, a) for a, b in partners}
    for group in (*duplicates.near, *duplicates.too_large):
        assert all((group[0], other) in partners for other in group[1:])
    held = [row for group in duplicates.near for row in group]
    assert len(held) == len(set(held))


def test_a_group_above_five_percent_of_a_class_is_reported_and_not_merged():
    rng = np.random.default_rng(0)
    base = clouds(200)
    copies = np.clip(np.repeat(base[:1], 14, axis=0) + rng.normal(0, 2, (14, 64, 64, 3)), 0, 255).astype(
        np.uint8
    )
    images = np.concatenate([base, copies])
    duplicates = found(images, [0] * 214)
    assert len(duplicates.too_large) == 1 and len(duplicates.too_large[0]) == 15
    assert not duplicates.near and set(duplicates.groups) == {""}
    assert (
        "1 group (15 images) of near-duplicates, each more than 5 % of a class"
        in codes(duplicates)["large_groups"]
    )
    spread = found(np.concatenate([images, clouds(200, 1)]), [0] * 414)
    assert len(spread.near) == 1 and len(spread.near[0]) == 15


def test_a_crowd_is_said():
    """Frames that drift too evenly for copies to stand out."""
    rng = np.random.default_rng(0)
    base = clouds(1)[0].astype(float)
    push = clouds(6, 9).astype(float) - 128
    images = np.clip(base + np.tensordot(rng.normal(0, 0.008, (200, 6)), push, 1), 0, 255).astype(np.uint8)
    duplicates = found(np.concatenate([images, clouds(100, 2)]))
    assert len(duplicates.crowd) > 50
    assert "if they come from films, group by film" in codes(duplicates)["crowd"]


# --- labels ---


def test_identical_pictures_under_two_labels_set_a_ceiling():
    images = clouds(20)
    images[[5, 6, 10]] = images[4]
    duplicates = found(images, [0] * 6 + [1] * 14, names=[f"{i}.png" for i in range(20)])
    assert duplicates.conflicts == ((4, 5, 6, 10),)
    assert duplicates.ceiling == 1 - 2 / 20
    said = codes(duplicates)["label_conflict"]
    assert "'4.png' = '5.png'" in said and "at most 90.00% of the labels can be right" in said
    assert found(images, [0] * 6 + [-1] * 14).conflicts == ()


def test_nearly_identical_pictures_under_two_labels_are_named_without_a_ceiling():
    base = clouds(60)
    images = np.concatenate([base, DONE["jpeg 50"][0](base[7])[None]])
    duplicates = found(images, [0] * 60 + [1], names=[f"{i}.png" for i in range(61)], classes=["cat", "dog"])
    assert duplicates.ceiling == 1.0
    assert "such as '7.png' and '60.png' under 'cat' and 'dog'" in codes(duplicates)["near_label_conflict"]


def test_mirror_pictures_under_the_other_label_forbid_flips_and_are_no_label_errors():
    rng = np.random.default_rng(0)
    right = np.stack([arrow(True, rng) for _ in range(80)])
    duplicates = found(np.concatenate([right, right[:, :, ::-1]]), [0] * 80 + [1] * 80)
    assert duplicates.flip_changes_label and not duplicates.changes_label("flipped vertically")
    said = codes(duplicates)
    assert (
        "pairs of pictures that are each other flipped horizontally carry different labels"
        in said["mirror_labels"]
    )
    assert "near_label_conflict" not in said and duplicates.ceiling == 1.0
    assert all(duplicates.groups[i] == duplicates.groups[80 + i] != "" for i in range(80))


def test_a_few_wrong_labels_among_many_mirror_pictures_do_not_forbid_flips():
    base = clouds(60)
    duplicates = found(np.concatenate([base, base[:40, :, ::-1]]), [0] * 97 + [1] * 3)
    assert not duplicates.flip_changes_label
    assert (
        "3 pairs of nearly identical pictures carry different labels"
        in codes(duplicates)["near_label_conflict"]
    )


def test_a_healthy_set_gets_no_notice():
    assert found(clouds(100), [0, 1] * 50).notices == ()


# --- size ---


@pytest.mark.slow
def test_reach_shrinks_where_unrelated_pictures_are_near():
    wide, _ = reaches(thumbs(clouds(200)).low)
    narrow, nearest = reaches(thumbs(np.repeat(clouds(1), 200, 0) // 2 + clouds(200, 3) // 8).low)
    assert np.median(narrow) < np.median(wide) / 2
    assert np.median(narrow) < np.median(nearest)


@pytest.mark.slow
def test_all_pairs_of_thousands_are_compared_in_seconds():
    rng = np.random.default_rng(0)
    images = rng.integers(0, 255, (6000, 8, 8, 1), dtype=np.uint8)
    images[3000:3050] = images[:50, ::-1]
    begin = time.perf_counter()
    duplicates = found(images)
    assert [p.second - p.first for p in duplicates.pairs] == [3000] * 50
    assert time.perf_counter() - begin < 20


# --- real pictures ---

DATA = Path(os.environ.get("VALSCOPE_DATA", "absent"))


def folder(name):
    from PIL import Image

    names = sorted(
        str(p.relative_to(DATA / name)) for p in (DATA / name).rglob("*") if p.suffix in (".jpg", ".png")
    )
    images = [np.asarray(Image.open(DATA / name / n).convert("RGB").resize((64, 64), 2)) for n in names]
    labels = np.unique([Path(n).parent.name for n in names], return_inverse=True)[1]
    return names, np.stack(images), labels


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="VALSCOPE_DATA names no folder")
def test_cherry_leaves_copies_are_exactly_those_that_their_names_tell():
    names, images, labels = folder("cherry_mildew")
    told = infer_groups(names).groups
    duplicates = found(images, labels)
    truth = {frozenset(np.flatnonzero(np.array(told) == g).tolist()) for g in set(told) - {""}}
    assert {frozenset(g) for g in duplicates.near} == truth
    assert not duplicates.flip_changes_label


@pytest.mark.slow
@pytest.mark.data
@pytest.mark.skipif(not DATA.is_dir(), reason="VALSCOPE_DATA names no folder")
def test_trashnet_holds_three_identical_pairs_under_two_labels():
    names, images, labels = folder("trashnet")
    duplicates = found(images, labels)
    conflicts = {frozenset(Path(names[i]).stem for i in g) for g in duplicates.conflicts}
    assert conflicts == {
        frozenset(p)
        for p in (("metal91", "glass115"), ("plastic332", "glass389"), ("plastic152", "glass176"))
    }
    assert all(labels[p.first] == labels[p.second] for p in duplicates.pairs)
